"""What a draft would ask of the branches and take from the people: customers, owners and places by branch."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Sum
from psycopg2.sql import SQL, Literal

from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Staff
from tiering.enums import BANDED, Tier
from tiering.jobs.what_if import Affected, Moved
from tiering.jobs.what_if_base import Trial
from tiering.models import RosterEntry
from tiering.rules.what_if import Count

STANDING = """
SELECT branch_id, tier, count(*), count(*) FILTER (WHERE owner_id IS NULL)
FROM tiering_tierassignment s WHERE legal_entity_id = {entity} AND tier > 0
  AND NOT EXISTS (SELECT FROM customers_customer g
    WHERE g.legal_entity_id = {entity} AND g.status IN ('closed', 'merged') AND g.id = s.customer_id)
GROUP BY branch_id, tier
"""
OWNED = """
SELECT s.branch_id, o.owner_id, o.position, count(*)
FROM tiering_ownerassignment o JOIN tiering_tierassignment s ON s.customer_id = o.customer_id
WHERE o.until IS NULL AND o.legal_entity_id = {entity} AND o.owner_id = ANY({owners}::bigint[])
GROUP BY s.branch_id, o.owner_id, o.position
"""
Place = tuple[int, int]  # branch, tier or owner


@dataclass(frozen=True)
class Demand:
    """`customers` now and `then`; `unowned` of them would have nobody; `capacity` None where no roster stands."""

    tier: Tier
    customers: int
    then: int
    unowned: int
    capacity: int | None

    @property
    def short(self) -> int:
        """Places that would be missing."""
        return 0 if self.capacity is None else max(0, self.then - self.capacity)


@dataclass(frozen=True)
class BranchFigures:
    """`up` and `down` within scope, `entered` it, `left` it; `lost` have a named owner now and none then."""

    branch: Branch
    up: Count
    down: Count
    entered: Count
    left: Count
    lost: int
    demand: list[Demand]

    @property
    def customers(self) -> int:
        return sum(each.customers for each in (self.up, self.down, self.entered, self.left))


@dataclass(frozen=True)
class Load:
    """One person, position and branch: of `customers`, `leaving` would be in a tier that does not name the position."""

    staff: Staff
    position: str
    branch: Branch
    customers: int
    leaving: int
    capacity: int | None

    @property
    def remaining(self) -> int:
        return self.customers - self.leaving

    @property
    def over(self) -> int:
        """Customers above the roster's places now."""
        return 0 if self.capacity is None else max(0, self.customers - self.capacity)

    @property
    def over_then(self) -> int:
        return 0 if self.capacity is None else max(0, self.remaining - self.capacity)

    @property
    def position_label(self) -> str:
        return str(Position(self.position).label) if self.position in Position.values else self.position


def branch_figures(cursor, trial: Trial, found: Affected) -> list[BranchFigures]:
    """Of every branch where somebody moves or loses an owner, those with the most moves first."""
    by_branch: dict[int, list[Moved]] = defaultdict(list)
    for each in found.moved:
        by_branch[each.branch_id].append(each)
    lost = Counter()
    for each in found.lost:
        lost[each.branch_id] += each.count.customers
    standing, capacity = _standing(cursor, trial), _capacity(trial, "tier")
    branches = Branch.objects.in_bulk({*by_branch, *lost})
    figures = [
        _figures(branch, by_branch[pk], lost[pk], _demand(pk, by_branch[pk], standing, capacity))
        for pk, branch in branches.items()
    ]
    return sorted(figures, key=lambda each: (-each.customers, each.branch.code))


def loads(cursor, trial: Trial, found: Affected) -> list[Load]:
    """Whoever would no longer be named for some customer, and whoever has more than the roster's places: those with
    most to give up first.
    """
    leaving: Counter = Counter()
    for each in found.leaving:
        leaving[each.branch_id, each.owner_id, each.position] += each.customers
    capacity = _capacity(trial, "staff")
    owners = sorted({owner for _branch, owner, _position in leaving} | {owner for _branch, owner in capacity})
    cursor.execute(SQL(OWNED).format(owners=Literal(owners), **trial.parts))
    rows = cursor.fetchall()
    staff = Staff.objects.in_bulk({row[1] for row in rows})
    branches = Branch.objects.in_bulk({row[0] for row in rows})
    lines = [
        Load(
            staff[owner],
            position,
            branches[branch],
            number,
            leaving[branch, owner, position],
            capacity.get((branch, owner)),
        )
        for branch, owner, position, number in rows
    ]
    shown = [each for each in lines if each.leaving or each.over]
    return sorted(shown, key=lambda each: (-each.leaving, -each.over, each.branch.code, each.staff.username))


def _figures(branch: Branch, moved: list[Moved], lost: int, demand: list[Demand]) -> BranchFigures:
    sums = defaultdict(Count)
    for each in moved:
        sums[direction(*each.step)] += each.count
    return BranchFigures(branch, *(sums[name] for name in ("up", "down", "entered", "left")), lost, demand)


def direction(before: Tier, then: Tier) -> str:
    if before == Tier.OUT_OF_SCOPE:
        return "entered"
    if then == Tier.OUT_OF_SCOPE:
        return "left"
    return "up" if then > before else "down"


def _demand(branch: int, moved: list[Moved], standing: dict[Place, tuple[int, int]], capacity) -> list[Demand]:
    """Of the tiers that gain or lose somebody there."""
    change: dict[Tier, list[int]] = defaultdict(lambda: [0, 0])
    for each in moved:
        for tier, sign in zip(each.step, (-1, 1), strict=True):
            change[tier][0] += sign * each.count.customers
            change[tier][1] += sign * each.unowned
    found = []
    for tier in (tier for tier in BANDED if tier in change):
        customers, unowned = standing.get((branch, tier), (0, 0))
        more, more_unowned = change[tier]
        places = capacity.get((branch, int(tier)))
        found.append(Demand(tier, customers, customers + more, unowned + more_unowned, places))
    return found


def _standing(cursor, trial: Trial) -> dict[Place, tuple[int, int]]:
    cursor.execute(SQL(STANDING).format(**trial.parts))
    return {(branch, tier): (customers, unowned) for branch, tier, customers, unowned in cursor.fetchall()}


def _capacity(trial: Trial, by: str) -> dict[Place, int]:
    """Places of the rosters in force by branch and tier, or by branch and owner."""
    rows = RosterEntry.objects.current().filter(legal_entity=trial.legal_entity_id).order_by()
    return {(branch, key): places for branch, key, places in rows.values_list("branch", by).annotate(Sum("capacity"))}
