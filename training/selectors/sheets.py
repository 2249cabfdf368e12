"""An attempt while it runs: questions, options and what was given. Nothing here knows a key."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from training.enums import Kind
from training.models import Attempt, AttemptQuestion

LABELS = "ABCDEFGH"


@dataclass(frozen=True)
class SheetOption:
    """`label` is the letter of its place in this attempt; true and false have none."""

    id: str
    label: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class SheetQuestion:
    id: int
    position: int
    kind: Kind
    stem: str
    options: list[SheetOption]
    is_marked: bool

    @property
    def is_answered(self) -> bool:
        return any(option.is_chosen for option in self.options)

    @property
    def chosen(self) -> list[str]:
        return [option.id for option in self.options if option.is_chosen]


@dataclass(frozen=True)
class Sheet:
    id: int
    course_code: str
    course_title: str
    number: int
    pass_mark: Decimal
    started_at: datetime
    deadline: datetime | None
    saved_at: datetime | None
    questions: list[SheetQuestion]

    @property
    def answered(self) -> int:
        return sum(question.is_answered for question in self.questions)

    @property
    def blank(self) -> list[int]:
        return [question.position for question in self.questions if not question.is_answered]

    @property
    def marked(self) -> int:
        return sum(question.is_marked for question in self.questions)


def sheet(attempt: Attempt) -> Sheet:
    rows = list(attempt.attemptquestion_set.select_related("question_version"))
    return Sheet(
        id=attempt.pk,
        course_code=attempt.course.code,
        course_title=attempt.course.title,
        number=attempt.number,
        pass_mark=attempt.pass_mark,
        started_at=attempt.started_at,
        deadline=attempt.deadline,
        saved_at=max((row.saved_at for row in rows if row.saved_at), default=None),
        questions=[_question(row) for row in rows],
    )


def _question(row: AttemptQuestion) -> SheetQuestion:
    version = row.question_version
    return SheetQuestion(row.pk, row.position, Kind(version.kind), version.stem, options_of(row), row.is_marked)


def options_of(row: AttemptQuestion) -> list[SheetOption]:
    texts = row.question_version.texts
    lettered = row.question_version.kind != Kind.TRUE_FALSE
    return [
        SheetOption(row.option_id(place), LABELS[place - 1] if lettered else "", texts[key], key in row.chosen)
        for place, key in enumerate(row.option_order, 1)
    ]
