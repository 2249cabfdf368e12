from django.db import models
from django.db.models import Q

from tellerdesk.audit.guards import permanent
from tellerdesk.files.runs import FileRun
from tiering.querysets import NightlyRunQuerySet, SnapshotDayQuerySet


class NightlyRun(FileRun):
    """One file of one day on its way from load to summary, and the report of it.

    `tiers` counts the customers of the whole legal entity by tier code after the run; `missing` are customers in scope
    without a line on the newest day; `assigned` those who got an owner in this run. `moved_standing` is False where the
    file only filled an older day.
    """

    as_of = models.DateField()
    policy_version = models.PositiveIntegerField(null=True)
    moved_standing = models.BooleanField(default=False)
    missing = models.BigIntegerField(default=0)
    assigned = models.BigIntegerField(default=0)
    unowned = models.BigIntegerField(default=0)
    moved_up = models.BigIntegerField(default=0)
    moved_down = models.BigIntegerField(default=0)
    tiers = models.JSONField(default=dict)
    seconds_by_step = models.JSONField(default=dict)

    objects = NightlyRunQuerySet.as_manager()

    class Meta:
        triggers = permanent()
        indexes = [models.Index(fields=["legal_entity", "-id"], name="run_by_entity")]

    def __str__(self):
        return f"{self.as_of} {self.file_name}"

    @property
    def audit_label(self) -> str:
        return f"{self.as_of} {self.file_name}"


class SnapshotDay(models.Model):
    """A day that was loaded. `table_name` is its partition; `policy` gave the tiers that its lines carry.

    `lines` were there; on `dropped_on` they had had their time and went (jobs.day_retention).
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    as_of = models.DateField()
    table_name = models.CharField(max_length=63)
    policy = models.ForeignKey("tiering.TierPolicy", on_delete=models.PROTECT, related_name="+")
    lines = models.BigIntegerField(default=0)
    moved_standing = models.BooleanField(default=False)
    dropped_on = models.DateField(null=True)

    objects = SnapshotDayQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "as_of"], name="snapshot_day_once"),
            models.CheckConstraint(condition=Q(lines__gte=0), name="snapshot_day_lines"),
        ]

    def __str__(self):
        return f"{self.as_of}"


class SnapshotLine(models.Model):
    """One customer on one day: the partitioned table `tiering_snapshotline`, read through the partition's key.

    Amounts are whole fen; the three further amounts are null for nought. `admission` holds the two admission bits of
    enums.Reason, `categories` the bits of ProductCategory, `tier` and `reasons` what the policy of the day made of it.
    Branch and birth date are the customer's when the line was loaded: tiers need no join.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    legal_entity_id = models.BigIntegerField()
    as_of = models.DateField()
    branch_id = models.BigIntegerField()
    aum = models.BigIntegerField()
    card_spend_year = models.BigIntegerField(null=True)
    personal_loan_balance = models.BigIntegerField(null=True)
    custody_margin = models.BigIntegerField(null=True)
    birth_date = models.DateField(null=True)
    categories = models.IntegerField()
    card_level = models.SmallIntegerField()
    admission = models.SmallIntegerField()
    tier = models.SmallIntegerField()
    reasons = models.SmallIntegerField()

    class Meta:
        managed = False
        db_table = "tiering_snapshotline"

    def __str__(self):
        return f"{self.customer_id} {self.as_of}"
