"""What the training administrator changes: courses, what they unlock, questions and keys, extra time."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from tellerdesk.audit.services import changed_fields, record
from training.errors import QuestionChanged, QuestionRetired
from training.models import Course, CourseUnlock, Question, QuestionVersion, TimeAllowance
from training.validators import refuse_question

EDITABLE = (
    "title_zh",
    "title_en",
    "material_zh",
    "material_en",
    "pass_mark",
    "minutes",
    "valid_months",
    "shuffles_options",
    "is_open",
)
LONG_TEXTS = ("material_zh", "material_en")


@transaction.atomic
def create_course(*, code: str, by, **fields) -> Course:
    course = Course.objects.create(code=code, **fields)
    record("training.course_created", subject=course, by=by, detail={"course": course.title_zh})
    return course


@transaction.atomic
def edit_course(*, course: Course, by, **fields) -> Course:
    """Counts for attempts started from now on; those that run keep their pass mark and deadline."""
    held = Course.objects.select_for_update().get(pk=course.pk)
    before = {name: getattr(held, name) for name in EDITABLE}
    for name, value in fields.items():
        setattr(held, name, value)
    changes = changed_fields(before, {name: getattr(held, name) for name in EDITABLE})
    if changes:
        held.save(update_fields=list(changes))
        changes |= {name: ["…", "…"] for name in LONG_TEXTS if name in changes}
        record("training.course_edited", subject=held, by=by, detail={"course": held.title_zh}, changes=changes)
    return held


@transaction.atomic
def set_unlocks(*, course: Course, permissions, by) -> None:
    """Exactly these permissions need the course from now on."""
    Course.objects.select_for_update().get(pk=course.pk)
    rows = {row.permission: row for row in course.courseunlock_set.all()}
    wanted = set(permissions)
    before = sorted(name for name, row in rows.items() if row.is_active)
    touched = [CourseUnlock.objects.create(course=course, permission=name) for name in sorted(wanted - set(rows))]
    for name, row in rows.items():
        if row.is_active != (name in wanted):
            row.is_active = name in wanted
            row.save(update_fields=["is_active"])
            touched.append(row)
    if touched:
        changes = {"permissions": [before, sorted(wanted)]}
        record(
            "training.unlocks_set",
            subject=course,
            by=by,
            detail={"course": course.title_zh},
            changes=changes,
            touched=touched,
        )


@transaction.atomic
def create_question(*, course: Course, by, number: int | None = None, **shape) -> QuestionVersion:
    """The next number of the course unless `number` is given. Raises FieldErrors."""
    _refuse(shape)
    Course.objects.select_for_update().get(pk=course.pk)
    number = number or (course.question_set.aggregate(last=Max("number"))["last"] or 0) + 1
    question = Question.objects.create(course=course, number=number)
    version = QuestionVersion.objects.create(question=question, version=1, created_by=by.username, **shape)
    detail = {"course": course.title_zh, "number": number}
    record("training.question_created", subject=version, by=by, detail=detail, touched=[question])
    return version


def edit_question(*, question: Question, based_on: int, by, **shape) -> QuestionVersion:
    """A new version beside the old ones. Raises FieldErrors, QuestionRetired, and QuestionChanged when too late."""
    if question.is_retired:
        raise QuestionRetired
    _refuse(shape)
    try:
        return _next_version(question, based_on, by=by, shape=shape)
    except IntegrityError as error:
        raise QuestionChanged from error


@transaction.atomic
def _next_version(question, based_on, *, by, shape) -> QuestionVersion:
    old = question.questionversion_set.first()
    if old.version != based_on:
        raise QuestionChanged
    changes = changed_fields({name: getattr(old, name) for name in shape}, shape)
    if not changes:
        return old
    version = QuestionVersion.objects.create(question=question, version=based_on + 1, created_by=by.username, **shape)
    detail = {"course": question.course.title_zh, "number": question.number, "version": version.version}
    key_changed = "answer_key" in changes
    action = "training.question_key_changed" if key_changed else "training.question_edited"
    record(
        action,
        subject=version,
        by=by,
        detail=detail,
        changes={name: pair for name, pair in changes.items() if name != "answer_key"},
    )
    return version


@transaction.atomic
def retire_question(*, question: Question, by) -> None:
    """No new attempt asks it; the old ones keep it."""
    held = Question.objects.select_for_update(of=("self",)).select_related("course").get(pk=question.pk)
    if held.is_retired:
        raise QuestionRetired
    held.is_retired = True
    held.save(update_fields=["is_retired"])
    record(
        "training.question_retired", subject=held, by=by, detail={"course": held.course.title_zh, "number": held.number}
    )


@transaction.atomic
def allow_time(*, staff, percent: int, by) -> TimeAllowance:
    """Extra time in every attempt that `staff` starts from now on; 0 takes it back."""
    allowance, is_new = TimeAllowance.objects.get_or_create(staff=staff)
    before = 0 if is_new else allowance.percent
    allowance.percent = percent
    allowance.save(update_fields=["percent"])
    detail = {"name": staff.name, "percent": percent}
    record("training.time_allowed", subject=allowance, by=by, detail=detail, changes={"percent": [before, percent]})
    return allowance


def _refuse(shape) -> None:
    refuse_question(kind=shape["kind"], stem=shape["stem_zh"], options=shape["options"], answer_key=shape["answer_key"])
