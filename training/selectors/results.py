"""An attempt once it is closed: the verdict, and per question the answer given beside the right one (rules 7)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max

from training.enums import Kind
from training.models import Attempt, AttemptQuestion, Qualification
from training.selectors.courses import unlocks_for
from training.selectors.sheets import SheetOption, options_of


@dataclass(frozen=True)
class ReviewedQuestion:
    """`key` holds ids of `options`; `key_label` is how the key is written: ABC, or the word for true or false."""

    id: int
    position: int
    kind: Kind
    stem: str
    options: list[SheetOption]
    key: list[str]
    is_right: bool
    explanation: str
    section: int | None

    @property
    def chosen(self) -> list[str]:
        return [option.id for option in self.options if option.is_chosen]

    @property
    def key_label(self) -> str:
        return "".join(option.label or option.text for option in self.options if option.id in self.key)


@dataclass(frozen=True)
class Group:
    kind: Kind
    reviews: list[ReviewedQuestion]

    @property
    def right(self) -> int:
        return sum(review.is_right for review in self.reviews)


@dataclass(frozen=True)
class Result:
    attempt: Attempt
    groups: list[Group]
    best_score: Decimal
    qualified_until: date | None
    unlocks: list[tuple[str, str]]

    @property
    def reviews(self) -> list[ReviewedQuestion]:
        return sorted((review for group in self.groups for review in group.reviews), key=lambda review: review.position)


def result(attempt: Attempt) -> Result:
    """For a closed attempt only: this is where the key leaves the server."""
    rows = attempt.attemptquestion_set.select_related("question_version")
    reviews = [_review(row) for row in rows]
    groups = [Group(kind, [each for each in reviews if each.kind == kind]) for kind in Kind]
    granted = Qualification.objects.filter(attempt=attempt).first()
    return Result(
        attempt=attempt,
        groups=[group for group in groups if group.reviews],
        best_score=best_score(attempt),
        qualified_until=granted.expires_on if granted else None,
        unlocks=unlocks_for(attempt.course, attempt.staff) if granted else [],
    )


def best_score(attempt: Attempt) -> Decimal:
    own = Attempt.objects.filter(staff=attempt.staff_id, course=attempt.course_id).finished()
    return own.aggregate(best=Max("score"))["best"]


def _review(row: AttemptQuestion) -> ReviewedQuestion:
    version = row.question_version
    return ReviewedQuestion(
        id=row.pk,
        position=row.position,
        kind=Kind(version.kind),
        stem=version.stem,
        options=options_of(row),
        key=right_option_ids(row),
        is_right=row.is_right,
        explanation=version.explanation,
        section=version.section,
    )


def right_option_ids(row: AttemptQuestion) -> list[str]:
    return [option for option, key in row.keys_by_id.items() if key in row.question_version.answer_key]


def right_answers(attempt: Attempt) -> dict[str, list[str]]:
    """What submit_attempt takes to score 100.00: for sample data, whose people hold their courses already."""
    rows = attempt.attemptquestion_set.select_related("question_version")
    return {str(row.pk): right_option_ids(row) for row in rows}
