"""Who may own a customer, and how customers without an owner are dealt (rules 4.2, 4.5). The nightly SQL is held to
`deal` by a test.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

from tiering.enums import BANDED, Tier
from tiering.rules.policy import Band, Policy

# They serve every branch below their own.
ABOVE_THE_BRANCH = ("wealth_manager", "deputy_president")


def eligible_positions(tier: Tier, policy: Policy) -> tuple[str, ...]:
    """In scope without a band, nobody is named by the policy: any position that owns customers may, by hand."""
    if tier == Tier.UNBANDED:
        return tuple(dict.fromkeys(position for band in reversed(policy.bands) for position in band.positions))
    return policy.positions(tier)


def may_stand_above(position: str) -> bool:
    """Whether a posting at a branch above the customer's counts."""
    return position in ABOVE_THE_BRANCH


def reaches(position: str, posting_branch_path: str, customer_branch_path: str) -> bool:
    """Whether somebody in that position there may have customers of that branch. Paths are `/000/001/`."""
    if posting_branch_path == customer_branch_path:
        return True
    return may_stand_above(position) and customer_branch_path.startswith(posting_branch_path)


def is_eligible(position: str, posting_branch_path: str, customer_branch_path: str, positions: Iterable[str]) -> bool:
    return position in positions and reaches(position, posting_branch_path, customer_branch_path)


def is_taken_back(*, moved_by_earlier_file: bool, moves_again: bool, dealt_today: bool, touched: bool) -> bool:
    """Owners whom an earlier file of the day dealt go with the tier that it gave, where a correction takes that back;
    `touched`: a person has done anything with owners, specialists or the customer's choice since.
    """
    return moved_by_earlier_file and moves_again and dealt_today and not touched


@dataclass(frozen=True)
class Seat:
    """One of the owners that a tier wants, held by any one of `positions`; the tier's first seat is the primary."""

    tier: Tier
    positions: tuple[str, ...]
    is_primary: bool


def seats(band: Band) -> tuple[Seat, ...]:
    """One seat for any of the positions; where the band needs several owners, one for each position."""
    each = (band.positions,) if band.positions_needed == 1 else tuple((position,) for position in band.positions)
    return tuple(Seat(band.tier, positions, place == 0) for place, positions in enumerate(each) if positions)


def all_seats(policy: Policy) -> tuple[Seat, ...]:
    """In the order of the dealing: from the highest tier, the primary first."""
    bands = [band for tier in BANDED if (band := policy.band(tier))]
    return tuple(seat for band in bands for seat in seats(band))


@dataclass(frozen=True)
class Post:
    staff: int
    position: str
    branch_path: str


@dataclass(frozen=True)
class Unowned:
    """A customer who never had an owner."""

    customer: int
    branch_path: str
    aum: int
    tier: Tier


@dataclass(frozen=True)
class Listed:
    """One open entry of a roster; `load` are the customers of the branch and tier whom the person has already."""

    branch_path: str
    tier: Tier
    staff: int
    position: str
    capacity: int
    load: int = 0


@dataclass(frozen=True)
class Member:
    """Somebody of a pool. Without a capacity everybody weighs the same and takes any number."""

    position: str
    load: int
    capacity: int | None = None


@dataclass(frozen=True)
class Dealt:
    customer: int
    staff: int
    position: str
    is_primary: bool


def deal(
    customers: Iterable[Unowned],
    posts: Iterable[Post],
    loads: Mapping[int, int],
    policy: Policy,
    rosters: Iterable[Listed] = (),
) -> list[Dealt]:
    """`loads` are open assignments by staff. Who finds nobody for the primary seat is left to the manager's queue; a
    further seat that nobody holds, or only who is an owner already, stays empty.

    A branch with a roster for the tier deals among the roster alone, up to everybody's capacity.
    """
    customers, posts, loads, rosters = list(customers), list(posts), Counter(loads), list(rosters)
    dealt: dict[tuple[int, int], Dealt] = {}
    for seat in all_seats(policy):
        owned = {each.customer for each in dealt.values()}
        wanting = [each for each in customers if each.tier == seat.tier and (seat.is_primary or each.customer in owned)]
        found = _fill(wanting, posts, loads, seat, rosters)
        found = [each for each in found if (each.customer, each.staff) not in dealt]
        dealt |= {(each.customer, each.staff): each for each in found}
        loads += Counter(each.staff for each in found)
    return list(dealt.values())


