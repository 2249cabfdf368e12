"""Whoever acts for a customer is checked online like a customer (rules 1.4, 3.4)."""

from django.db import transaction
from django.utils import timezone

from customers.enums import Business, CheckDecision, CheckOutcome
from customers.errors import AgentNotVerified, CheckConsumed
from customers.models import IdentityCheck
from customers.models.sealed_number import number_digest
from customers.rules.agents import AgentParticulars
from customers.rules.documents import ParsedDocument
from customers.rules.identity_check import follow_up_due, needs_decision
from customers.selectors.work_calendar import calendar_of
from customers.services.checking import check_identity
from customers.services.consuming import is_of_today
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today


def check_agent(*, agent: AgentParticulars, by) -> IdentityCheck:
    """The check of this business; the paper has been found valid. Call it where no row is locked: it may take long.

    One that the teller has made in 1003 for this agent today, and decided on where that was needed, serves. Raises
    AgentNotVerified, with its check recorded all the same; RateLimited.
    """
    agent = agent.cleaned()
    paper = agent.paper(today=today())
    made = check_at_hand(agent.name, paper, by=by)
    check = made or check_identity(name=agent.name, paper=paper, business=Business.AGENT, by=by)
    if needs_decision(check.finding, check.decision):
        answer = CheckOutcome(check.finding).label
        raise AgentNotVerified(outcome=check.finding, answer=str(answer), identity_check=check.pk)
    return check


def check_at_hand(name: str, paper: ParsedDocument, *, by) -> IdentityCheck | None:
    """The teller's latest that no business has used, still good today; what is still open is asked anew."""
    digest = number_digest(paper.document_type, paper.normalized)
    made = IdentityCheck.objects.filter(
        teller=by, business=Business.AGENT, name=name, document_type=paper.document_type, number_digest=digest
    )
    found = made.filter(consumed_at=None).order_by("-pk").first()
    if found is None or not is_of_today(found):
        return None
    is_open = not found.decision and (
        found.outcome == CheckOutcome.UNAVAILABLE or needs_decision(found.finding, found.decision)
    )
    return None if is_open else found


@transaction.atomic
def use_agent_check(check: IdentityCheck, *, by) -> IdentityCheck:
    """In the transaction of the business: it serves no other (CheckConsumed). One that could not be made is owed."""
    check = IdentityCheck.objects.select_for_update(of=["self"]).get(pk=check.pk)
    if check.consumed_at:
        raise CheckConsumed
    check.consumed_at = timezone.now()
    if check.outcome == CheckOutcome.UNAVAILABLE and not check.follow_up_due_on:
        calendar = calendar_of(check.legal_entity_id)
        check.follow_up_due_on = follow_up_due(
            check.outcome, CheckDecision.PROCEED_AND_FOLLOW_UP, on=today(), calendar=calendar
        )
    check.save(update_fields=["consumed_at", "follow_up_due_on"])
    record("customers.agent_checked", subject=check, by=by, detail={"outcome": check.finding})
    return check
