import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tellerdesk.audit.guards import append_only, frozen, permanent
from tellerdesk.files.runs import SILENT_AFTER, RunStatus
from tiering import enums
from tiering.querysets import AssessmentQuerySet


def frozen_once(name: str, condition: str, *fields: str) -> pgtrigger.Trigger:
    changes = " OR ".join(f"OLD.{field} IS DISTINCT FROM NEW.{field}" for field in fields)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"{condition} AND ({changes})"),
        func="RAISE EXCEPTION 'what is computed in % stays, and so does what is closed', TG_TABLE_NAME;",
    )


class Assessment(models.Model):
    """季度考核 of one quarter, one version of it. What is computed never changes; a later computation is a new version.

    `opening_on` and `closing_on` are the loaded days that stand for the ends of the quarter; `incomplete` says why the
    version cannot be closed. `categories` is the length of the policy's list of products at the end, `category_bits`
    the list. `opening_day` and `closing_day` hold the customers of the two days; versions without them hold all of
    their customers themselves.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    quarter = models.CharField(max_length=6)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    opening_on = models.DateField(null=True)
    closing_on = models.DateField(null=True)
    policy_version = models.PositiveIntegerField(null=True)
    categories = models.PositiveSmallIntegerField(default=0)
    category_bits = models.IntegerField(default=0)
    opening_day = models.ForeignKey(
        "tiering.AssessedDay", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closing_day = models.ForeignKey(
        "tiering.AssessedDay", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    incomplete = models.CharField(max_length=20, choices=enums.Incomplete, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(null=True)
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    computed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=200, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen("legal_entity", "quarter", "version", "computed_by"),
            frozen_once(
                "frozen_once_computed", "OLD.status = 'succeeded'",
                "status", "opening_on", "closing_on", "policy_version", "categories", "category_bits", "opening_day_id",
                "closing_day_id", "incomplete", "computed_at",
            ),
            frozen_once("frozen_once_closed", "OLD.closed_at IS NOT NULL", "closed_at", "closed_by_id", "close_reason"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "quarter", "version"], name="assessment_version_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(status="succeeded", incomplete=""),
                name="assessment_closed_is_complete",
            ),
        ]

    def __str__(self):
        return f"{self.quarter} v{self.version}"

    @property
    def audit_label(self) -> str:
        return str(self)

    @property
    def is_computed(self) -> bool:
        return self.status == RunStatus.SUCCEEDED

    @property
    def has_figures(self) -> bool:
        """Of a quarter without a day at one of its ends there are none."""
        return self.opening_on is not None and self.closing_on is not None

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_over(self) -> bool:
        return self.status in (RunStatus.SUCCEEDED, RunStatus.FAILED)

    @property
    def is_silent(self) -> bool:
        """Not over, and nothing was heard of it for a while: no worker may be at it."""
        return not self.is_over and timezone.now() - (self.heartbeat_at or self.queued_at) > SILENT_AFTER

    @property
    def state(self) -> str:
        """How the interface names it: queued, running, failed, computed or closed."""
        if not self.is_computed:
            return self.status
        return "closed" if self.is_closed else "computed"


class AssessmentFigure(models.Model):
    """What adds up: an owner's customers of one branch, and without owner the branch's own measure (中高端客户数).

    Every indicator of an owner, a branch or the bank is a sum of these (rules.indicators.Tally); amounts are whole fen.
    Branch is the customer's on the closing day. Written by the job alone, out of rows that have their keys: asked again
    for each of them, these would cost more than the sums.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="figures", db_index=False, db_constraint=False
    )
    branch = models.ForeignKey(
        "staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    opening_customers = models.BigIntegerField(default=0)
    churned = models.BigIntegerField(default=0)
    upgraded = models.BigIntegerField(default=0)
    closing_customers = models.BigIntegerField(default=0)
    products = models.BigIntegerField(default=0)
    new_customers = models.BigIntegerField(default=0)
    left_customers = models.BigIntegerField(default=0)
    opening_aum = models.BigIntegerField(default=0)
    closing_aum = models.BigIntegerField(default=0)
    wealthy_opening = models.BigIntegerField(default=0)
    wealthy_closing = models.BigIntegerField(default=0)

    class Meta:
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "branch", "owner"], name="assessment_figure_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["assessment", "owner"], name="assessment_figure_by_owner")]

    def __str__(self):
        return f"{self.assessment_id} {self.branch_id} {self.owner_id}"


class AssessedOwner(models.Model):
    """分类考核: as what somebody is assessed, and the rank of each indicator among all of that category in the bank.

    A rank is null where the indicator has no rate.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="owners", db_index=False, db_constraint=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    position = models.CharField(max_length=20)
    category = models.CharField(max_length=12, choices=enums.StaffCategory)
    churn_rate = models.PositiveIntegerField(null=True)
    upgrade_rate = models.PositiveIntegerField(null=True)
    product_coverage = models.PositiveIntegerField(null=True)
    customer_growth = models.PositiveIntegerField(null=True)
    aum_growth = models.PositiveIntegerField(null=True)

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["assessment", "owner"], name="assessed_owner_once")]

    def __str__(self):
        return f"{self.assessment_id} {self.owner_id} {self.category}"


class AssessmentCustomer(models.Model):
    """A customer who was judged apart: the table `tiering_assessmentcustomer`, a partition for each assessment.

    Of everybody else the lines of the two days say what they count as (selectors.assessed_customers). `parts` are the
    bits of rules.indicators.Part, none of whoever counts as nothing. Written by the job alone, once.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    assessment = models.ForeignKey(Assessment, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    opening_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    closing_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    arrival_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    opening_aum = models.BigIntegerField()
    closing_aum = models.BigIntegerField()
    products = models.SmallIntegerField()
    parts = models.SmallIntegerField()

    class Meta:
        managed = False
        db_table = "tiering_assessmentcustomer"

    def __str__(self):
        return f"{self.assessment_id} {self.customer_id}"
