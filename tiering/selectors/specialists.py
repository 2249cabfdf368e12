"""引荐: who may serve a customer, who does, and whom one serves."""

from dataclasses import dataclass
from datetime import date

from customers.models import Customer
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Posting, Staff
from tiering.models import Referral
from tiering.rules.referral import POSITIONS, may_serve
from tiering.selectors.eligible import upwards
from tiering.selectors.scope import may_set_owners
from tiering.selectors.standing import CustomerTier, customer_tier


@dataclass(frozen=True)
class Specialist:
    staff: Staff
    position: str
    branch: Branch

    @property
    def words(self) -> str:
        return f"{self.staff.name} · {Position(self.position).label} · {self.branch}"


def specialists_for(branch: Branch, day: date) -> dict[str, Specialist]:
    """By username, as the rule names the positions; one line a person, the nearest posting."""
    postings = Posting.objects.valid_on(day).filter(
        position__in=POSITIONS,
        branch__legal_entity_id=branch.legal_entity_id,
        branch__path__in=upwards(branch.path),
        staff__is_active=True,
    )
    rows = [
        each
        for each in postings.select_related("staff", "branch")
        if may_serve(each.position, each.branch.path, branch.path)
    ]
    rows.sort(key=lambda each: (-len(each.branch.path), POSITIONS.index(each.position), each.staff.username))
    found: dict[str, Specialist] = {}
    for each in rows:
        found.setdefault(each.staff.username, Specialist(each.staff, each.position, each.branch))
    return found


def may_refer(staff: Staff, standing: CustomerTier) -> bool:
    """An owner of the customer, or whoever may set owners there."""
    owns = any(row.owner_id == staff.pk for row in standing.owners)
    return standing.is_in_scope and (owns or may_set_owners(staff, standing.branch))


def referral_in_reach(staff: Staff, pk: int) -> Referral | None:
    """One that is his to end."""
    rows = Referral.objects.of_entity_of(staff).select_related("customer__home_branch", "specialist")
    referral = rows.filter(pk=pk).first()
    return referral if referral and may_refer(staff, customer_tier(referral.customer)) else None


def referrals_of(customer: Customer) -> list[Referral]:
    """Present ones; an ended one is read in the history."""
    rows = customer.referrals.current().select_related("specialist", "referred_by")
    return list(rows.order_by("since", "pk"))


def referred_to(staff: Staff):
    """Present referrals to `staff`, the newest first; what the list shows of the customer comes along."""
    rows = Referral.objects.current().of_entity_of(staff).filter(specialist=staff)
    return rows.select_related(
        "customer", "referred_by", "customer__tierassignment__branch", "customer__tierassignment__owner"
    ).order_by("-since", "-pk")
