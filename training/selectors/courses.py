"""Courses as one person finds them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q

from tellerdesk.core.business_date import today
from tellerdesk.staff.roles import permissions_of
from training.enums import Unlockable
from training.models import Attempt, Course, CourseUnlock, Qualification
from training.rules import material, validity

REMINDED_DAYS = 30


@dataclass(frozen=True)
class Standing:
    """What one person has done in one course. `running` is the attempt that may be gone on with.

    `is_expiring`: the last day held lies within the days in which people are reminded to take the quiz again.
    """

    held_until: date | None
    is_expiring: bool
    lapsed_on: date | None
    best_score: Decimal | None
    last_score: Decimal | None
    attempts: int
    running: int | None


@dataclass(frozen=True)
class CourseCard:
    course: Course
    questions: int
    standing: Standing


@dataclass(frozen=True)
class CoursePage:
    card: CourseCard
    sections: list[material.Section]
    unlocks: list[tuple[str, str]]
    attempts: list[Attempt]


def course_cards(staff, *, at: datetime) -> list[CourseCard]:
    """Three queries, however many courses and attempts there are."""
    standings = _standings(staff, at)
    return [CourseCard(course, course.asked, standings(course.pk)) for course in _counted()]


def own_cards(staff, *, at: datetime) -> list[CourseCard]:
    """The courses that open something for the positions of `staff`, and those that he has begun anyway."""
    own = permissions_of(posting.position for posting in staff.postings_now)
    opening = CourseUnlock.objects.in_force().filter(course=OuterRef("pk"), permission__in=own)
    standings = _standings(staff, at)
    cards = [
        CourseCard(course, course.asked, standings(course.pk)) for course in _counted().annotate(opens=Exists(opening))
    ]
    return [each for each in cards if each.course.opens or _is_begun(each.standing)]


def _is_begun(standing: Standing) -> bool:
    return bool(standing.attempts or standing.held_until or standing.lapsed_on)


def course_page(course: Course, staff, *, at: datetime) -> CoursePage:
    card = CourseCard(course, _counted().get(pk=course.pk).asked, _standings(staff, at)(course.pk))
    past = Attempt.objects.of(staff).filter(course=course).finished().order_by("-number")
    return CoursePage(card, material.parse(course.material), unlocks_for(course, staff), list(past))


def unlocks_for(course: Course, staff) -> list[tuple[str, str]]:
    """Of what the course stands before, that which the positions of `staff` include, as (permission, label)."""
    own = permissions_of(posting.position for posting in staff.postings_now)
    gated = set(course.courseunlock_set.in_force().values_list("permission", flat=True))
    return [(each.value, each.label) for each in Unlockable if each in own & gated]


def _counted():
    return Course.objects.annotate(asked=Count("question", filter=Q(question__is_retired=False))).order_by("pk")


def _standings(staff, at):
    attempts, held = defaultdict(list), defaultdict(list)
    for attempt in Attempt.objects.of(staff).order_by("number"):
        attempts[attempt.course_id].append(attempt)
    for qualification in Qualification.objects.of(staff):
        held[qualification.course_id].append(qualification)
    return lambda course: _standing(attempts[course], held[course], at)


def _standing(attempts, held, at) -> Standing:
    day = today()
    valid = [each.expires_on for each in held if validity.holds_on(day, each.granted_on, each.expires_on)]
    lapsed = [each.expires_on for each in held if each.expires_on < day]
    scores = [each.score for each in attempts if each.is_closed]
    running = [each.pk for each in attempts if not each.is_closed and not each.is_over_at(at)]
    held_until = max(valid, default=None)
    return Standing(
        held_until=held_until,
        is_expiring=held_until is not None and (held_until - day).days <= REMINDED_DAYS,
        lapsed_on=None if valid else max(lapsed, default=None),
        best_score=max(scores, default=None),
        last_score=scores[-1] if scores else None,
        attempts=len(attempts),
        running=running[0] if running else None,
    )
