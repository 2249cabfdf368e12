"""Who may own a customer, and how many each of them has."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from customers.enums import CustomerStatus
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Posting, Staff
from tiering.enums import Tier
from tiering.models import OwnerAssignment, TierAssignment
from tiering.rules.ownership import eligible_positions, reaches
from tiering.selectors.policies import policy_in_force

# Who may have an owner: a customer still, whatever the account's restrictions.
LIVE = (CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED, CustomerStatus.PENDING_REVIEW)


@dataclass(frozen=True)
class Eligible:
    """`load`: the customers the person has now, as primary or as co-owner."""

    staff: Staff
    position: str
    load: int = 0

    @property
    def position_label(self) -> str:
        return str(Position(self.position).label)


def wanted_positions(assignment: TierAssignment, day: date) -> tuple[str, ...]:
    policy = policy_in_force(assignment.legal_entity_id, day)
    return eligible_positions(Tier(assignment.tier), policy)


def eligible_staff(assignment: TierAssignment, day: date) -> list[Eligible]:
    """By position as the policy orders them, then by load; one line a person, in the first position that fits."""
    positions = wanted_positions(assignment, day)
    found = eligible_by_username(assignment, positions, day)
    counts = loads([each.staff.pk for each in found.values()])
    lines = [Eligible(each.staff, each.position, counts.get(each.staff.pk, 0)) for each in found.values()]
    return sorted(lines, key=lambda each: (positions.index(each.position), each.load, each.staff.username))


def eligible_by_username(assignment: TierAssignment, positions: tuple[str, ...], day: date) -> dict[str, Eligible]:
    return eligible_at(assignment.branch, positions, day)


def eligible_at(branch: Branch, positions: tuple[str, ...], day: date) -> dict[str, Eligible]:
    """By username. One query: postings in force on the way from the branch up, of people whose login is open."""
    postings = Posting.objects.valid_on(day).filter(
        position__in=positions,
        branch__legal_entity_id=branch.legal_entity_id,
        branch__path__in=upwards(branch.path),
        staff__is_active=True,
    )
    fitting = [
        each
        for each in postings.select_related("staff", "branch")
        if reaches(each.position, each.branch.path, branch.path)
    ]
    fitting.sort(key=lambda each: positions.index(each.position), reverse=True)
    return {each.staff.username: Eligible(each.staff, each.position) for each in fitting}


def loads(staff_ids: list[int]) -> dict[int, int]:
    open_now = OwnerAssignment.objects.current().filter(owner__in=staff_ids)
    return dict(open_now.order_by().values_list("owner").annotate(Count("pk")))


def upwards(path: str) -> list[str]:
    """/000/001/ → /000/001/, /000/."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1)]
