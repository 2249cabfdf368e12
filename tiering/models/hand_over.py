from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tellerdesk.audit.guards import append_only, frozen, permanent
from tiering import enums
from tiering.querysets import HandOverQuerySet, HandOverRowQuerySet

UNDO_WITHIN = timedelta(days=1)
OPEN = (enums.HandOverStatus.DRAFT, enums.HandOverStatus.SUBMITTED)
CARRIED_OUT = (enums.HandOverStatus.APPROVED, enums.HandOverStatus.UNDONE)


class HandOver(models.Model):
    """移交: everything one person looks after goes to others, made by one person and approved by another.

    `branch` is the leaver's, whose people with the permission make it and decide on it. `moved` keeps what ended
    beside the customers at approval (roster entries, referrals), for the undoing. Never deleted.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    leaver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=enums.HandOverReason)
    note = models.CharField(max_length=200)
    last_day = models.DateField()
    status = models.CharField(max_length=9, choices=enums.HandOverStatus, default=enums.HandOverStatus.DRAFT)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    done_on = models.DateField(null=True)
    moved = models.JSONField(default=dict)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(), frozen("legal_entity", "branch", "leaver", "reason", "note", "last_day", "maker", "made_at")
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["leaver"], condition=Q(status__in=OPEN), name="hand_over_one_open"),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="hand_over_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=F("leaver")), name="hand_over_not_by_the_leaver"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CARRIED_OUT) | Q(checker__isnull=False, done_on__isnull=False),
                name="hand_over_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["branch", "status", "-id"], name="hand_over_by_branch")]

    def __str__(self):
        return f"{self.leaver_id} {self.status}"

    @property
    def audit_label(self) -> str:
        return self.leaver.audit_label

    @property
    def number(self) -> str:
        """The serial number of the list of what was handed over; none before that."""
        return f"{self.branch.code}-{self.done_on:%y%m%d}-{self.pk:06d}" if self.done_on else ""

    @property
    def undo_until(self):
        return self.decided_at + UNDO_WITHIN if self.status == enums.HandOverStatus.APPROVED else None


class HandOverRow(models.Model):
    """One customer of a hand-over, with exactly one fate. Tier, branch and amount (whole fen) are those of the split.

    `assignment` is the leaver's own row that ends, `to_assignment` the receiver's that begins at approval.
    """

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="rows", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        "tiering.OwnerAssignment", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    aum = models.BigIntegerField()
    is_primary = models.BooleanField()
    position = models.CharField(max_length=20)
    fate = models.CharField(max_length=8, choices=enums.HandOverFate)
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    receiver_position = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=14, choices=enums.QueuedWhy, blank=True)
    by_hand = models.BooleanField(default=False)
    to_assignment = models.ForeignKey(
        "tiering.OwnerAssignment", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    undo = models.CharField(max_length=12, choices=enums.UndoOutcome, blank=True)

    objects = HandOverRowQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("hand_over", "customer")]
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "customer"], name="hand_over_row_once"),
            models.CheckConstraint(
                condition=Q(fate=enums.HandOverFate.RECEIVER, receiver__isnull=False)
                | (~Q(fate=enums.HandOverFate.RECEIVER) & Q(receiver__isnull=True)),
                name="hand_over_row_one_fate",
            ),
        ]
        indexes = [models.Index(fields=["hand_over", "id"], name="hand_over_rows_in_order")]

    def __str__(self):
        return f"{self.hand_over_id} {self.customer_id}"


class HandOverCopy(models.Model):
    """补打: each printing of the list after the first."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["hand_over", "number"], name="hand_over_copy_once")]

    def __str__(self):
        return f"{self.hand_over_id} {self.number}"
