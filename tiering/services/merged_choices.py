"""Open upgrade choices and referrals of a customer who is merged into another, and of one who becomes himself again."""

from copy import copy

from django.db.models import DateField, F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from customers.models import Customer
from tellerdesk.core.business_date import today
from tiering.enums import UpgradeStatus
from tiering.models import Referral, UpgradeCase


def leave_alone(absorbed: Customer) -> dict:
    """Nobody asks a number that is gone for its choice, and nobody serves it; ids, for the undoing."""
    cases, referrals = absorbed.upgrade_cases.open(), absorbed.referrals.current()
    left = {"cases": [each.pk for each in cases], "referrals": [each.pk for each in referrals]}
    cases.update(status=UpgradeStatus.LAPSED, decided_on=today())
    referrals.update(until=Greatest(Value(today(), DateField()), F("since")))
    return left


def take_up_again(kept: dict) -> list:
    """The choice is open again and specialists serve again, where the primary owner is back: they are his to ask."""
    cases = UpgradeCase.objects.filter(pk__in=kept.get("cases", ()), status=UpgradeStatus.LAPSED)
    opened = list(cases)
    cases.update(status=UpgradeStatus.OPEN, decided_on=None)
    ended = Referral.objects.filter(pk__in=kept.get("referrals", ()), specialist__is_active=True)
    return [*opened, *(served_again(each) for each in ended)]


def served_again(referral: Referral) -> Referral:
    """As owners come back, in a row of its own: the former one says until when."""
    row = copy(referral)
    row.pk, row.until, row.since, row.recorded_at = None, None, today(), timezone.now()
    row._state.adding = True
    row.save()
    return row
