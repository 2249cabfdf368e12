"""The two courses that every installation starts with."""

import json
from pathlib import Path

from django.db import transaction

from tellerdesk.audit.services import record
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System
from training.models import Course, CourseUnlock, Question, QuestionVersion

DATA = Path(__file__).parent / "data"
# Courses are shared, so the event stands in no entity's chain but in one of its own.
SHARED = System(LegalEntity(code="-", name="-"))


def load_courses() -> int:
    """Makes the courses that are not there yet and says how many; what is there, edited or not, stays as it is."""
    questions = json.loads((DATA / "questions.json").read_text(encoding="utf-8"))
    courses = json.loads((DATA / "courses.json").read_text(encoding="utf-8"))
    known = set(Course.objects.values_list("code", flat=True))
    missing = [course for course in courses if course["code"] not in known]
    for course in missing:
        _load(course, [each for each in questions if each["course"] == course["code"]])
    return len(missing)


@transaction.atomic
def _load(given: dict, questions: list[dict]) -> None:
    fields = {name: given[name] for name in ("code", "title_zh", "title_en", "minutes", "valid_months")}
    course = Course.objects.create(**fields, material_zh=_material(given, "zh"), material_en=_material(given, "en"))
    unlocks = [CourseUnlock.objects.create(course=course, permission=each) for each in given["unlocks"]]
    versions = [_version(course, each, given["sections"].get(str(each["number"]))) for each in questions]
    detail = {"course": course.title_zh, "questions": len(versions)}
    record(
        "training.bank_loaded",
        subject=course,
        by=SHARED,
        detail=detail,
        touched=[*unlocks, *(v.question for v in versions), *versions],
    )


def _material(given: dict, language: str) -> str:
    return (DATA / f"{given['code']}.{language}.md").read_text(encoding="utf-8")


def _version(course: Course, given: dict, section: int | None) -> QuestionVersion:
    question = Question.objects.create(course=course, number=given["number"])
    texts = {
        name: given[name] for name in ("kind", "stem_zh", "stem_en", "options", "explanation_zh", "explanation_en")
    }
    return QuestionVersion.objects.create(
        question=question, version=1, answer_key=given["answer"], section=section, created_by=SHARED.username, **texts
    )
