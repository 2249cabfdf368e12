from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tellerdesk.audit.guards import frozen, permanent
from tiering import enums
from tiering.querysets import ReferralQuerySet, UpgradeCaseQuerySet


class UpgradeCase(models.Model):
    """升级意愿: an owned customer rose to a higher tier and chooses whether to stay with the owner (rules 4.4).

    Opened by the night; `owner` is the primary one of that day. Whoever rises further while the choice is open keeps
    the case, with the higher `to_tier`. Branch is the customer's of that day.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="upgrade_cases")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    from_tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    to_tier = models.PositiveSmallIntegerField(choices=enums.Tier)
    status = models.CharField(max_length=6, choices=enums.UpgradeStatus, default=enums.UpgradeStatus.OPEN)
    note = models.CharField(max_length=200, blank=True)
    new_owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_on = models.DateField(null=True)

    objects = UpgradeCaseQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "customer", "owner", "opened_on", "from_tier")]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(status="open"), name="upgrade_one_open"),
        ]
        indexes = [models.Index(fields=["branch"], condition=Q(status="open"), name="upgrade_open_by_branch")]

    def __str__(self):
        return f"{self.customer_id} {self.from_tier} > {self.to_tier}"


class Referral(models.Model):
    """引荐: a specialist serves on the owner's referral, from `since` until `until`; the owner stays what he is."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="referrals")
    case = models.ForeignKey(UpgradeCase, null=True, on_delete=models.PROTECT, related_name="referrals")
    specialist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True)
    note = models.CharField(max_length=200)
    referred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(), frozen("legal_entity", "customer", "case", "specialist", "position", "since", "referred_by")
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "specialist"], condition=Q(until__isnull=True), name="referral_once"
            ),
        ]

    def __str__(self):
        return f"{self.customer_id} {self.specialist_id}"
