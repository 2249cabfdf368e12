"""Everything of customers that one person looks after, and who may take them over (rules 4.5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from customers.enums import CustomerStatus
from tellerdesk.staff.models import Branch, Posting, Staff
from tiering.enums import Tier
from tiering.models import OwnerAssignment
from tiering.rules.handing_over import Desk, Held, Taker, positions_wanted
from tiering.rules.ownership import is_eligible
from tiering.rules.policy import Policy
from tiering.selectors.eligible import loads
from tiering.selectors.policies import policy_in_force
from tiering.selectors.rosters import capacity_lines

STANDING = "customer__tierassignment__"
OVER = (CustomerStatus.CLOSED, CustomerStatus.MERGED)


@dataclass(frozen=True)
class Holding:
    """One customer the leaver owns: the row that ends, the standing as it is, and how the rule sees it."""

    assignment: int
    customer: int
    customer_number: str
    branch: int
    tier: Tier
    aum: int
    is_primary: bool
    position: str
    held: Held


@dataclass(frozen=True)
class Portfolio:
    """`people` are those who take over somewhere, by id. The highest tier and the largest amount come first."""

    leaver: Staff
    holdings: list[Holding]
    takers: dict[Desk, list[Taker]]
    people: dict[int, Staff]

    @property
    def held(self) -> list[Held]:
        return [each.held for each in self.holdings]


def portfolio_of(leaver: Staff, day: date) -> Portfolio:
    """A fixed number of queries, however many customers there are."""
    policy = policy_in_force(leaver.legal_entity_id, day)
    holdings = _holdings(leaver, policy)
    desks = list(dict.fromkeys(each.held.desk for each in holdings if each.held.desk.positions))
    takers, people = _takers(desks, leaver, day)
    return Portfolio(leaver, holdings, takers, people)


def _holdings(leaver: Staff, policy: Policy) -> list[Holding]:
    rows = OwnerAssignment.objects.current().filter(owner=leaver)
    others = _others(rows.values("customer"), leaver)
    columns = ("pk", "customer_id", "customer__customer_number", "customer__status", "is_primary", "position")
    standing = [f"{STANDING}{name}" for name in ("branch_id", "tier", "aum")]
    found = rows.order_by(f"-{standing[1]}", f"-{standing[2]}", "customer_id").values_list(*columns, *standing)
    return [_holding(row, others.get(row[1], ()), policy) for row in found]


def _holding(row: tuple, others: Iterable[tuple[int, str]], policy: Policy) -> Holding:
    assignment, customer, number, status, is_primary, position, branch, tier, aum = row
    tier = Tier.OUT_OF_SCOPE if status in OVER else Tier(tier)
    positions = positions_wanted(
        position, tier=tier, is_primary=is_primary, others=[each for _staff, each in others], policy=policy
    )
    held = Held(customer, Desk(branch, tier, positions), frozenset(staff for staff, _position in others))
    return Holding(assignment, customer, number, branch, tier, aum, is_primary, position, held)


def _others(customers, leaver: Staff) -> dict[int, list[tuple[int, str]]]:
    """Who owns them beside the leaver, with position."""
    rows = OwnerAssignment.objects.current().filter(customer__in=customers).exclude(owner=leaver)
    found: dict[int, list[tuple[int, str]]] = {}
    for customer, staff, position in rows.values_list("customer_id", "owner_id", "position"):
        found.setdefault(customer, []).append((staff, position))
    return found


def _takers(desks: list[Desk], leaver: Staff, day: date) -> tuple[dict[Desk, list[Taker]], dict[int, Staff]]:
    paths = dict(Branch.objects.filter(pk__in={desk.branch for desk in desks}).values_list("pk", "path"))
    posts = _posts(desks, leaver, day)
    people = {post.staff_id: post.staff for post in posts}
    lines = {(line.branch.pk, line.tier, line.staff.pk): line for line in capacity_lines(list(paths), day=day)}
    rostered = {(branch, tier) for branch, tier, _staff in lines}
    totals = loads(list(people))
    takers = {}
    for desk in desks:
        held = _positions_held(desk, paths[desk.branch], posts)
        closed = (desk.branch, desk.tier) in rostered
        takers[desk] = [
            _taker(staff, position, lines.get((desk.branch, desk.tier, staff)), closed, totals.get(staff, 0))
            for staff, position in held.items()
        ]
    return takers, people


def _posts(desks: list[Desk], leaver: Staff, day: date) -> list[Posting]:
    wanted = {position for desk in desks for position in desk.positions}
    posts = Posting.objects.valid_on(day).filter(
        position__in=wanted, staff__is_active=True, staff__legal_entity=leaver.legal_entity_id
    )
    return list(posts.exclude(staff=leaver).select_related("staff", "branch").order_by("staff_id", "pk"))


def _positions_held(desk: Desk, path: str, posts: list[Posting]) -> dict[int, str]:
    """By staff, the first of the desk's positions that he holds there."""
    fitting = [post for post in posts if is_eligible(post.position, post.branch.path, path, desk.positions)]
    fitting.sort(key=lambda post: desk.positions.index(post.position), reverse=True)
    return {post.staff_id: post.position for post in fitting}


def _taker(staff: int, position: str, line, is_rostered: bool, total: int) -> Taker:
    """Where the branch keeps a roster of the tier, it deals among the people of the roster alone."""
    if line is None or not line.fits:
        return Taker(staff, position, total, listed=not is_rostered)
    return Taker(staff, position, line.load, line.capacity)
