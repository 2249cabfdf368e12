from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tellerdesk.audit.guards import frozen, permanent
from tellerdesk.limits.enums import ChangeStatus
from tellerdesk.limits.querysets import LimitChangeQuerySet
from tellerdesk.limits.registry import LIMITS, Limit


class LimitChange(models.Model):
    """A limit asked for by one person and put in force, or returned, by a second one; `before` is what the maker saw.

    The newest applied change of a name is its value; the rows stay for ever.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=60)
    before = models.IntegerField()
    after = models.IntegerField()
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=9, choices=ChangeStatus, default=ChangeStatus.PENDING)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)

    objects = LimitChangeQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(), frozen("legal_entity", "name", "before", "after", "reason", "maker", "made_at")
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "name"], condition=Q(status="pending"), name="limit_change_one_open"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="limit_change_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(status="applied") | Q(checker__isnull=False), name="limit_change_applied_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["legal_entity", "name", "-id"], name="limit_change_by_name")]

    def __str__(self):
        return f"{self.name} {self.before} > {self.after}"

    @property
    def limit(self) -> Limit | None:
        """None for what an earlier release knew."""
        return LIMITS.get(self.name)

    @property
    def audit_label(self) -> str:
        return self.name
