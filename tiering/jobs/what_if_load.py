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
FROM tiering_tierassignment WHERE legal_entity_id = {entity} AND tier > 0 AND customer_id {kept}
GROUP BY branch_id, tier
"""
OWNED = """
SELECT s.branch_id, o.owner_id, o.position, s.tier, count(*)
FROM tiering_ownerassignment o JOIN tiering_tierassignment s ON s.customer_id = o.customer_id
WHERE o.until IS NULL AND o.legal_entity_id = {entity} AND o.owner_id = ANY({owners}::bigint[])
GROUP BY s.branch_id, o.owner_id, o.position, s.tier
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
    """One person, position and branch: of `customers`, `leaving` would be in a tier that does not name the position.

    `over` counts customers above the places that the roster gives him in a tier, now and `then`; a customer kept from a
    tier of which he is on no roster takes none of them. `capacity` None: on no roster of the branch.
    """

    staff: Staff
    position: str
    branch: Branch
    customers: int
    leaving: int
    capacity: int | None
    over: int
    over_then: int

    @property
    def remaining(self) -> int:
        return self.customers - self.leaving

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
    standing, capacity = _standing(cursor, trial), _capacity(trial)
    branches = Branch.objects.in_bulk({*by_branch, *lost})
    figures = [
        _figures(branch, by_branch[pk], lost[pk], _demand(pk, by_branch[pk], standing, capacity))
        for pk, branch in branches.items()
    ]
    return sorted(figures, key=lambda each: (-each.customers, each.branch.code))


def loads(cursor, trial: Trial, found: Affected) -> list[Load]:
    """Whoever would no longer be named for some customer, and whoever has or would have more than the roster's places:
    those with most to give up first.
    """
    places = _places(trial)
    leaving: Counter = Counter()
    change: dict[tuple, Counter] = defaultdict(Counter)
    for each in found.owned:
        key = (each.branch_id, each.owner_id, each.position)
        leaving[key] += each.leaving
        change[key].subtract({each.step[0]: each.customers})
        change[key].update({each.step[1]: each.customers})
    now = _owned(cursor, trial, {owner for _branch, owner, _position in leaving} | {owner for _branch, owner in places})
    staff = Staff.objects.in_bulk({owner for _branch, owner, _position in now})
    branches = Branch.objects.in_bulk({branch for branch, _owner, _position in now})
    lines = []
    for key, tiers in now.items():
        branch, owner, position = key
        own = places.get((branch, owner))
        then = Counter({tier: tiers[tier] + change[key][tier] for tier in {*tiers, *change[key]}})
        figures = (tiers.total(), leaving[key], own and sum(own.values()), _over(tiers, own), _over(then, own))
        lines.append(Load(staff[owner], position, branches[branch], *figures))
    shown = [each for each in lines if each.leaving or each.over or each.over_then]
    return sorted(
        shown, key=lambda each: (-each.leaving, -each.over_then, -each.over, each.branch.code, each.staff.username)
    )


def _over(tiers: Counter, places: dict[int, int] | None) -> int:
    return sum(max(0, tiers[tier] - most) for tier, most in (places or {}).items())


def _owned(cursor, trial: Trial, owners: set[int]) -> dict[tuple[int, int, str], Counter]:
    """Customers by tier, of branch, owner and position."""
    cursor.execute(SQL(OWNED).format(owners=Literal(sorted(owners)), **trial.parts))
    found: dict[tuple[int, int, str], Counter] = defaultdict(Counter)
    for branch, owner, position, tier, number in cursor.fetchall():
        found[branch, owner, position][tier] += number
    return found


def _places(trial: Trial) -> dict[Place, dict[int, int]]:
    """By branch and owner: places by tier."""
    rows = RosterEntry.objects.current().filter(legal_entity=trial.legal_entity_id)
    found: dict[Place, dict[int, int]] = defaultdict(dict)
    for branch, owner, tier, capacity in rows.values_list("branch", "staff", "tier", "capacity"):
        found[branch, owner][tier] = capacity
    return found


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


def _capacity(trial: Trial) -> dict[Place, int]:
    """Places of the rosters in force by branch and tier."""
    rows = RosterEntry.objects.current().filter(legal_entity=trial.legal_entity_id).order_by()
    return {(branch, tier): most for branch, tier, most in rows.values_list("branch", "tier").annotate(Sum("capacity"))}
