"""Checks in every state, made as the counter makes them."""

from datetime import date

from customers.enums import AgentRelation, CheckDecision, RefusalReason
from customers.models import Amendment, IdentityCheck
from customers.rules.agents import AgentParticulars
from customers.rules.corroboration import Evidence
from customers.services import approve, decide_check, open_customer
from tests.factories import make_check, make_particulars, make_resident_number, make_staff

TODAY = date(2026, 11, 24)  # a Tuesday


def decided(decision, *, by, sequence=900, evidence=None, reason="", business="open_customer") -> IdentityCheck:
    check = make_check(make_resident_number(sequence=sequence), by=by, business=business)
    return decide_check(check=check, decision=decision, evidence=evidence or Evidence(), reason=reason, by=by)


def followed_up(*, by) -> IdentityCheck:
    return decided(CheckDecision.PROCEED_AND_FOLLOW_UP, by=by)


def held(*, by, **further) -> IdentityCheck:
    return decided(CheckDecision.HOLD_PENDING_POLICE, by=by, **further)


def deferred(*, by) -> IdentityCheck:
    """Of a customer who was opened while the system was away."""
    number = make_resident_number(sequence=905)
    check = make_check(number, by=by)
    open_customer(check_id=check.pk, particulars=make_particulars(number), by=by)
    check.refresh_from_db()
    return check


def refused(*, by, reason=RefusalReason.FORGED, checker=None) -> IdentityCheck:
    """Approved by a second person of the branch."""
    check = decided(CheckDecision.REFUSE, by=by, evidence=Evidence(reader_genuine=False), reason=reason)
    checker = checker or make_staff(position="supervisor", branch=by.branch)
    approve(amendment=Amendment.objects.get(identity_check=check), by=checker)
    check.refresh_from_db()
    return check


def agent_of(number: str, **changes) -> AgentParticulars:
    values = {
        "name": "顾长青",
        "document_type": "resident_id",
        "document_number": number,
        "mobile": "13900000129",
        "relation": AgentRelation.CHILD,
        "reason": "本人行动不便",
        "authority": "授权委托书第1号",
    }
    return AgentParticulars(**(values | changes))
