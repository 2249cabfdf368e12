from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from customers import citizen_check
from customers.enums import AmendmentKind, AmendmentStatus, Business, CheckDecision
from customers.errors import CheckConsumed, CheckDecided, CheckMismatch, DecisionNotAllowed, RateLimited
from customers.models import Amendment, AuxiliaryPaper, IdentityCheck
from customers.models.sealed_number import SealedNumber
from customers.rules.corroboration import Evidence
from customers.rules.documents import ParsedDocument
from customers.rules.identity_check import decisions, follow_up_due
from customers.selectors.limits import checks_per_minute
from customers.selectors.work_calendar import calendar_of
from customers.services.settling import settle_owed
from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.vault.services import digest

LONGEST_RECEIPT = 60  # characters of the number on the stamped receipt


def check_identity(*, name: str, paper: ParsedDocument, business: str, by) -> IdentityCheck:
    """Asks the gateway (no transaction is held meanwhile) and records the answer, whatever it is.

    `paper` is valid. Raises RateLimited above the teller's enquiries a minute.
    """
    keep_to_the_rate(by)
    answer, attempts = citizen_check.ask(
        name=name, number=paper.normalized, document_type=paper.document_type, business=business, by=by
    )
    with transaction.atomic():
        check = IdentityCheck.objects.create(
            legal_entity_id=by.legal_entity_id,
            branch=by.branch,
            teller=by,
            business=business,
            name=name,
            key_digest=digest(paper.identity_key or f"{paper.document_type}:{paper.normalized}"),
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
        check.photo = answer.photo
        record("customers.checked", subject=check, by=by, detail={"outcome": check.outcome, "business": business})
    return check


def keep_to_the_rate(by) -> None:
    since = timezone.now() - timedelta(minutes=1)
    recent = IdentityCheck.objects.by_teller_since(by, since)
    if recent.count() >= checks_per_minute(by.legal_entity_id):
        oldest = recent.order_by("checked_at").values_list("checked_at", flat=True).first()
        raise RateLimited(retry_after=max(1, 60 - int((timezone.now() - oldest).total_seconds())))


@transaction.atomic
def decide_check(*, check: IdentityCheck, decision: str, evidence: Evidence, reason: str = "", by) -> IdentityCheck:
    """Records the decision once, with what corroborates it. `evidence.papers` are valid auxiliary papers.

    Raises CheckMismatch for another teller's check, CheckConsumed, CheckDecided, and DecisionNotAllowed by the guard
    rules (rules 3.2). Whoever stands at the counter of the branch takes the receipt that a customer brings back.
    A refusal only becomes one when a checker approves the amendment opened here.
    """
    check = IdentityCheck.objects.select_for_update(of=["self"]).get(pk=check.pk)
    if check.teller_id != by.pk and not takes_receipt(check, decision, evidence, by=by):
        raise CheckMismatch(differs="teller")
    refuse_if_settled(check)
    refuse_lines(reason=reason)
    refuse_lines(longest=LONGEST_RECEIPT, police_receipt=evidence.police_receipt)
    verdict = decisions(
        check.outcome, checked_type=check.document_type, checked_number=check.number, evidence=evidence, reason=reason
    )[CheckDecision(decision)]
    if not verdict.allowed:
        raise DecisionNotAllowed(
            decision=decision, outcome=check.outcome, reasons=list(verdict.lacks), explanation=verdict.explanation
        )
    check.decision, check.decided_at, check.decided_by = decision, timezone.now(), by
    check.photo_matches, check.reader_genuine = evidence.photo_matches, evidence.reader_genuine
    check.police_receipt, check.reason = evidence.police_receipt, reason
    calendar = calendar_of(check.legal_entity_id)
    check.follow_up_due_on = follow_up_due(check.outcome, decision, on=today(), calendar=calendar)
    check.save()
    papers = [keep_paper(check, paper) for paper in evidence.papers]
    record("customers.decided", subject=check, by=by, detail={"decision": decision, "papers": len(papers)})
    if decision == CheckDecision.REFUSE:
        propose_refusal(check, by=by)
    if decision == CheckDecision.PROCEED and check.business == Business.RECHECK:
        settle_owed(check, by=by)
    return check


def takes_receipt(check: IdentityCheck, decision: str, evidence: Evidence, *, by) -> bool:
    """A colleague of the branch may end the waiting for the police with their receipt, and in no other way."""
    waits = check.decision == CheckDecision.HOLD_PENDING_POLICE and decision == CheckDecision.PROCEED
    return (
        waits
        and bool(evidence.police_receipt)
        and check.branch_id in [posting.branch_id for posting in by.postings_granting("customers.check_identity")]
    )


def refuse_if_settled(check: IdentityCheck) -> None:
    if check.consumed_at:
        raise CheckConsumed
    if check.decision not in ("", CheckDecision.HOLD_PENDING_POLICE):
        raise CheckDecided(decision=check.decision)


def keep_paper(check: IdentityCheck, paper) -> AuxiliaryPaper:
    return AuxiliaryPaper.objects.create(
        check_record=check, same_name=paper.same_name, **SealedNumber.columns(paper.document_type, paper.normalized)
    )


def propose_refusal(check: IdentityCheck, *, by) -> Amendment:
    refusal = Amendment.objects.create(
        legal_entity_id=check.legal_entity_id,
        branch=by.branch,
        identity_check=check,
        kind=AmendmentKind.REFUSAL,
        status=AmendmentStatus.PENDING_REVIEW,
        reason=check.reason,
        maker=by,
    )
    record(
        "customers.refusal_proposed", subject=refusal, by=by, detail={"refusal_reason": check.reason}, touched=[check]
    )
    return refusal


@transaction.atomic
def take_up_check(*, check: IdentityCheck, by) -> IdentityCheck:
    """Name and number are about to be shown in clear, to be checked again."""
    record("customers.check_taken_up", subject=check, by=by, detail={"outcome": check.finding})
    return check
