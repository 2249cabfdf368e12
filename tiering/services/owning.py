"""维护责任人: who looks after a customer, as a manager decides. The night deals owners by itself (tiering.jobs)."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from customers.enums import CustomerStatus
from customers.models import Customer
from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Staff
from tiering.enums import OwnerEnd, OwnerReason, Tier
from tiering.errors import NotEligible
from tiering.models import OwnerAssignment, SnapshotDay, TierAssignment, TierSummary
from tiering.selectors.eligible import eligible_by_username, wanted_positions
from tiering.selectors.standing import present_owners
from tiering.services.owner_wishes import named_people, wishes_of
from tiering.services.patience import patient

LIVE = (CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED, CustomerStatus.PENDING_REVIEW)


def set_owners(
    *, customer: Customer, owner: str, co_owners: Sequence[str] | None = None, reason: str, by: Staff
) -> TierAssignment:
    """Usernames. Without `co_owners` the present ones stay; a present owner may stay in whatever position.

    The first owner ever becomes the initial maintainer. Raises FieldErrors, NotEligible, StandingBusy.
    """
    refuse(reason=reason)
    with transaction.atomic(), patient():
        standing = locked(customer)
        present = present_owners(customer)
        wishes = wishes_of(owner, co_owners, present)
        people = named_people(wishes, by)
        rows = new_rows(standing, wishes, people, present, reason=reason, by=by)
        return written(standing, wishes, people, present, rows, reason=reason, by=by)


def refuse(*, reason: str) -> None:
    refuse_lines(reason=reason)
    if not reason.strip():
        raise FieldErrors({"reason": [("required", _("Please fill this in."))]})


def locked(customer: Customer) -> TierAssignment:
    rows = TierAssignment.objects.select_for_update(of=("self",)).select_related("branch")
    standing = rows.filter(customer=customer).first()
    if standing is None or standing.tier == Tier.OUT_OF_SCOPE:
        raise NotEligible(why="out_of_scope")
    if customer.status not in LIVE:
        raise NotEligible(why="closed")
    standing.customer = customer
    return standing


def new_rows(standing, wishes, people, present, *, reason: str, by: Staff) -> list[OwnerAssignment]:
    """For whoever is not an owner in that capacity already."""
    held = {row.owner.username: row for row in present}
    positions = wanted_positions(standing, today())
    eligible = eligible_by_username(standing, positions, today())
    made = []
    for wish in wishes:
        staff, row = people[wish.username], held.get(wish.username)
        if not staff.is_active:
            raise NotEligible(why="deactivated", staff=wish.username)
        if row is None and wish.username not in eligible:
            branch = standing.branch.code
            raise NotEligible(why="position", staff=wish.username, branch=branch, positions=list(positions))
        if row is None or row.is_primary != wish.is_primary:
            position = row.position if row else eligible[wish.username].position
            made.append(new_row(standing, staff, position, wish.is_primary, reason=reason, by=by))
    return made


def new_row(standing, staff: Staff, position: str, is_primary: bool, *, reason: str, by: Staff) -> OwnerAssignment:
    return OwnerAssignment(
        legal_entity_id=standing.legal_entity_id,
        customer_id=standing.customer_id,
        owner=staff,
        position=position,
        is_primary=is_primary,
        since=today(),
        reason=OwnerReason.SET_BY_MANAGER,
        note=reason,
        by=by,
    )


def written(standing, wishes, people, present, rows, *, reason: str, by: Staff) -> TierAssignment:
    """Former rows end first: a customer has one open primary, and nobody twice. Nothing changed writes nothing."""
    wanted = {(wish.username, wish.is_primary) for wish in wishes}
    ended = [row for row in present if (row.owner.username, row.is_primary) not in wanted]
    if not (rows or ended):
        return standing
    for row in ended:
        row.until, row.end_reason = max(today(), row.since), OwnerEnd.REPLACED
        row.save(update_fields=["until", "end_reason"])
    for row in rows:
        row.save(force_insert=True)
    had_nobody = standing.owner_id is None
    standing.owner = people[wishes[0].username]
    standing.initial_maintainer = standing.initial_maintainer or standing.owner
    standing.save(update_fields=["owner", "initial_maintainer"])
    if had_nobody:
        count_as_owned(standing)
    tell(standing, wishes, present, [*ended, *rows], reason=reason, by=by)
    return standing


def count_as_owned(standing: TierAssignment) -> None:
    """In the summary of the newest day, which the dashboard reads; the next night counts anew."""
    newest = SnapshotDay.objects.filter(legal_entity_id=standing.legal_entity_id).standing()
    day = newest.order_by("-as_of").values("as_of")[:1]
    summary = TierSummary.objects.filter(branch_id=standing.branch_id, as_of=day, tier=standing.tier, unowned__gt=0)
    summary.update(unowned=F("unowned") - 1)


def tell(standing, wishes, present, touched, *, reason: str, by: Staff) -> None:
    detail = {
        "owner": wishes[0].username,
        "co_owners": [wish.username for wish in wishes[1:]],
        "former": [row.owner.username for row in present],
        "tier": Tier(standing.tier).code,
        "reason": reason,
    }
    record("tiering.owners_set", subject=standing.customer, by=by, detail=detail, touched=[standing, *touched])
