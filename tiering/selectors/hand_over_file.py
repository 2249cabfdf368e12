"""A hand-over as its page and its API twin show it: who gets how much, what he has then, and every customer."""

from dataclasses import dataclass, field

from django.db.models import Count, Sum

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverFate, HandOverStatus, Tier
from tiering.models import HandOver, HandOverRow, OwnerAssignment, RosterEntry
from tiering.rules.handing_over import Desk
from tiering.selectors.eligible import loads
from tiering.selectors.portfolio import Portfolio

PAGE = 50
QUEUE = "queue"
UNDECIDED = (HandOverStatus.DRAFT, HandOverStatus.SUBMITTED)


@dataclass(frozen=True)
class ReceiverLine:
    """What one person (None: the manager's queue) gets of one branch and tier.

    `load` are the branch's customers of the tier whom he has beside, None once it is decided; `capacity` is that of
    the roster, None where the branch keeps none of the tier or leaves the person out.
    """

    staff: Staff | None
    position: str
    branch: str
    tier: Tier
    customers: int
    aum: int
    load: int | None = None
    capacity: int | None = None

    @property
    def after(self) -> int | None:
        return None if self.load is None else self.load + self.customers

    @property
    def over(self) -> int:
        """How many above the capacity."""
        return max(0, self.after - self.capacity) if self.capacity and self.after else 0


@dataclass(frozen=True)
class Receiver:
    """`load` are all customers of the person now, None for the queue and once it is decided."""

    staff: Staff | None
    lines: list[ReceiverLine]
    load: int | None

    @property
    def customers(self) -> int:
        return sum(line.customers for line in self.lines)

    @property
    def aum(self) -> int:
        return sum(line.aum for line in self.lines)

    @property
    def after(self) -> int | None:
        return None if self.load is None else self.load + self.customers

    @property
    def over(self) -> int:
        return sum(line.over for line in self.lines)


@dataclass(frozen=True)
class Choice:
    username: str
    words: str


@dataclass(frozen=True)
class RowLine:
    """One customer; `name` is masked. `choices` where the split is being made: who may have the customer."""

    row: HandOverRow
    choices: list[Choice] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.row, name)

    @property
    def customer_number(self) -> str:
        return self.row.customer.customer_number

    @property
    def full_name(self) -> str:
        return self.row.customer.name

    @property
    def name(self) -> str:
        return mask_name(self.full_name)

    @property
    def since(self):
        return self.row.assignment.since

    @property
    def chosen(self) -> str:
        return self.row.receiver.username if self.row.receiver else ""


def receivers_of(hand_over: HandOver) -> list[Receiver]:
    """By name, the queue last; from the highest tier down. Five queries at most."""
    columns = ("receiver", "receiver_position", "branch", "branch__code", "branch__name", "tier")
    sums = hand_over.rows.handed().values_list(*columns).annotate(Count("pk"), Sum("aum"))
    found = list(sums.order_by("branch__path", "-tier", "receiver_position"))
    people = Staff.objects.in_bulk({row[0] for row in found if row[0]})
    is_open = hand_over.status in UNDECIDED
    at, capacities = (_loads_at(list(people)), _capacities(list(people))) if is_open else ({}, {})
    totals = loads(list(people)) if is_open else {}
    lines: dict[int | None, list[ReceiverLine]] = {}
    for receiver, position, branch, code, name, tier, customers, aum in found:
        place = (branch, tier, receiver)
        load = at.get(place, 0) if is_open and receiver else None
        line = ReceiverLine(
            people.get(receiver), position, f"{code} {name}", Tier(tier), customers, aum, load, capacities.get(place)
        )
        lines.setdefault(receiver, []).append(line)
    ordered = sorted(lines, key=lambda pk: (pk is None, pk and people[pk].username))
    return [Receiver(people.get(pk), lines[pk], totals.get(pk, 0) if is_open and pk else None) for pk in ordered]


def _loads_at(staff: list[int]) -> dict[tuple, int]:
    standing = "customer__tierassignment"
    rows = OwnerAssignment.objects.current().filter(owner__in=staff)
    found = rows.order_by().values_list(f"{standing}__branch", f"{standing}__tier", "owner").annotate(Count("pk"))
    return {tuple(place): number for *place, number in found}


def _capacities(staff: list[int]) -> dict[tuple, int]:
    entries = RosterEntry.objects.current().filter(staff__in=staff)
    return {tuple(place): most for *place, most in entries.values_list("branch", "tier", "staff", "capacity")}


def rows_of(hand_over: HandOver, *, receiver: str = "", tier: Tier | None = None):
    """Of one receiver (a username, or QUEUE) and one tier where they are named; as they were split."""
    rows = hand_over.rows.handed().select_related("customer", "receiver", "branch", "assignment")
    if receiver == QUEUE:
        rows = rows.filter(fate=HandOverFate.QUEUE)
    elif receiver:
        rows = rows.filter(receiver__username=receiver)
    return rows if tier is None else rows.filter(tier=tier)


def page_of(rows, *, after: int = 0, size: int = PAGE) -> tuple[list[RowLine], int | None]:
    """Rows and the key to go on with."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
    following = found[size - 1].pk if len(found) > size else None
    return [RowLine(row) for row in found[:size]], following


def every_row(rows):
    """For a sheet or a paper, as they come."""
    return (RowLine(row) for row in rows.order_by("pk").iterator(chunk_size=2000))


def with_choices(portfolio: Portfolio, lines: list[RowLine]) -> list[RowLine]:
    """Who may have each customer of the page."""
    words = {desk: _choices(desk, portfolio) for desk in portfolio.takers}
    held = {each.customer: each.held for each in portfolio.holdings}
    return [RowLine(line.row, _open_to(held.get(line.row.customer_id), words)) for line in lines]


def _choices(desk: Desk, portfolio: Portfolio) -> list[tuple[int, Choice]]:
    takers = sorted(portfolio.takers[desk], key=lambda each: (not each.listed, each.load, each.staff))
    return [(each.staff, _choice(each, portfolio.people[each.staff])) for each in takers]


def _choice(taker, staff: Staff) -> Choice:
    most = f"/{taker.capacity}" if taker.capacity is not None else ""
    return Choice(staff.username, f"{staff.name} · {Position(taker.position).label} · {taker.load}{most}")


def _open_to(held, words) -> list[Choice]:
    if held is None:
        return []
    return [choice for staff, choice in words.get(held.desk, ()) if staff not in held.others]