@dataclass(frozen=True, order=True)
class Pool:
    """Colleagues who share customers: those of one branch, or of its roster. Where the seat also allows positions that
    serve their own branch alone, the customers of branches below are shared apart, among those who may have them.
    """

    branch_path: str
    apart: bool
    by_roster: bool = False


def _fill(
    customers: list[Unowned], posts: list[Post], loads: Mapping[int, int], seat: Seat, rosters: list[Listed]
) -> list[Dealt]:
    """Every pool for itself, the largest AUM to those with the least; nobody is left for the last ones of a roster."""
    waiting: dict[Pool, list[Unowned]] = {}
    for each in customers:
        if pool := pool_for(each.branch_path, posts, seat, rosters):
            waiting.setdefault(pool, []).append(each)
    dealt = []
    for pool, wanting in waiting.items():
        members = listed_in(pool, posts, seat, rosters) if pool.by_roster else posted_in(pool, posts, seat, loads)
        taken = water_fill(members, len(wanting))
        wanting.sort(key=lambda each: (-each.aum, each.customer))
        dealt += [
            Dealt(c.customer, s, members[s].position, seat.is_primary) for c, s in zip(wanting, taken, strict=False)
        ]
    return dealt


def pool_for(branch_path: str, posts: Iterable[Post], seat: Seat, rosters: Iterable[Listed] = ()) -> Pool | None:
    """The branch's roster where it keeps one; else of the first branch upwards that has somebody for the seat."""
    if any((each.branch_path, each.tier) == (branch_path, seat.tier) for each in rosters):
        return Pool(branch_path, apart=False, by_roster=True)
    found = [each for each in posts if is_eligible(each.position, each.branch_path, branch_path, seat.positions)]
    if not found:
        return None
    nearest = max((each.branch_path for each in found), key=len)
    return Pool(nearest, nearest != branch_path and not all(map(may_stand_above, seat.positions)))


def posted_in(pool: Pool, posts: Iterable[Post], seat: Seat, loads: Mapping[int, int]) -> dict[int, Member]:
    """By id, each with the first of the seat's positions that he holds there."""
    held = [each for each in posts if each.branch_path == pool.branch_path and each.position in seat.positions]
    held = [each for each in held if may_stand_above(each.position) or not pool.apart]
    held.sort(key=lambda each: seat.positions.index(each.position), reverse=True)
    return {each.staff: Member(each.position, loads.get(each.staff, 0)) for each in held}


def listed_in(pool: Pool, posts: Iterable[Post], seat: Seat, rosters: Iterable[Listed]) -> dict[int, Member]:
    """Whom the roster names for the seat, as far as their posting still allows it."""
    posted = {
        (each.staff, each.position)
        for each in posts
        if is_eligible(each.position, each.branch_path, pool.branch_path, seat.positions)
    }
    here = [each for each in rosters if (each.branch_path, each.tier) == (pool.branch_path, seat.tier)]
    fitting = [each for each in here if (each.staff, each.position) in posted]
    return {each.staff: Member(each.position, each.load, each.capacity) for each in fitting}


def water_fill(members: Mapping[int, Member], count: int) -> list[int]:
    """Who takes the next `count` customers, one after the other: always whoever has the least share of his capacity,
    the lower id of equals; fewer than `count` where everybody is full.
    """
    heap = [(_share(each, each.load), staff, each.load) for staff, each in members.items() if _takes(each, each.load)]
    heapify(heap)
    taken = []
    while heap and len(taken) < count:
        _, staff, load = heap[0]
        taken.append(staff)
        if _takes(members[staff], load + 1):
            heapreplace(heap, (_share(members[staff], load + 1), staff, load + 1))
        else:
            heappop(heap)
    return taken


def _share(member: Member, load: int) -> float:
    """Equal shares are equal numbers: a quotient of whole numbers this small is rounded to the nearest."""
    return load / (member.capacity or 1)


def _takes(member: Member, load: int) -> bool:
    return member.capacity is None or load < member.capacity
