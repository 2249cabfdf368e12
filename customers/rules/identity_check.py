"""What follows an online check: a mismatch is never a plain refusal, and a refusal needs a reason that is established.

Rules 3.1 to 3.3. A decision is open when nothing is lacking; what is lacking are codes that customers.messages words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from customers.enums import CheckDecision, CheckOutcome, OwedKind, RefusalReason, Verification
from customers.messages import message
from customers.rules.corroboration import Evidence, corroborates, paper_problems
from customers.rules.working_days import WEEKDAYS, WorkCalendar

MISMATCHES = frozenset({CheckOutcome.NAME_MISMATCH, CheckOutcome.NOT_FOUND, CheckOutcome.PHOTO_DIFFERS})
SELF_EVIDENT = frozenset({CheckOutcome.MATCH, CheckOutcome.MATCH_NO_PHOTO, CheckOutcome.NOT_APPLICABLE})
WITHOUT_DECISION = SELF_EVIDENT | {CheckOutcome.UNAVAILABLE}
GOING_ON = frozenset({CheckDecision.PROCEED, CheckDecision.PROCEED_AND_FOLLOW_UP})
FITTING_OUTCOME = {
    RefusalReason.LOST_CONFIRMED: CheckOutcome.CARD_LOST,
    RefusalReason.INVALID_CONFIRMED: CheckOutcome.CARD_INVALID,
}
REPORTED_TO_POLICE = frozenset({RefusalReason.FORGED, RefusalReason.IMPERSONATION})
FOLLOW_UP_DAYS, POLICE_DAYS, RECHECK_DAYS, REPORT_DAYS = 5, 2, 1, 1  # working days
DUTIES = {
    CheckOutcome.MATCH: "compare_photo",
    CheckOutcome.MATCH_NO_PHOTO: "continue_without_photo",
    CheckOutcome.PHOTO_DIFFERS: "verify_further",
    CheckOutcome.NAME_MISMATCH: "verify_further",
    CheckOutcome.NOT_FOUND: "verify_further",
    CheckOutcome.CARD_LOST: "establish_loss",
    CheckOutcome.CARD_INVALID: "ask_for_new_card",
    CheckOutcome.UNAVAILABLE: "check_later",
    CheckOutcome.NOT_APPLICABLE: "verify_by_document",
}


@dataclass(frozen=True)
class Verdict:
    """On one decision: open unless something is lacking."""

    lacks: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.lacks

    @property
    def explanation(self) -> str:
        return " ".join(str(message(code)) for code in self.lacks)


def finding(outcome: str, photo_matches: bool | None) -> CheckOutcome:
    """The outcome as it stands once the teller has compared the photo with the person."""
    if outcome in SELF_EVIDENT and photo_matches is False:
        return CheckOutcome.PHOTO_DIFFERS
    return CheckOutcome(outcome)


def duty(found: str) -> str:
    """Code of what the teller owes after this finding."""
    return DUTIES[CheckOutcome(found)]


def decisions(
    outcome: str, *, checked_type: str, checked_number: str, evidence: Evidence, reason: str | None = None
) -> dict[CheckDecision, Verdict]:
    """Every decision with what it lacks. `reason` None leaves the question of a reason for refusing aside."""
    found = finding(outcome, evidence.photo_matches)
    lacking = {
        CheckDecision.PROCEED: _proceeding_lacks(found, evidence, checked_type, checked_number),
        CheckDecision.PROCEED_AND_FOLLOW_UP: _following_up_lacks(found, evidence),
        CheckDecision.HOLD_PENDING_POLICE: (),
        CheckDecision.REFUSE: _refusing_lacks(found, evidence, reason),
    }
    return {decision: Verdict(tuple(dict.fromkeys(codes))) for decision, codes in lacking.items()}


def _proceeding_lacks(found: str, evidence: Evidence, checked_type: str, checked_number: str) -> Iterator[str]:
    checked = {"checked_type": checked_type, "checked_number": checked_number}
    if evidence.reader_genuine is False and not evidence.police_receipt:
        yield "reader_not_genuine"
    if found in MISMATCHES and not corroborates(evidence, **checked):
        yield "corroboration_required"
        for paper in evidence.papers:
            yield from paper_problems(paper, **checked)
    yield from _following_up_lacks(found, evidence)


def _following_up_lacks(found: str, evidence: Evidence) -> Iterator[str]:
    """Personal business is done first and verified afterwards, unless the card itself is in doubt."""
    if found == CheckOutcome.UNAVAILABLE and evidence.photo_matches is False:
        yield "person_differs"
    if found == CheckOutcome.UNAVAILABLE and evidence.reader_genuine is False:
        yield "reader_not_genuine"
    yield from _card_lacks(found, evidence)


def _card_lacks(found: str, evidence: Evidence) -> Iterator[str]:
    """A card reported lost or invalid carries no business until it is established that this one is good."""
    if found == CheckOutcome.CARD_LOST and not (evidence.reader_genuine or evidence.police_receipt):
        yield "card_not_established"
    if found == CheckOutcome.CARD_INVALID and not evidence.police_receipt:
        yield "new_card_required"


def _refusing_lacks(found: str, evidence: Evidence, reason: str | None) -> Iterator[str]:
    if evidence.police_receipt:
        yield "receipt_must_be_honoured"
    if found in MISMATCHES and not evidence.has_further_step:
        yield "further_step_required"
    if reason is not None:
        yield from _reason_lacks(found, evidence, reason)


def _reason_lacks(found: str, evidence: Evidence, reason: str) -> Iterator[str]:
    if reason not in RefusalReason.values:
        yield "refusal_reason_required"
    elif found != FITTING_OUTCOME.get(RefusalReason(reason), found):
        yield "reason_does_not_fit"
    elif reason == RefusalReason.FORGED and evidence.reader_genuine:
        yield "reason_contradicted"


def needs_decision(found: str, decision: str) -> bool:
    """Before the business may go on. Agreement needs none; a check that could not be made is owed (rules 3.3)."""
    return decision not in GOING_ON if decision else found not in WITHOUT_DECISION


def opening_needs_checker(found: str, decision: str, *, has_agent: bool) -> bool:
    """Rules 1.3: a second person comes first after a mismatch that was passed, or when somebody else opened."""
    return has_agent or (decision == CheckDecision.PROCEED and found in MISMATCHES)


def verification_after(found: str, decision: str) -> Verification:
    if found == CheckOutcome.UNAVAILABLE:
        return Verification.DEFERRED
    if decision == CheckDecision.PROCEED_AND_FOLLOW_UP:
        return Verification.FOLLOW_UP
    return Verification.NOT_APPLICABLE if found == CheckOutcome.NOT_APPLICABLE else Verification.VERIFIED


def follow_up_due(outcome: str, decision: str, *, on: date, calendar: WorkCalendar = WEEKDAYS) -> date | None:
    """Last day of what is owed: the check made up, the further verification, or the police's answer."""
    if outcome == CheckOutcome.UNAVAILABLE and decision in GOING_ON:
        return calendar.working_days_after(on, RECHECK_DAYS)
    days = {
        CheckDecision.PROCEED_AND_FOLLOW_UP: FOLLOW_UP_DAYS,
        CheckDecision.HOLD_PENDING_POLICE: POLICE_DAYS,
    }
    return calendar.working_days_after(on, days[CheckDecision(decision)]) if decision in days else None


def report_due(reason: str, *, on: date, calendar: WorkCalendar = WEEKDAYS) -> date | None:
    """Last day for telling the police of an approved refusal; None where the police need not know."""
    return calendar.working_days_after(on, REPORT_DAYS) if reason in REPORTED_TO_POLICE else None


def owed_kind(outcome: str, decision: str) -> OwedKind:
    """What stands behind a due day: the check made up, the verification, the police's answer, the report to them."""
    if decision == CheckDecision.REFUSE:
        return OwedKind.POLICE_REPORT
    if decision == CheckDecision.HOLD_PENDING_POLICE:
        return OwedKind.POLICE_ANSWER
    return OwedKind.DEFERRED_CHECK if outcome == CheckOutcome.UNAVAILABLE else OwedKind.FOLLOW_UP


def has_certificate(found: str) -> bool:
    """Whether the customer is handed 联网核查结果证明: the police of the domicile answer it (rules 3.2 c)."""
    return found in MISMATCHES
