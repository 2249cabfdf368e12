"""Services on the real database: one attempt, one result, the clock, what stays as it was."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.sentences import sentence
from tellerdesk.core.errors import FieldErrors
from tests.factories import make_staff
from tests.training.makers import make_course, qualify
from training.enums import ClosedBy
from training.errors import AttemptClosed, CourseNotOpen
from training.models import Attempt, AttemptQuestion, Qualification
from training.selectors.results import result, right_answers
from training.services import attempts as services
from training.services import courses
from training.tasks import close_attempt

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def staff():
    return make_staff()


@pytest.fixture
def course():
    return make_course()


@pytest.fixture
def timed():
    return make_course("customer-maintenance")


def wrong_in_question_4(attempt) -> dict:
    answers = right_answers(attempt)
    fourth = str(attempt.attemptquestion_set.get(position=4).pk)
    return answers | {fourth: answers[fourth][:2]}


class TestStarting:
    def test_freezes_the_questions_in_order(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        rows = attempt.attemptquestion_set.all()
        assert [row.question_version.question.number for row in rows] == [1, 2, 3, 4, 5, 6, 7]
        assert [row.option_order for row in rows][4:6] == [["A", "B", "C", "D"], ["T", "F"]]
        assert (attempt.number, attempt.total, attempt.deadline, attempt.pass_mark) == (1, 7, None, Decimal("60.00"))

    def test_starting_again_goes_on_with_the_open_one(self, staff, course):
        first = services.start_attempt(course=course, by=staff)
        assert services.start_attempt(course=course, by=staff).pk == first.pk

    def test_a_retake_has_the_next_number(self, staff, course):
        qualify(staff)
        assert services.start_attempt(course=course, by=staff).number == 2

    def test_a_closed_course_cannot_be_started(self, staff, course):
        courses.edit_course(course=course, is_open=False, by=staff)
        course.refresh_from_db()
        with pytest.raises(CourseNotOpen):
            services.start_attempt(course=course, by=staff)

    def test_a_course_without_questions_cannot_be_started(self, staff):
        empty = courses.create_course(code="empty", title_zh="空", material_zh="无", by=staff)
        with pytest.raises(CourseNotOpen):
            services.start_attempt(course=empty, by=staff)

    def test_shuffled_options_stay_as_they_were_shuffled(self, staff, course):
        courses.edit_course(course=course, shuffles_options=True, by=staff)
        course.refresh_from_db()
        orders = set()
        for _ in range(12):
            attempt = services.start_attempt(course=course, by=staff)
            orders.add(tuple(attempt.attemptquestion_set.get(position=1).option_order))
            assert attempt.attemptquestion_set.get(position=6).option_order == ["T", "F"]
            services.submit_attempt(attempt=attempt, answers=right_answers(attempt), by=staff)
        assert len(orders) > 1
        assert set(Attempt.objects.values_list("score", flat=True)) == {Decimal("100.00")}

    def test_the_deadline_and_its_task(self, staff, timed):
        attempt = services.start_attempt(course=timed, by=staff)
        task = DBTaskResult.objects.get()
        assert attempt.deadline - attempt.started_at == HALF_AN_HOUR
        assert (task.task_path, task.run_after, task.args_kwargs["args"]) == (
            "training.tasks.close_attempt",
            attempt.deadline,
            [attempt.pk],
        )

    def test_extra_time_of_a_person(self, staff, timed):
        courses.allow_time(staff=staff, percent=50, by=staff)
        attempt = services.start_attempt(course=timed, by=staff)
        assert attempt.deadline - attempt.started_at == timedelta(minutes=45)


class TestSaving:
    def test_later_answers_lie_over_earlier_ones(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        one, three = (attempt.attemptquestion_set.get(position=position) for position in (1, 3))
        services.save_answers(attempt=attempt, answers={str(one.pk): [f"{one.pk}-4"]}, by=staff)
        services.save_answers(attempt=attempt, answers={str(three.pk): [f"{three.pk}-2", f"{three.pk}-1"]}, by=staff)
        services.save_answers(attempt=attempt, answers={str(one.pk): [f"{one.pk}-2"]}, by=staff)
        assert list(attempt.attemptquestion_set.values_list("chosen", flat=True))[:3] == [["B"], [], ["A", "B"]]

    def test_a_fault_keeps_nothing_of_what_was_sent(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        first = attempt.attemptquestion_set.get(position=1)
        with pytest.raises(FieldErrors) as refused:
            services.save_answers(attempt=attempt, answers={str(first.pk): [f"{first.pk}-1"], "0": []}, by=staff)
        first.refresh_from_db()
        assert first.chosen == []
        assert {field: found[0][0] for field, found in refused.value.errors.items()} == {
            "answers.0": "unknown_question"
        }

    def test_questions_of_another_attempt_are_unknown(self, staff, course):
        mine = services.start_attempt(course=course, by=staff)
        theirs = services.start_attempt(course=course, by=make_staff())
        with pytest.raises(FieldErrors):
            services.save_answers(attempt=mine, answers=right_answers(theirs), by=staff)

    def test_marks(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        services.mark_question(attempt=attempt, position=3, is_marked=True, by=staff)
        services.mark_question(attempt=attempt, position=5, is_marked=True, by=staff)
        services.mark_question(attempt=attempt, position=5, is_marked=False, by=staff)
        assert list(attempt.attemptquestion_set.filter(is_marked=True).values_list("position", flat=True)) == [3]


class TestSubmitting:
    def test_six_of_seven_passes_and_qualifies(self, staff, course, settings):
        attempt = services.start_attempt(course=course, by=staff)
        done = services.submit_attempt(attempt=attempt, answers=wrong_in_question_4(attempt), by=staff)
        held = Qualification.objects.get(staff=staff)
        assert (done.score, done.right, done.passed, done.closed_by) == (Decimal("85.71"), 6, True, ClosedBy.PERSON)
        assert (held.course, held.attempt) == (course, done)
        assert 363 <= (held.expires_on - held.granted_on).days <= 365

    def test_what_was_saved_counts(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        services.save_answers(attempt=attempt, answers=wrong_in_question_4(attempt), by=staff)
        assert services.submit_attempt(attempt=attempt, by=staff).score == Decimal("85.71")

    def test_nothing_answered_fails_and_grants_nothing(self, staff, course):
        done = services.submit_attempt(attempt=services.start_attempt(course=course, by=staff), by=staff)
        assert (done.score, done.right, done.passed) == (Decimal("0.00"), 0, False)
        assert not Qualification.objects.exists()

    def test_the_second_submission_changes_nothing(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        services.submit_attempt(attempt=attempt, by=staff)
        with pytest.raises(AttemptClosed):
            services.submit_attempt(attempt=attempt, answers=right_answers(attempt), by=staff)
        with pytest.raises(AttemptClosed):
            services.save_answers(attempt=attempt, answers={}, by=staff)
        attempt.refresh_from_db()
        assert attempt.score == Decimal("0.00")

    def test_best_and_last_score_stay(self, staff, course):
        qualify(staff)
        again = services.submit_attempt(attempt=services.start_attempt(course=course, by=staff), by=staff)
        assert (result(again).best_score, again.score) == (Decimal("100.00"), Decimal("0.00"))

    def test_the_pass_mark_of_the_start_counts(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        courses.edit_course(course=course, pass_mark=Decimal("90.00"), by=staff)
        assert services.submit_attempt(attempt=attempt, answers=wrong_in_question_4(attempt), by=staff).passed is True

    def test_a_key_changed_meanwhile_does_not_count(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        answers = right_answers(attempt)
        question = course.question_set.get(number=1)
        old = question.questionversion_set.get()
        shape = {name: getattr(old, name) for name in ("kind", "stem_zh", "stem_en", "options")} | {"answer_key": ["C"]}
        courses.edit_question(question=question, based_on=1, by=staff, **shape)
        assert services.submit_attempt(attempt=attempt, answers=answers, by=staff).score == Decimal("100.00")

    def test_sentences(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        services.submit_attempt(attempt=attempt, answers=right_answers(attempt), by=staff)
        events = AuditEvent.objects.filter(actor=staff.username).order_by("pk")
        assert [event.action for event in events] == [
            "training.attempt_started",
            "training.attempt_submitted",
            "training.qualification_granted",
        ]
        assert "100.00" in sentence(events[1])


class TestDeadline:
    def begun(self, timed, staff, minutes_ago):
        return services.start_attempt(course=timed, by=staff, at=timezone.now() - timedelta(minutes=minutes_ago))

    def test_after_it_saving_is_refused_and_what_was_saved_counts(self, staff, timed):
        at = timezone.now()
        attempt = services.start_attempt(course=timed, by=staff, at=at)
        services.save_answers(
            attempt=attempt, answers=right_answers(attempt), by=staff, at=at + HALF_AN_HOUR - timedelta(seconds=1)
        )
        with pytest.raises(AttemptClosed):
            services.save_answers(attempt=attempt, answers={}, by=staff, at=at + HALF_AN_HOUR)
        attempt.refresh_from_db()
        assert (attempt.closed_by, attempt.score, attempt.taken) == (ClosedBy.DEADLINE, Decimal("100.00"), HALF_AN_HOUR)

    def test_submitting_too_late_is_refused(self, staff, timed):
        attempt = self.begun(timed, staff, 31)
        with pytest.raises(AttemptClosed):
            services.submit_attempt(attempt=attempt, answers=right_answers(attempt), by=staff)
        attempt.refresh_from_db()
        assert (attempt.closed_by, attempt.passed) == (ClosedBy.DEADLINE, False)

    def test_starting_again_after_it_makes_a_new_attempt(self, staff, timed):
        late = self.begun(timed, staff, 31)
        assert services.start_attempt(course=timed, by=staff).number == 2
        late.refresh_from_db()
        assert late.closed_by == ClosedBy.DEADLINE

    def test_the_task_closes_once_and_never_too_early(self, staff, timed):
        running, late = self.begun(timed, staff, 1), self.begun(timed, make_staff(), 31)
        done = [close_attempt.func(attempt.pk) for attempt in (running, late, late)]
        assert done == [False, True, False]
        assert AuditEvent.objects.filter(action="training.attempt_timed_out").count() == 1


class TestPermanence:
    def refused(self, query, *parameters):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query, parameters)

    def test_a_result_is_written_once(self, staff, course):
        attempt = qualify(staff).attempt
        self.refused("UPDATE training_attempt SET score = 1 WHERE id = %s", attempt.pk)
        self.refused("UPDATE training_attemptquestion SET chosen = '{}' WHERE attempt_id = %s", attempt.pk)
        self.refused("UPDATE training_qualification SET expires_on = expires_on + 999 WHERE staff_id = %s", staff.pk)

    def test_the_frozen_part_of_an_open_attempt(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        self.refused("UPDATE training_attempt SET deadline = now() WHERE id = %s", attempt.pk)
        self.refused("UPDATE training_attemptquestion SET option_order = '{A}' WHERE attempt_id = %s", attempt.pk)

    def test_nothing_is_deleted_or_truncated(self, staff, course):
        qualify(staff)
        for model in (Attempt, AttemptQuestion, Qualification):
            self.refused(f"DELETE FROM {model._meta.db_table}")
            self.refused(f"TRUNCATE {model._meta.db_table} CASCADE")

    def test_versions_never_change(self, course):
        self.refused("UPDATE training_questionversion SET answer_key = '{A}'")


def at_once(number, act):
    """Runs `act(index)` in threads that start together; what each returned or raised."""
    barrier, found = Barrier(number), [None] * number

    def run(index):
        barrier.wait()
        try:
            found[index] = act(index)
        except Exception as error:
            found[index] = type(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[index]) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_eight_starts_make_one_attempt(self, staff, course):
        found = at_once(8, lambda index: services.start_attempt(course=course, by=staff).pk)
        assert len(set(found)) == 1
        assert Attempt.objects.filter(staff=staff).count() == 1

    def test_eight_submissions_make_one_result(self, staff, course):
        attempt = services.start_attempt(course=course, by=staff)
        right, nothing = right_answers(attempt), {}

        def submit(index):
            mine = Attempt.objects.get(pk=attempt.pk)
            return services.submit_attempt(attempt=mine, answers=right if index % 2 else nothing, by=staff).score

        found = at_once(8, submit)
        assert found.count(AttemptClosed) == 7
        attempt.refresh_from_db()
        assert [score for score in found if score != AttemptClosed] == [attempt.score]
        assert Qualification.objects.filter(staff=staff).count() == int(attempt.passed)

    def test_two_edits_of_one_version_make_one(self, staff, course):
        question = course.question_set.get(number=1)
        old = question.questionversion_set.get()
        shape = {name: getattr(old, name) for name in ("kind", "stem_en", "options", "answer_key")}

        def edit(index):
            return courses.edit_question(question=question, based_on=1, by=staff, stem_zh=f"新{index}", **shape).version

        found = at_once(4, edit)
        assert sorted(map(str, found)) == ["2"] + ["<class 'training.errors.QuestionChanged'>"] * 3
