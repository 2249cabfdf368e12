"""The audit events of a sample opening, as the services record them, with the instants of the visit."""

from datetime import datetime

from customers.enums import AmendmentStatus
from customers.models import Agent, IdentityCheck
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.services import event_of
from tellerdesk.demo.visits import Visit


def events_of(visit: Visit) -> list[AuditEvent]:
    """Of saved rows. The order is that of the acts; each seals the record as it stands at the end."""
    events = [checked(visit.check)]
    if visit.check.decision:
        events.append(decided(visit))
    if visit.refused_for:
        events.append(refusal_proposed(visit))
    if visit.refusal_approved:
        events.append(refusal_approved(visit))
    if visit.agent_check:
        events += [checked(visit.agent_check), agent_checked(visit)]
    if visit.customer:
        events.append(opened(visit))
    if visit.customer and visit.request and visit.request.status == AmendmentStatus.APPLIED:
        events.append(approved(visit))
    return events


def checked(check: IdentityCheck) -> AuditEvent:
    detail = {"outcome": check.outcome, "business": check.business}
    return at(check.checked_at, event_of("customers.checked", subject=check, by=check.teller, detail=detail))


def decided(visit: Visit) -> AuditEvent:
    check = visit.check
    detail = {"decision": check.decision, "papers": len(visit.sample.evidence.papers)}
    return at(check.decided_at, event_of("customers.decided", subject=check, by=check.teller, detail=detail))


def agent_checked(visit: Visit) -> AuditEvent:
    check = visit.agent_check
    event = event_of("customers.agent_checked", subject=check, by=check.teller, detail={"outcome": check.finding})
    return at(check.consumed_at, event)


def refusal_approved(visit: Visit) -> AuditEvent:
    event = event_of(
        "customers.refusal_approved",
        subject=visit.check,
        by=visit.counter.checker,
        detail={"maker": visit.counter.teller.name, "reason": visit.refused_for},
        touched=[visit.request, visit.check],
    )
    return at(visit.request.decided_at, event)


def refusal_proposed(visit: Visit) -> AuditEvent:
    detail, touched = {"refusal_reason": visit.refused_for}, [visit.check]
    event = event_of(
        "customers.refusal_proposed", subject=visit.request, by=visit.counter.teller, detail=detail, touched=touched
    )
    return at(visit.request.made_at, event)


def opened(visit: Visit) -> AuditEvent:
    customer, document = visit.customer, visit.document
    agents = [row for row in visit.further if isinstance(row, Agent)]
    event = event_of(
        "customers.opening_submitted" if visit.request else "customers.opened",
        subject=customer,
        by=visit.counter.teller,
        detail={
            "document": document.document_type,
            "number": document.number_masked,
            "verification": customer.verification,
        },
        touched=[document, visit.check, *([visit.request] if visit.request else []), *agents],
    )
    return at(customer.opened_at, event)


def approved(visit: Visit) -> AuditEvent:
    event = event_of(
        "customers.opening_approved",
        subject=visit.customer,
        by=visit.counter.checker,
        detail={"maker": visit.counter.teller.name, "reason": ""},
        touched=[visit.request],
    )
    return at(visit.request.decided_at, event)


def at(instant: datetime, event: AuditEvent) -> AuditEvent:
    event.at = instant
    return event
