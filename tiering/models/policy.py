import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import append_only, permanent
from tiering import enums
from tiering.querysets import ProductCategoryQuerySet, TierPolicyQuerySet

# Reads the policy of the row as it was and as it would be: a row does not leave an approved policy for a draft either.
OF_A_FINAL_ONE = """
IF EXISTS (SELECT 1 FROM tiering_tierpolicy WHERE id IN (OLD.policy_id, NEW.policy_id)
        AND status IN ('approved', 'discarded')) THEN
    RAISE EXCEPTION 'what an approved or discarded policy says in % never changes', TG_TABLE_NAME;
END IF;
RETURN COALESCE(NEW, OLD);
"""


def unchanging_once_final() -> pgtrigger.Trigger:
    """For what belongs to a policy: rows are changed while it is a draft, and never again."""
    return pgtrigger.Trigger(
        name="approved_is_final",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=OF_A_FINAL_ONE,
    )


class TierPolicy(models.Model):
    """分层政策, a dated version. Without a legal entity it is the standard that every legal entity begins with.

    Amounts are whole fen. `drafted_by` is null for the standard. `revision` counts what a draft has said so far; who
    wrote each, and who submitted, is in its steps. Once approved or discarded nothing of it changes any more.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", null=True, on_delete=models.PROTECT)
    version = models.PositiveIntegerField(_("Version"))
    status = models.CharField(_("Status"), max_length=9, choices=enums.PolicyStatus, default=enums.PolicyStatus.DRAFT)
    effective_from = models.DateField(_("Effective from"))
    note = models.CharField(_("Note"), max_length=200, blank=True)
    card_spend_year = models.BigIntegerField(_("Credit-card spend in the year"))
    personal_loan_balance = models.BigIntegerField(_("Personal-loan balance"))
    custody_margin = models.BigIntegerField(_("Third-party custody margin"))
    card_level = models.PositiveSmallIntegerField(_("Card level"), choices=enums.CardLevel)
    downgrade_grace_days = models.PositiveSmallIntegerField(_("Days of grace before a fall"), default=0)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = TierPolicyQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            pgtrigger.Protect(
                name="approved_is_final", operation=pgtrigger.Update, condition=pgtrigger.Q(old__status="approved")
            ),
            pgtrigger.Protect(
                name="discarded_is_final", operation=pgtrigger.Update, condition=pgtrigger.Q(old__status="discarded")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "version"], name="policy_version_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(card_spend_year__gte=0, personal_loan_balance__gte=0, custody_margin__gte=0),
                name="policy_amounts_not_negative",
            ),
        ]

    def __str__(self):
        return f"v{self.version}"

    @property
    def audit_label(self) -> str:
        return f"v{self.version}"


class TierBand(models.Model):
    """资产区间 of one tier. `ceiling` null: no upper end; `max_age` null: no limit of age. Amounts are whole fen."""

    policy = models.ForeignKey(TierPolicy, on_delete=models.PROTECT, related_name="bands")
    tier = models.PositiveSmallIntegerField(_("Tier"), choices=enums.Tier)
    floor = models.BigIntegerField(_("From"))
    floor_inclusive = models.BooleanField(default=True)
    ceiling = models.BigIntegerField(_("Up to"), null=True)
    ceiling_inclusive = models.BooleanField(default=False)
    max_age = models.PositiveSmallIntegerField(_("Highest age"), null=True)
    max_age_inclusive = models.BooleanField(default=True)
    positions = models.JSONField(default=list)
    positions_needed = models.PositiveSmallIntegerField(default=1)

    class Meta:
        triggers = [*permanent(), unchanging_once_final()]
        ordering = ["-tier"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "tier"], name="band_once_per_tier"),
            models.CheckConstraint(condition=Q(tier__in=[int(each) for each in enums.BANDED]), name="band_of_a_tier"),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gt=F("floor")), name="band_not_empty"
            ),
        ]

    def __str__(self):
        return f"{self.policy} {self.get_tier_display()}"


class ProductCategory(models.Model):
    """产品类别 of a policy; day tables hold them as bits, so a bit keeps its meaning for ever.

    Deleted from a draft only, where it has never had one.
    """

    policy = models.ForeignKey(TierPolicy, on_delete=models.PROTECT, related_name="categories")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=30)
    bit = models.PositiveSmallIntegerField()

    objects = ProductCategoryQuerySet.as_manager()

    class Meta:
        triggers = [*permanent()[1:], unchanging_once_final()]
        ordering = ["bit"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "code"], name="category_code_once"),
            models.UniqueConstraint(fields=["policy", "name"], name="category_name_once"),
            models.UniqueConstraint(fields=["policy", "bit"], name="category_bit_once"),
            models.CheckConstraint(condition=Q(bit__lt=31), name="category_bit_fits"),
        ]

    def __str__(self):
        return self.name


class PolicyStep(models.Model):
    """What was done with a policy by whom: nobody who drafted or submitted it ever approves it."""

    policy = models.ForeignKey(TierPolicy, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=9, choices=enums.PolicyStepKind)
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        triggers = append_only()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.policy} {self.kind}"
