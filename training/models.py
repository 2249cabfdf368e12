from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import append_only, frozen, permanent
from training.enums import ClosedBy, Kind, Unlockable
from training.querysets import (
    AttemptQuerySet,
    CourseQuerySet,
    CourseUnlockQuerySet,
    QualificationQuerySet,
    QuestionVersionQuerySet,
)

ATTEMPT_OVER = """
IF EXISTS (SELECT 1 FROM training_attempt WHERE id = NEW.attempt_id AND submitted_at IS NOT NULL) THEN
  RAISE EXCEPTION 'the answers of a closed attempt never change';
END IF;
RETURN NEW;
"""


def in_language(chinese: str, english: str) -> str:
    """English where it is read and written; else Chinese, which is always there."""
    return english if english and (get_language() or "").startswith("en") else chinese


class Course(models.Model):
    """课程: shared by all legal entities. `minutes` null means without a limit; material is read by rules.material."""

    code = models.SlugField(_("Course code"), max_length=40, unique=True)
    title_zh = models.CharField(_("Title (Chinese)"), max_length=100)
    title_en = models.CharField(_("Title (English)"), max_length=150, blank=True)
    material_zh = models.TextField(_("Material (Chinese)"))
    material_en = models.TextField(_("Material (English)"), blank=True)
    pass_mark = models.DecimalField(
        _("Pass mark"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("60.00"),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    valid_months = models.PositiveSmallIntegerField(
        _("Valid for months"), default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    shuffles_options = models.BooleanField(_("Shuffle the options of every attempt"), default=False)
    is_open = models.BooleanField(_("Open for attempts"), default=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = permanent()
        constraints = [
            models.CheckConstraint(condition=Q(pass_mark__gt=0, pass_mark__lte=100), name="course_pass_mark_in_range"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gt=0), name="course_minutes_positive"
            ),
            models.CheckConstraint(condition=Q(valid_months__gt=0), name="course_valid_months_positive"),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def material(self) -> str:
        return in_language(self.material_zh, self.material_en)

    @property
    def audit_label(self) -> str:
        return self.title_zh


class CourseUnlock(models.Model):
    """While this is active, `permission` needs the course beside the position."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT)
    permission = models.CharField(max_length=60, choices=Unlockable)
    is_active = models.BooleanField(default=True)

    objects = CourseUnlockQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [*permanent(), frozen("course", "permission")]
        constraints = [models.UniqueConstraint(fields=["course", "permission"], name="course_unlock_once")]

    def __str__(self):
        return f"{self.course} {self.permission}"


class Question(models.Model):
    """A place in the bank; what it asks is its newest version."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT)
    number = models.PositiveSmallIntegerField(_("Number"))
    is_retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["course", "number"]
        triggers = permanent()
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="question_number_once")]

    def __str__(self):
        return f"{self.course} {self.number}"


class QuestionVersion(models.Model):
    """Text and key as they stood from `at` on; never changed, since attempts refer to them.

    `options` is `[{key, zh, en}]`; `section` is the part of the material that explains the question, where known.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    stem_zh = models.TextField(_("Question (Chinese)"))
    stem_en = models.TextField(_("Question (English)"), blank=True)
    options = models.JSONField(_("Options"))
    answer_key = ArrayField(models.CharField(max_length=4), verbose_name=_("Right answer"))
    explanation_zh = models.TextField(_("Explanation (Chinese)"), blank=True)
    explanation_en = models.TextField(_("Explanation (English)"), blank=True)
    section = models.PositiveSmallIntegerField(_("Explained in section"), null=True, blank=True)
    created_by = models.CharField(max_length=30)
    at = models.DateTimeField(default=timezone.now)

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["question", "-version"]
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(fields=["question", "version"], name="question_version_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="question_kind_known"),
            models.CheckConstraint(condition=Q(answer_key__len__gt=0), name="question_has_key"),
        ]

    def __str__(self):
        return f"{self.question} v{self.version}"

    @property
    def stem(self) -> str:
        return in_language(self.stem_zh, self.stem_en)

    @property
    def explanation(self) -> str:
        return in_language(self.explanation_zh, self.explanation_en)

    @property
    def texts(self) -> dict[str, str]:
        """What each option says, by its key."""
        return {option["key"]: in_language(option["zh"], option["en"]) for option in self.options}


class Attempt(models.Model):
    """一次作答: questions, order, keys and pass mark are those of its start; its result is written once."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    course = models.ForeignKey(Course, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    pass_mark = models.DecimalField(max_digits=5, decimal_places=2)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=8, choices=ClosedBy, blank=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    right = models.PositiveSmallIntegerField(null=True)
    total = models.PositiveSmallIntegerField()
    passed = models.BooleanField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [
            *permanent(),
            frozen("staff", "course", "number", "pass_mark", "started_at", "deadline", "total"),
            pgtrigger.Protect(
                name="result_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__submitted_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["staff", "course", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["staff", "course"], condition=Q(submitted_at__isnull=True), name="attempt_open_once"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, score=None, right=None, passed=None, closed_by="")
                | Q(
                    submitted_at__isnull=False,
                    score__isnull=False,
                    right__lte=F("total"),
                    passed__isnull=False,
                    closed_by__in=ClosedBy.values,
                ),
                name="attempt_result_whole",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.course} {self.number}"

    @property
    def is_closed(self) -> bool:
        return self.submitted_at is not None

    def is_over_at(self, at) -> bool:
        """Open still, but its time has passed."""
        return not self.is_closed and self.deadline is not None and at >= self.deadline

    @property
    def ended_at(self):
        """A limit that ran out overnight ended the work at the limit, not when the server noticed."""
        return self.deadline if self.closed_by == ClosedBy.DEADLINE else self.submitted_at

    @property
    def taken(self):
        return self.ended_at - self.started_at if self.is_closed else None

    @property
    def audit_label(self) -> str:
        return f"{self.staff.name} {self.course.title_zh}"


class AttemptQuestion(models.Model):
    """One question of an attempt with the answer as given: `chosen` in the keys of its version."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT)
    option_order = ArrayField(models.CharField(max_length=4))
    chosen = ArrayField(models.CharField(max_length=4), default=list)
    is_marked = models.BooleanField(default=False)
    saved_at = models.DateTimeField(null=True)
    is_right = models.BooleanField(null=True)

    class Meta:
        ordering = ["attempt", "position"]
        triggers = [
            *permanent(),
            frozen("attempt", "position", "question_version", "option_order"),
            pgtrigger.Trigger(
                name="closed", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update, func=ATTEMPT_OVER
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="attempt_position_once")]

    def __str__(self):
        return f"{self.attempt} {self.position}"

    def option_id(self, place: int) -> str:
        """Says where the option stands in this attempt, and nothing of the bank's own letters."""
        return f"{self.pk}-{place}"

    @property
    def keys_by_id(self) -> dict[str, str]:
        return {self.option_id(place): key for place, key in enumerate(self.option_order, 1)}


class Qualification(models.Model):
    """上岗资格: from `granted_on` to `expires_on`, both days included."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    course = models.ForeignKey(Course, on_delete=models.PROTECT)
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT)
    granted_on = models.DateField()
    expires_on = models.DateField()

    objects = QualificationQuerySet.as_manager()

    class Meta:
        ordering = ["-expires_on", "-pk"]
        triggers = append_only()
        indexes = [models.Index(fields=["staff", "course", "expires_on"], name="qualification_held")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_on__gte=F("granted_on")), name="qualification_period_forward")
        ]

    def __str__(self):
        return f"{self.staff} {self.course} {self.expires_on}"

    @property
    def audit_label(self) -> str:
        return f"{self.staff.name} {self.course.title_zh}"


class TimeAllowance(models.Model):
    """Extra time one person has in every quiz, in percent of the minutes: limits must be adjustable (WCAG 2.2.1)."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    percent = models.PositiveSmallIntegerField(
        _("Extra time in percent"), default=0, validators=[MaxValueValidator(900)]
    )

    class Meta:
        triggers = permanent()

    def __str__(self):
        return f"{self.staff} +{self.percent}%"
