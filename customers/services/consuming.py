"""An online check is good for one business, of its teller, on its day (rules 3.4)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.errors import CheckConsumed, CheckMismatch, DecisionRequired
from customers.models import Customer, IdentityCheck
from customers.rules.documents import ParsedDocument
from customers.rules.identity_check import follow_up_due, needs_decision
from customers.selectors.work_calendar import calendar_of
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors


def consumable_check(check_id: int, business: str, *, name: str, paper: ParsedDocument, by) -> IdentityCheck:
    """Locks the check: of two acts on one check the second finds it consumed.

    Raises FieldErrors where there is none, CheckConsumed, CheckMismatch, DecisionRequired.
    """
    check = IdentityCheck.objects.reachable_by(by).select_for_update(of=["self"]).filter(pk=check_id).first()
    if check is None:
        raise FieldErrors({"identity_check": [("unknown", _("There is no such identity check."))]})
    if check.consumed_at:
        raise CheckConsumed(customer_number=check.customer.customer_number if check.customer else None)
    differs = differences(check, business, name=name, paper=paper, by=by)
    if differs:
        raise CheckMismatch(differs=", ".join(differs))
    if needs_decision(check.finding, check.decision):
        raise DecisionRequired(outcome=check.finding, decision=check.decision or None)
    return check


def differences(check: IdentityCheck, business: str, *, name: str, paper: ParsedDocument, by) -> list[str]:
    """In what the check was made for something else: another person, paper, business, teller or day."""
    facts = {
        "name": check.name == name,
        "document_type": check.document_type == paper.document_type,
        "document_number": check.number == paper.normalized,
        "business": check.business == business,
        "teller": check.teller_id == by.pk,
        "day": is_of_today(check),
    }
    return [name for name, agrees in facts.items() if not agrees]


def is_of_today(check: IdentityCheck) -> bool:
    """A check that waited for the police is good on the day their receipt came."""
    came_at = check.decided_at if check.police_receipt else None
    return check.business_date == today() or (came_at and timezone.localdate(came_at)) == timezone.localdate()


def consume(check: IdentityCheck, customer: Customer) -> None:
    """A check that could not be made is owed from now on, also where no decision was asked for."""
    if check.outcome == enums.CheckOutcome.UNAVAILABLE and not check.follow_up_due_on:
        calendar = calendar_of(check.legal_entity_id)
        check.follow_up_due_on = follow_up_due(
            check.outcome, enums.CheckDecision.PROCEED_AND_FOLLOW_UP, on=today(), calendar=calendar
        )
    check.customer, check.consumed_at = customer, timezone.now()
    check.save(update_fields=["customer", "consumed_at", "follow_up_due_on"])
