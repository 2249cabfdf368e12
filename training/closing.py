"""The one way an attempt ends, by hand or by the clock. Below tasks and services, which both call it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from training.enums import ClosedBy
from training.models import Attempt, Qualification
from training.rules import scoring, validity
from training.selectors import forget_locks


def lock_attempt(attempt_id: int) -> Attempt:
    """The row as it is now, held until the transaction ends: whoever comes second waits and sees the result."""
    return (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("staff__legal_entity", "course")
        .get(pk=attempt_id)
    )


@transaction.atomic
def close_overdue(*, attempt_id: int, at: datetime | None = None) -> bool:
    """Closes an attempt whose time is over with the answers saved until then; says whether it did. Idempotent.

    The event is the person's: the clock acted, but on their work, and it belongs to their branch's chain.
    """
    at = at or timezone.now()
    attempt = lock_attempt(attempt_id)
    if not attempt.is_over_at(at):
        return False
    finish(attempt, closed_by=ClosedBy.DEADLINE, at=at, by=attempt.staff)
    return True


def finish(attempt: Attempt, *, closed_by: ClosedBy, at: datetime, by) -> Attempt:
    """Marks the saved answers of a locked, open attempt and grants the qualification where they pass."""
    score = _mark(attempt)
    attempt.submitted_at, attempt.closed_by = at, closed_by
    attempt.score, attempt.right = score.points, score.right
    attempt.passed = score.passes(attempt.pass_mark)
    attempt.save(update_fields=["submitted_at", "closed_by", "score", "right", "passed"])
    action = "training.attempt_submitted" if closed_by == ClosedBy.PERSON else "training.attempt_timed_out"
    detail = {
        "course": attempt.course.title_zh,
        "number": attempt.number,
        "score": attempt.score,
        "passed": attempt.passed,
    }
    record(action, subject=attempt, by=by, detail=detail)
    if attempt.passed:
        _grant(attempt, by=by)
    return attempt


def _mark(attempt) -> scoring.Score:
    questions = list(attempt.attemptquestion_set.select_related("question_version"))
    keys = {each.pk: each.question_version.answer_key for each in questions}
    score = scoring.mark(keys, {each.pk: each.chosen for each in questions})
    for each in questions:
        each.is_right = score.by_question[each.pk]
    attempt.attemptquestion_set.bulk_update(questions, ["is_right"])
    return score


def _grant(attempt, *, by) -> Qualification:
    granted_on = today()
    until = validity.expires_on(granted_on, attempt.course.valid_months)
    granted = Qualification.objects.create(
        staff=attempt.staff, course=attempt.course, attempt=attempt, granted_on=granted_on, expires_on=until
    )
    detail = {"course": attempt.course.title_zh, "expires_on": until}
    record("training.qualification_granted", subject=granted, by=by, detail=detail)
    forget_locks(by)
    return granted
