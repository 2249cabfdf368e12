"""The rows of a sample's online check and of the decision on it."""

from datetime import datetime

from customers import citizen_check
from customers.enums import AmendmentKind, AmendmentStatus, Business
from customers.models import Amendment, AuxiliaryPaper, IdentityCheck
from customers.models.sealed_number import SealedNumber
from customers.rules.documents import ParsedDocument
from customers.rules.identity_check import follow_up_due, report_due
from tellerdesk.demo.holidays import CALENDAR
from tellerdesk.demo.visits import APPROVED, DECIDED, OPENED, Visit
from tellerdesk.vault.services import digest


def fill_check(visit: Visit) -> None:
    visit.check = check_row(visit)
    if visit.sample.decision:
        decide(visit)
    if visit.refused_for:
        visit.request = request_row(visit, AmendmentKind.REFUSAL)
    if visit.refusal_approved:
        approve_refusal(visit)


def check_row(visit: Visit) -> IdentityCheck:
    return row_of(visit, visit.paper, visit.particulars.name, Business.OPENING, at=visit.at)


def agent_check_row(visit: Visit) -> IdentityCheck:
    """Of whoever acted, made just before the opening and used by it."""
    agent = visit.particulars.agent
    row = row_of(visit, agent.paper(today=visit.day), agent.name, Business.AGENT, at=visit.at + DECIDED)
    row.consumed_at = visit.at + OPENED
    return row


def row_of(visit: Visit, paper: ParsedDocument, name: str, business: str, *, at: datetime) -> IdentityCheck:
    teller = visit.counter.teller
    asked = {"document_type": paper.document_type, "business": business, "by": teller}
    answer, attempts = citizen_check.ask(name=name, number=paper.normalized, **asked)
    return IdentityCheck(
        legal_entity_id=teller.legal_entity_id,
        branch=teller.branch,
        teller=teller,
        checked_at=at,
        business_date=visit.day,
        business=business,
        name=name,
        key_digest=digest(paper.identity_key),
        outcome=answer.outcome,
        matched_name=answer.matched_name,
        photo_hash=answer.photo_hash,
        issuing_authority=answer.issuing_authority,
        message=answer.message,
        request_id=answer.request_id,
        source=answer.source,
        attempts=attempts,
        **SealedNumber.columns(paper.document_type, paper.normalized),
    )


def decide(visit: Visit) -> None:
    check, decision, evidence = visit.check, visit.sample.decision, visit.sample.evidence
    check.decision, check.decided_at, check.decided_by = decision, visit.at + DECIDED, visit.counter.teller
    check.photo_matches, check.reader_genuine = evidence.photo_matches, evidence.reader_genuine
    check.police_receipt, check.reason = evidence.police_receipt, visit.refused_for
    check.follow_up_due_on = follow_up_due(check.outcome, decision, on=visit.day, calendar=CALENDAR)
    visit.further += [
        AuxiliaryPaper(
            check_record=check, same_name=each.same_name, **SealedNumber.columns(each.document_type, each.normalized)
        )
        for each in evidence.papers
    ]


def approve_refusal(visit: Visit) -> None:
    visit.request.status, visit.request.checker = AmendmentStatus.APPLIED, visit.counter.checker
    visit.request.decided_at = visit.at + APPROVED
    visit.check.follow_up_due_on = report_due(visit.refused_for, on=visit.day, calendar=CALENDAR)


def request_row(visit: Visit, kind: str) -> Amendment:
    teller = visit.counter.teller
    return Amendment(
        legal_entity_id=teller.legal_entity_id,
        branch=teller.branch,
        customer=visit.customer,
        identity_check=visit.check,
        kind=kind,
        status=AmendmentStatus.PENDING_REVIEW,
        reason=visit.refused_for,
        maker=teller,
        made_at=visit.at + (DECIDED if visit.refused_for else OPENED),
    )
