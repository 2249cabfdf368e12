from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import append_only, permanent
from training.enums import Kind
from training.models.courses import Course
from training.models.wording import in_language
from training.querysets import QuestionVersionQuerySet


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
