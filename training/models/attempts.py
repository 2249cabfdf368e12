import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tellerdesk.audit.guards import append_only, frozen, permanent
from training.enums import ClosedBy
from training.models.courses import Course
from training.models.questions import QuestionVersion
from training.querysets import AttemptQuerySet, QualificationQuerySet

ATTEMPT_OVER = """
IF EXISTS (SELECT 1 FROM training_attempt WHERE id = NEW.attempt_id AND submitted_at IS NOT NULL) THEN
  RAISE EXCEPTION 'the answers of a closed attempt never change';
END IF;
RETURN NEW;
"""


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
