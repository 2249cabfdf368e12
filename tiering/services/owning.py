"""维护责任人: who looks after a customer, as a manager decides. The night deals owners by itself (tiering.jobs)."""

from collections.abc import Sequence

from django.db import transaction

from customers.models import Customer
from customers.validators import require_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff
from tiering.enums import OwnerReason, Tier
from tiering.errors import NotEligible
from tiering.models import TierAssignment
from tiering.selectors.eligible import eligible_by_username, wanted_positions
from tiering.selectors.standing import present_owners
from tiering.services.owner_changes import Holder, OwnerChange, change_owners, locked_standings
from tiering.services.owner_wishes import named_people, wishes_of
from tiering.services.patience import patient


def set_owners(
    *, customer: Customer, owner: str, co_owners: Sequence[str] | None = None, reason: str, by: Staff
) -> TierAssignment:
    """Usernames. Without `co_owners` the present ones stay; a present owner may stay in whatever position.

    The first owner ever becomes the initial maintainer. Raises FieldErrors, NotEligible, StandingBusy.
    """
    require_lines(reason=reason)
    with transaction.atomic(), patient():
        standing = locked(customer)
        present = present_owners(customer)
        wishes = wishes_of(owner, co_owners, present)
        people = named_people(wishes, by)
        change = wanted_owners(standing, wishes, people, present)
        changed = change_owners(
            [change], {standing.pk: standing}, reason=OwnerReason.SET_BY_MANAGER, note=reason, by=by
        )
        if changed:
            tell(standing, wishes, present, [*changed.ended, *changed.begun], reason=reason, by=by)
        return standing


def locked(customer: Customer) -> TierAssignment:
    standing = locked_standings([customer.pk])[customer.pk]
    standing.customer = customer
    return standing


def wanted_owners(standing, wishes, people, present) -> OwnerChange:
    """A present owner keeps his position; whoever is none needs one that fits."""
    held = {row.owner.username: row.position for row in present}
    positions = wanted_positions(standing, today())
    eligible = eligible_by_username(standing, positions, today())
    holders = []
    for wish in wishes:
        staff = people[wish.username]
        if not staff.is_active:
            raise NotEligible(why="deactivated", staff=wish.username)
        if wish.username not in held and wish.username not in eligible:
            branch = standing.branch.code
            raise NotEligible(why="position", staff=wish.username, branch=branch, positions=list(positions))
        holders.append(Holder(staff, held.get(wish.username) or eligible[wish.username].position))
    return OwnerChange(standing.customer_id, holders[0], tuple(holders[1:]))


def tell(standing, wishes, present, touched, *, reason: str, by: Staff) -> None:
    detail = {
        "owner": wishes[0].username,
        "co_owners": [wish.username for wish in wishes[1:]],
        "former": [row.owner.username for row in present],
        "tier": Tier(standing.tier).code,
        "reason": reason,
    }
    record("tiering.owners_set", subject=standing.customer, by=by, detail=detail, touched=[standing, *touched])
