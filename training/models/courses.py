from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import frozen, permanent
from training.enums import Unlockable
from training.models.wording import in_language
from training.querysets import CourseQuerySet, CourseUnlockQuerySet


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
