"""认领: customers whom the policy gives nobody, taken by whoever comes first."""

from collections.abc import Sequence

from django.db import transaction

from customers.models import Customer
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff
from tiering.enums import OwnerReason, Tier
from tiering.errors import AlreadyOwned, NotEligible, NotInPool
from tiering.models import TierAssignment
from tiering.selectors.eligible import eligible_by_username, wanted_positions
from tiering.services.owner_changes import Holder, OwnerChange, change_owners, locked_standings
from tiering.services.patience import patient


def claim(*, customers: Sequence[Customer], by: Staff) -> list[TierAssignment]:
    """For oneself, all or none. Raises AlreadyOwned, NotInPool, NotEligible, StandingBusy."""
    with transaction.atomic(), patient():
        standings = locked_standings(each.pk for each in customers)
        changes = [OwnerChange(pk, _claimer(standing, by)) for pk, standing in standings.items()]
        changed = change_owners(changes, standings, reason=OwnerReason.CLAIMED, note="", by=by)
        rows = {row.customer_id: row for row in changed.begun}
        for pk, standing in standings.items():
            detail = {"owner": by.username, "position": rows[pk].position, "tier": Tier(standing.tier).code}
            touched = [standing, rows[pk]]
            record("tiering.customer_claimed", subject=standing.customer, by=by, detail=detail, touched=touched)
        return list(standings.values())


def _claimer(standing: TierAssignment, by: Staff) -> Holder:
    if standing.owner_id is not None:
        raise AlreadyOwned.of(standing)
    if standing.tier != Tier.UNBANDED:
        raise NotInPool(customer=standing.customer.customer_number)
    positions = wanted_positions(standing, today())
    eligible = eligible_by_username(standing, positions, today())
    if by.username not in eligible:
        raise NotEligible(why="position", staff=by.username, branch=standing.branch.code, positions=list(positions))
    return Holder(by, eligible[by.username].position)
