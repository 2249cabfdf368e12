"""升级意愿: what the customer chose. Until then, and with `stay`, the present owner stays (rules 4.4)."""

from django.db import transaction

from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided
from tellerdesk.staff.models import Staff
from tiering.enums import OwnerEnd, OwnerReason, Tier, UpgradeStatus
from tiering.errors import NobodyToStayWith, NotEligible, SameOwner
from tiering.models import TierAssignment, UpgradeCase
from tiering.selectors.eligible import eligible_by_username, wanted_positions
from tiering.selectors.standing import present_owners
from tiering.services.owner_changes import Holder, OwnerChange, change_owners, locked_standings
from tiering.services.owner_wishes import Wish, named_people
from tiering.services.patience import patient


def record_stay(*, case: UpgradeCase, note: str = "", by: Staff) -> UpgradeCase:
    """Raises FieldErrors, AlreadyDecided, NobodyToStayWith, StandingBusy."""
    refuse_lines(note=note)
    with transaction.atomic(), patient():
        case = _locked(case)
        owner = case.customer.tierassignment.owner
        if owner is None:
            raise NobodyToStayWith
        _decide(case, UpgradeStatus.STAY, note=note, by=by)
        detail = _told(case) | {"owner": owner.username, "note": note}
        record("tiering.upgrade_stayed", subject=case.customer, by=by, detail=detail, touched=[case])
        return case


def record_change(*, case: UpgradeCase, owner: str, note: str = "", by: Staff) -> UpgradeCase:
    """`owner` is a username. Co-owners stay, and so does the initial maintainer, who keeps the credit.

    Raises FieldErrors, AlreadyDecided, NotEligible, SameOwner, StandingBusy.
    """
    refuse_lines(note=note)
    with transaction.atomic(), patient():
        case = _locked(case)
        standing = case.customer.tierassignment
        former, present = standing.owner, present_owners(case.customer)
        chosen = _chosen(standing, owner, by)
        if chosen.staff == former:
            raise SameOwner(owner=owner, name=former.name)
        staying = [Holder(row.owner, row.position) for row in present if not row.is_primary]
        co_owners = tuple(each for each in staying if each.staff != chosen.staff)
        changed = change_owners(
            [OwnerChange(standing.pk, chosen, co_owners)],
            {standing.pk: standing},
            reason=OwnerReason.UPGRADE_CHOICE,
            end=OwnerEnd.UPGRADE_CHOICE,
            note=note,
            by=by,
        )
        case.new_owner = chosen.staff
        _decide(case, UpgradeStatus.CHANGE, note=note, by=by)
        detail = _told(case) | {
            "owner": chosen.staff.username,
            "former": former.username if former else "",
            "note": note,
        }
        touched = [case, standing, *changed.ended, *changed.begun]
        record("tiering.upgrade_changed", subject=case.customer, by=by, detail=detail, touched=touched)
        return case


def _locked(case: UpgradeCase) -> UpgradeCase:
    """The standing row first, as the night does."""
    standing = locked_standings([case.customer_id])[case.customer_id]
    case = UpgradeCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.status != UpgradeStatus.OPEN:
        raise AlreadyDecided
    case.customer = standing.customer
    case.customer.tierassignment = standing
    return case


def _chosen(standing: TierAssignment, owner: str, by: Staff) -> Holder:
    staff = named_people([Wish("owner", owner, is_primary=True)], by)[owner]
    if not staff.is_active:
        raise NotEligible(why="deactivated", staff=owner)
    positions = wanted_positions(standing, today())
    eligible = eligible_by_username(standing, positions, today())
    if owner not in eligible:
        raise NotEligible(why="position", staff=owner, branch=standing.branch.code, positions=list(positions))
    return Holder(staff, eligible[owner].position)


def _decide(case: UpgradeCase, status: UpgradeStatus, *, note: str, by: Staff) -> None:
    case.status, case.note, case.decided_by, case.decided_on = status, note, by, today()
    case.save(update_fields=["status", "note", "decided_by", "decided_on", "new_owner"])


def _told(case: UpgradeCase) -> dict:
    return {"from_tier": Tier(case.from_tier).code, "to_tier": Tier(case.to_tier).code}
