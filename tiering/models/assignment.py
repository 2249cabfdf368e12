from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tellerdesk.audit.guards import append_only, frozen, permanent
from tiering import enums
from tiering.querysets import OwnerAssignmentQuerySet, TierAssignmentQuerySet


class TierAssignment(models.Model):
    """分层, the standing one of every customer who is or was in scope: a customer never in scope has no row.

    Amounts are whole fen, as last delivered. `since` is the day the tier began; `falling_since` the one on which a
    lower one was first found, while the policy's days of grace run. `owner` repeats the open primary OwnerAssignment,
    so that lists and counts need no join. No index may hold tier, owner's tier or an amount: a night then rewrites rows
    in place (fillfactor 80). Legal entity and branch come out of the customer's own row, which stays for ever: no key
    is asked of the database there, or a night would lock, and so write, the row of every customer whom it writes down.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    legal_entity = models.ForeignKey(
        "staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    branch = models.ForeignKey(
        "staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    initial_maintainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    aum = models.BigIntegerField()
    card_spend_year = models.BigIntegerField(default=0)
    personal_loan_balance = models.BigIntegerField(default=0)
    custody_margin = models.BigIntegerField(default=0)
    since = models.DateField()
    falling_since = models.DateField(null=True)
    policy_version = models.IntegerField()
    tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    reasons = models.PositiveSmallIntegerField()
    card_level = models.PositiveSmallIntegerField(choices=enums.CardLevel, default=enums.CardLevel.NONE)

    objects = TierAssignmentQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen("customer", "legal_entity"),
        ]
        indexes = [
            models.Index(fields=["branch"], name="tier_by_branch"),
            models.Index(fields=["branch"], condition=Q(owner__isnull=True), name="tier_unowned_by_branch"),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.get_tier_display()}"


class TierMove(models.Model):
    """升降: one customer's step from one tier to another on a day; out of scope is the lowest. Append only.

    `from_since`, `from_falling_since` and `from_reasons` are of the standing before; null for who had none.
    """

    legal_entity = models.ForeignKey(
        "staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="tier_moves", db_constraint=False
    )
    branch = models.ForeignKey(
        "staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    run = models.ForeignKey(
        "tiering.NightlyRun", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    as_of = models.DateField()
    from_aum = models.BigIntegerField()
    to_aum = models.BigIntegerField()
    card_spend_year = models.BigIntegerField(default=0)
    personal_loan_balance = models.BigIntegerField(default=0)
    custody_margin = models.BigIntegerField(default=0)
    policy_version = models.IntegerField()
    from_since = models.DateField(null=True)
    from_falling_since = models.DateField(null=True)
    from_tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    from_reasons = models.PositiveSmallIntegerField(null=True)
    to_tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    reasons = models.PositiveSmallIntegerField()
    card_level = models.PositiveSmallIntegerField(choices=enums.CardLevel, default=enums.CardLevel.NONE)

    class Meta:
        triggers = append_only()
        indexes = [models.Index(fields=["legal_entity", "as_of"], name="move_by_day")]

    def __str__(self):
        return f"{self.customer_id} {self.as_of}"


class OwnerAssignment(models.Model):
    """维护责任人 from `since` to `until`, both days included; open while `until` is null. One that a correction took
    back ended on the day before it began: on no day at all was the customer his.

    Where one follows another on one day, the later row counts for it. `note` is the reason in words where a person
    decided, `by` who it was; null for the night. The customer's key is asked for as little
    as TierAssignment's.
    """

    legal_entity = models.ForeignKey(
        "staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="owner_assignments", db_constraint=False
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.CharField(max_length=20)
    is_primary = models.BooleanField()
    since = models.DateField()
    until = models.DateField(null=True)
    reason = models.CharField(max_length=20, choices=enums.OwnerReason)
    note = models.CharField(max_length=200, blank=True)
    end_reason = models.CharField(max_length=20, choices=enums.OwnerEnd, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = OwnerAssignmentQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen("customer", "owner", "position", "is_primary", "since", "reason", "note", "by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(until__isnull=True, is_primary=True), name="owner_one_primary"
            ),
            models.UniqueConstraint(
                fields=["customer", "owner"], condition=Q(until__isnull=True), name="owner_once_per_customer"
            ),
        ]
        indexes = [models.Index(fields=["owner"], condition=Q(until__isnull=True), name="owner_open_by_staff")]

    def __str__(self):
        return f"{self.customer_id} {self.owner_id}"
