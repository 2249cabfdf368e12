"""A split changed by hand: single customers, or a whole tier, to somebody else or to the manager's queue."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverFate, QueuedWhy, Tier
from tiering.models import HandOver
from tiering.rules.handing_over import Fate, taker_for
from tiering.selectors.portfolio import Holding, Portfolio, portfolio_of
from tiering.services.hand_over_rows import locked_draft

QUEUE = ""


@transaction.atomic
def change_receivers(*, hand_over: HandOver, receivers: Mapping[str, str], by: Staff) -> int:
    """Usernames by customer number, QUEUE for the manager's queue; all or nothing. Returns how many changed.

    Above a capacity is allowed and shown. Raises NotTheMaker, NotBeingSplit, FieldErrors by customer number.
    """
    held = locked_draft(hand_over, by=by)
    portfolio = portfolio_of(held.leaver, today())
    holdings = {each.customer_number: each for each in portfolio.holdings}
    named = [holdings[number].customer for number in receivers if number in holdings]
    written = set(held.rows.handed().filter(customer__in=named).values_list("customer_id", flat=True))
    fates, wrong = [], {}
    for number, username in receivers.items():
        each = holdings.get(number)
        fate = each and each.customer in written and _fate(each, username, portfolio)
        if each is None or each.customer not in written:
            wrong[number] = [("unknown_customer", _("This customer is not in the hand-over; please split it again."))]
        elif fate is None:
            wrong[number] = [("not_eligible", _("This person may not have this customer."))]
        else:
            fates.append(fate)
    if wrong:
        raise FieldErrors(wrong)
    return _written(held, fates, by=by)


@transaction.atomic
def change_tier(*, hand_over: HandOver, tier: Tier, receiver: str, by: Staff) -> int:
    """Every customer of the tier whom `receiver` may have, the others stay as they are; QUEUE takes all.

    Raises NotTheMaker, NotBeingSplit, FieldErrors.
    """
    held = locked_draft(hand_over, by=by)
    portfolio = portfolio_of(held.leaver, today())
    written = set(held.rows.handed().filter(tier=tier).values_list("customer_id", flat=True))
    found = [_fate(each, receiver, portfolio) for each in portfolio.holdings if each.customer in written]
    fates = [fate for fate in found if fate]
    if not fates:
        raise FieldErrors({"receiver": [("not_eligible", _("This person may have none of these customers."))]})
    return _written(held, fates, by=by)


def _fate(each: Holding, username: str, portfolio: Portfolio) -> Fate | None:
    """None where that person may not have the customer."""
    if username == QUEUE:
        return Fate(each.customer, why=QueuedWhy.CHOSEN, by_hand=True)
    staff = next((pk for pk, person in portfolio.people.items() if person.username == username), None)
    taker = staff and taker_for(each.held, portfolio.takers, staff)
    return Fate(each.customer, taker.staff, taker.position, by_hand=True) if taker else None


def _written(hand_over: HandOver, fates: list[Fate], *, by: Staff) -> int:
    """What is so already is left as it is, so that nothing counts as changed by hand that was not."""
    customers: dict[tuple, list[int]] = {}
    for fate in fates:
        customers.setdefault((fate.staff, fate.position, str(fate.why)), []).append(fate.customer)
    changed = 0
    for (staff, position, why), pks in customers.items():
        rows = hand_over.rows.filter(customer__in=pks)
        rows = rows.exclude(receiver=staff) if staff else rows.exclude(fate=HandOverFate.QUEUE)
        kind = HandOverFate.RECEIVER if staff else HandOverFate.QUEUE
        changed += rows.update(fate=kind, receiver=staff, receiver_position=position, why=why, by_hand=True)
    if changed:
        record("tiering.hand_over_changed", subject=hand_over, by=by, detail={"customers": changed})
    return changed
