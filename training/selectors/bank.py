"""The question bank as its administrator sees it, keys included."""

from dataclasses import dataclass

from django.db.models import Count, Q

from tellerdesk.core.business_date import today
from training.models import Attempt, Course, Qualification, QuestionVersion


@dataclass(frozen=True)
class CourseRow:
    course: Course
    questions: int
    attempts: int
    passed: int
    holders: int


def course_rows() -> list[CourseRow]:
    """Three queries; attempts and holders of every legal entity, as courses are shared."""
    courses = Course.objects.annotate(asked=Count("question", filter=Q(question__is_retired=False))).order_by("pk")
    counts = Attempt.objects.finished().order_by().values_list("course")
    counts = counts.annotate(taken=Count("pk"), passes=Count("pk", filter=Q(passed=True)))
    taken = {course: (attempts, passed) for course, attempts, passed in counts}
    held = Qualification.objects.valid_on(today()).order_by().values_list("course")
    holders = dict(held.annotate(holders=Count("staff", distinct=True)))
    return [CourseRow(each, each.asked, *taken.get(each.pk, (0, 0)), holders.get(each.pk, 0)) for each in courses]


def question_rows(course: Course) -> list[QuestionVersion]:
    """The version in force of every question, retired ones last."""
    newest = QuestionVersion.objects.filter(question__course=course).newest().select_related("question")
    return sorted(newest, key=lambda version: (version.question.is_retired, version.question.number))
