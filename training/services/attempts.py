"""Taking a quiz: start, save, mark, hand in. Every verb first lets the clock have its due."""

import random
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from tellerdesk.audit.services import record
from training.closing import close_overdue, finish, lock_attempt
from training.enums import ClosedBy, Kind
from training.errors import AttemptClosed, CourseNotOpen
from training.models import Attempt, AttemptQuestion, Course, QuestionVersion, TimeAllowance
from training.rules import answers as rules_answers
from training.tasks import close_attempt
from training.validators import refuse_answers


def start_attempt(*, course: Course, by, at: datetime | None = None) -> Attempt:
    """A new attempt with its questions frozen, or the one still open: two tabs and a double click share one.

    Raises CourseNotOpen where the course is closed or has no questions.
    """
    at = at or timezone.now()
    running = open_attempt(course=course, by=by, at=at)
    if running:
        return running
    if not course.is_open:
        raise CourseNotOpen(course=course.code)
    try:
        return _create_attempt(course, by=by, at=at)
    except IntegrityError:
        return open_attempt(course=course, by=by, at=at) or _create_attempt(course, by=by, at=at)


def open_attempt(*, course: Course, by, at: datetime | None = None) -> Attempt | None:
    """The attempt that still runs; one whose time is over is closed on the way."""
    at = at or timezone.now()
    running = Attempt.objects.of(by).unfinished().filter(course=course).select_related("course").first()
    if running and close_overdue_if_due(running, at):
        return None
    return running


def close_overdue_if_due(attempt: Attempt, at: datetime) -> bool:
    """Spares the lock while time is left."""
    return attempt.is_over_at(at) and close_overdue(attempt_id=attempt.pk, at=at)


@transaction.atomic
def _create_attempt(course, *, by, at) -> Attempt:
    versions = list(QuestionVersion.objects.in_use_for(course).select_related("question"))
    if not versions:
        raise CourseNotOpen(course=course.code)
    attempt = Attempt.objects.create(
        staff=by,
        course=course,
        number=Attempt.objects.of(by).filter(course=course).count() + 1,
        pass_mark=course.pass_mark,
        started_at=at,
        deadline=_deadline(course, by, at),
        total=len(versions),
    )
    _freeze_questions(attempt, sorted(versions, key=lambda version: version.question.number))
    record(
        "training.attempt_started", subject=attempt, by=by, detail={"course": course.title_zh, "number": attempt.number}
    )
    if attempt.deadline:
        close_attempt.using(run_after=attempt.deadline).enqueue(attempt.pk)
    return attempt


def _deadline(course, staff, at) -> datetime | None:
    if course.minutes is None:
        return None
    extra = TimeAllowance.objects.filter(staff=staff).values_list("percent", flat=True).first() or 0
    return at + timedelta(minutes=course.minutes) * (100 + extra) / 100


def _freeze_questions(attempt, versions) -> None:
    AttemptQuestion.objects.bulk_create(
        AttemptQuestion(
            attempt=attempt, position=position, question_version=version, option_order=_order(version, attempt.course)
        )
        for position, version in enumerate(versions, 1)
    )


def _order(version, course) -> list[str]:
    """True and false always stand in this order; the rest is shuffled where the course says so."""
    keys = [option["key"] for option in version.options]
    if course.shuffles_options and version.kind != Kind.TRUE_FALSE:
        return random.sample(keys, len(keys))
    return keys


def save_answers(*, attempt: Attempt, answers, by, at: datetime | None = None) -> Attempt:
    """Keeps `answers`, `{question id: [option id, …]}` as text, over what was given before; the rest stays.

    Raises FieldErrors (nothing is kept then) and AttemptClosed.
    """
    at = at or timezone.now()
    close_overdue_if_due(attempt, at)
    with transaction.atomic():
        held = _locked_open(attempt)
        _store(held, answers, at)
    return held


def mark_question(*, attempt: Attempt, position: int, is_marked: bool, by, at: datetime | None = None) -> None:
    """The flag by which people find a question again; raises AttemptClosed."""
    close_overdue_if_due(attempt, at or timezone.now())
    with transaction.atomic():
        _locked_open(attempt).attemptquestion_set.filter(position=position).update(is_marked=is_marked)


def submit_attempt(*, attempt: Attempt, by, answers=None, at: datetime | None = None) -> Attempt:
    """Marks what is saved, and `answers` over it where given. The first call wins, any other raises AttemptClosed."""
    at = at or timezone.now()
    close_overdue_if_due(attempt, at)
    with transaction.atomic():
        held = _locked_open(attempt)
        if answers is not None:
            _store(held, answers, at)
        return finish(held, closed_by=ClosedBy.PERSON, at=at, by=by)


def _locked_open(attempt) -> Attempt:
    held = lock_attempt(attempt.pk)
    if held.is_closed:
        raise AttemptClosed(attempt=held.pk)
    return held


def _store(attempt, answers, at) -> None:
    questions = {str(each.pk): each for each in attempt.attemptquestion_set.select_related("question_version")}
    offered = {pk: rules_answers.Choices(each.question_version.kind, each.keys_by_id) for pk, each in questions.items()}
    parsed = rules_answers.parse(answers, offered)
    refuse_answers(parsed.faults)
    changed = [questions[pk] for pk in parsed.chosen]
    for each in changed:
        each.chosen, each.saved_at = parsed.chosen[str(each.pk)], at
    AttemptQuestion.objects.bulk_update(changed, ["chosen", "saved_at"])
