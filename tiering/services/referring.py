"""引荐: the owner brings in a specialist and stays the owner (rules 4.4)."""

from django.db import transaction

from customers.models import Customer
from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided
from tellerdesk.staff.models import Staff
from tiering.enums import UpgradeStatus
from tiering.errors import AlreadyReferred, NobodyToReferFor, NotEligible
from tiering.models import Referral
from tiering.rules.referral import POSITIONS
from tiering.selectors.specialists import specialists_for
from tiering.selectors.standing import present_owners
from tiering.services.owner_changes import locked_standings
from tiering.services.owner_wishes import Wish, named_people
from tiering.services.patience import patient


def refer(*, customer: Customer, specialist: str, note: str = "", by: Staff) -> Referral:
    """`specialist` is a username. Raises FieldErrors, NotEligible, NobodyToReferFor, AlreadyReferred, StandingBusy."""
    refuse_lines(note=note)
    with transaction.atomic(), patient():
        standing = locked_standings([customer.pk])[customer.pk]
        owners = present_owners(customer)
        if not owners:
            raise NobodyToReferFor
        staff = named_people([Wish("specialist", specialist, is_primary=False)], by)[specialist]
        position = _position(standing.branch, staff)
        serving = {row.owner_id for row in owners}
        serving |= set(customer.referrals.current().values_list("specialist", flat=True))
        if staff.pk in serving:
            raise AlreadyReferred(specialist=specialist, name=staff.name)
        referral = Referral.objects.create(
            legal_entity_id=standing.legal_entity_id,
            customer=customer,
            case=_case(customer),
            specialist=staff,
            position=position,
            since=today(),
            note=note,
            referred_by=by,
        )
        detail = {"specialist": specialist, "position": position, "note": note}
        record("tiering.specialist_referred", subject=customer, by=by, detail=detail, touched=[referral])
        return referral


def end_referral(*, referral: Referral, by: Staff) -> Referral:
    """Raises AlreadyDecided where it has ended before."""
    with transaction.atomic(), patient():
        referral = (
            Referral.objects.select_for_update(of=("self",))
            .select_related("customer", "specialist")
            .get(pk=referral.pk)
        )
        if referral.until is not None:
            raise AlreadyDecided
        referral.until = max(today(), referral.since)
        referral.save(update_fields=["until"])
        detail = {"specialist": referral.specialist.username, "position": referral.position}
        record("tiering.referral_ended", subject=referral.customer, by=by, detail=detail, touched=[referral])
        return referral


def _position(branch, staff: Staff) -> str:
    if not staff.is_active:
        raise NotEligible(why="deactivated", staff=staff.username)
    found = specialists_for(branch, today()).get(staff.username)
    if found is None:
        raise NotEligible(why="specialist", staff=staff.username, branch=branch.code, positions=list(POSITIONS))
    return found.position


def _case(customer: Customer):
    """The rise that made a specialist wanted: open, or decided for the present owner."""
    cases = customer.upgrade_cases.filter(status__in=[UpgradeStatus.OPEN, UpgradeStatus.STAY])
    return cases.order_by("-opened_on", "-pk").first()
