"""How a portfolio is split among colleagues when somebody leaves: every customer gets exactly one fate (rules 4.5)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from tiering.enums import HandOverFate, QueuedWhy, Tier
from tiering.rules.ownership import eligible_positions
from tiering.rules.policy import Policy


@dataclass(frozen=True)
class Desk:
    """Where customers are taken over: at a branch, of a tier, by a holder of one of these positions."""

    branch: int
    tier: Tier
    positions: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """One customer of the leaver's; `others` are those who own the customer beside him."""

    customer: int
    desk: Desk
    others: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Taker:
    """Who may take over at a desk. Where the branch keeps a roster of the tier, whoever is on it has a capacity and the
    load counts against it (customers of that branch and tier); else the load is all that the person looks after.
    Whoever is not `listed` is left out of the roster and gets a customer by hand alone.
    """

    staff: int
    position: str
    load: int
    capacity: int | None = None
    listed: bool = True


@dataclass(frozen=True)
class Fate:
    """`staff` is None in the manager's queue, and `why` says what brought the customer there."""

    customer: int
    staff: int | None = None
    position: str = ""
    why: str = ""
    by_hand: bool = False

    @property
    def kind(self) -> HandOverFate:
        return HandOverFate.QUEUE if self.staff is None else HandOverFate.RECEIVER


def positions_wanted(
    position: str, *, tier: Tier, is_primary: bool, others: Iterable[str], policy: Policy
) -> tuple[str, ...]:
    """One of which the receiver holds. A tier with several owners wants one of each: the leaver's own seat, or the
    first that nobody else has. A co-owner is followed by one of the same position where the tier knows it.
    """
    wanted = eligible_positions(tier, policy)
    band = policy.band(tier)
    several = band is not None and band.positions_needed > 1
    if position in wanted and (several or not is_primary):
        return (position,)
    if several:
        taken = set(others)
        return tuple(each for each in wanted if each not in taken)[:1] or wanted
    return wanted


Takers = Mapping[Desk, Sequence[Taker]]


class Loads:
    """What each has been given by this split, by person and by person at a branch and tier."""

    def __init__(self):
        self.given: Counter = Counter()

    def of(self, taker: Taker, desk: Desk) -> int:
        key = taker.staff if taker.capacity is None else (taker.staff, desk.branch, desk.tier)
        return taker.load + self.given[key]

    def give(self, taker: Taker, desk: Desk) -> None:
        self.given[taker.staff] += 1
        self.given[(taker.staff, desk.branch, desk.tier)] += 1


def split_evenly(held: Iterable[Held], takers: Takers, loads: Loads | None = None) -> list[Fate]:
    """Always to whoever has the smallest share of the capacity, of equals the lower id; nobody above the capacity."""
    loads = loads or Loads()
    by_desk: dict[Desk, list[Held]] = {}
    for each in held:
        by_desk.setdefault(each.desk, []).append(each)
    return [fate for desk, rows in by_desk.items() for fate in _fill(rows, takers.get(desk, ()), desk, loads)]


def split_to_one(held: Iterable[Held], takers: Takers, staff: int) -> list[Fate]:
    """Everybody whom `staff` may have, above the capacity too: that is a person's decision. The rest evenly."""
    loads, fates, rest = Loads(), [], []
    for each in held:
        taker = taker_for(each, takers, staff)
        if taker is None:
            rest.append(each)
        else:
            loads.give(taker, each.desk)
            fates.append(Fate(each.customer, taker.staff, taker.position))
    return fates + split_evenly(rest, takers, loads)


def taker_for(row: Held, takers: Takers, staff: int) -> Taker | None:
    """None where that person may not have the customer, or owns the customer already."""
    if staff in row.others:
        return None
    return next((each for each in takers.get(row.desk, ()) if each.staff == staff), None)


def _fill(rows: list[Held], takers: Sequence[Taker], desk: Desk, loads: Loads) -> Iterator[Fate]:
    listed = [each for each in takers if each.listed]
    heap = [(_share(each, desk, loads), each.staff, place) for place, each in enumerate(listed)]
    heapify(heap)
    for row in rows:
        passed_over, chosen = [], None
        while heap and chosen is None:
            entry = heappop(heap)
            taker = listed[entry[2]]
            if _is_full(taker, desk, loads):
                continue
            if taker.staff in row.others:
                passed_over.append(entry)
            else:
                chosen = taker, entry[2]
        for entry in passed_over:
            heappush(heap, entry)
        if chosen is None:
            yield Fate(row.customer, why=_why(row, listed))
            continue
        taker, place = chosen
        loads.give(taker, desk)
        heappush(heap, (_share(taker, desk, loads), taker.staff, place))
        yield Fate(row.customer, taker.staff, taker.position)


def _share(taker: Taker, desk: Desk, loads: Loads) -> Fraction:
    """Of the capacity, with one customer more."""
    return Fraction(loads.of(taker, desk) + 1, taker.capacity or 1)


def _is_full(taker: Taker, desk: Desk, loads: Loads) -> bool:
    return taker.capacity is not None and loads.of(taker, desk) >= taker.capacity


def _why(row: Held, listed: Sequence[Taker]) -> QueuedWhy:
    if row.desk.tier == Tier.OUT_OF_SCOPE:
        return QueuedWhy.NOT_MAINTAINED
    free = [each for each in listed if each.staff not in row.others]
    return QueuedWhy.FULL if free else QueuedWhy.NOBODY
