from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tellerdesk.audit.guards import frozen, permanent
from tiering import enums
from tiering.querysets import RosterEntryQuerySet


class RosterEntry(models.Model):
    """名册: who takes customers of a tier at a branch, and how many of them at most; in force while `until` is null.

    A branch with an open entry for a tier deals that tier's customers among the people of the roster alone.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=20)
    capacity = models.PositiveIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = RosterEntryQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen("legal_entity", "branch", "tier", "staff", "position", "capacity", "since", "by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "tier", "staff"], condition=Q(until__isnull=True), name="roster_once_per_tier"
            ),
            models.CheckConstraint(
                condition=Q(tier__in=[int(each) for each in enums.BANDED]), name="roster_of_a_banded_tier"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="roster_capacity_not_nought"),
        ]
        indexes = [models.Index(fields=["legal_entity", "branch", "tier"], name="roster_by_branch")]

    def __str__(self):
        return f"{self.branch_id} {self.tier} {self.staff_id}"


class RolloutPlan(models.Model):
    """推行计划 of one branch. `go_live_on` starts the month in which every customer gets an owner."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+")
    branch = models.OneToOneField("staff.Branch", on_delete=models.PROTECT, related_name="+")
    go_live_on = models.DateField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    planned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "branch")]

    def __str__(self):
        return f"{self.branch_id} {self.go_live_on}"


class RolloutStep(models.Model):
    """One of the four steps: due on a day, done on another; `done_on` null while it is not."""

    plan = models.ForeignKey(RolloutPlan, on_delete=models.PROTECT, related_name="steps")
    step = models.PositiveSmallIntegerField(choices=enums.RolloutStepKind)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        triggers = [*permanent(), frozen("plan", "step")]
        ordering = ["step"]
        constraints = [models.UniqueConstraint(fields=["plan", "step"], name="rollout_step_once")]

    def __str__(self):
        return f"{self.plan_id} {self.step}"
