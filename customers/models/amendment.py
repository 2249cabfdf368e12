from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers import enums
from customers.models.sealed_number import SealedNumber
from customers.querysets import AmendmentQuerySet
from tellerdesk.audit.guards import append_only, frozen, permanent
from tellerdesk.core.masking import mask_name

NEVER_CHANGED = (
    "legal_entity", "branch", "customer", "other", "kind", "changes", "base_version", "other_version", "reason",
    "maker", "made_at",
)  # fmt: skip


class Amendment(models.Model):
    """经办 and 复核: one request of any kind; what needs no checker is `applied` at once.

    `changes` is `{field: [before, after]}`; identity numbers stand in it masked, in clear nowhere (ChangedNumber).
    `branch` is the branch whose checkers decide: the maker's, or the customer's home branch (rules.review).
    `base_version` is the customer's version the maker saw; `other` is the second customer of a merge, `other_version`
    likewise. `maker` is null where the system itself proposed.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="amendments")
    identity_check = models.ForeignKey(
        "customers.IdentityCheck", null=True, on_delete=models.PROTECT, related_name="amendments"
    )
    other = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="amendments_beside"
    )
    kind = models.CharField(max_length=13, choices=enums.AmendmentKind)
    status = models.CharField(max_length=14, choices=enums.AmendmentStatus)
    changes = models.JSONField(default=dict)
    base_version = models.PositiveIntegerField(default=1)
    other_version = models.PositiveIntegerField(null=True)
    in_person = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen(*NEVER_CHANGED)]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(status="pending_review"), name="amendment_one_open_per_customer"
            ),
            models.UniqueConstraint(
                fields=["other"], condition=Q(status="pending_review"), name="amendment_one_open_per_other"
            ),
            models.CheckConstraint(
                condition=Q(maker__isnull=False) | Q(kind=enums.AmendmentKind.SUSPENSION),
                name="amendment_system_proposes_suspension_only",
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=models.F("maker")), name="amendment_two_persons"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "status", "-id"], name="amendment_by_branch"),
            models.Index(fields=["branch", "decided_at"], name="amendment_by_decision"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def audit_label(self) -> str:
        return self.customer.audit_label if self.customer else self.identity_check.audit_label

    @property
    def waited(self) -> timedelta | None:
        """From the request to its decision."""
        return self.decided_at - self.made_at if self.decided_at else None


class ChangedNumber(SealedNumber):
    """The document number that an amendment asks for, until it is approved and for ever after."""

    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, related_name="changed_number")

    class Meta:
        triggers = append_only()

    def __str__(self):
        return f"{self.document_type} {self.number_masked}"


class Agent(SealedNumber):
    """代理人 or guardian who acted for a customer; verified like a customer, but never one by this act."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="agents")
    amendment = models.ForeignKey(Amendment, null=True, on_delete=models.PROTECT, related_name="agents")
    identity_check = models.ForeignKey(
        "customers.IdentityCheck", null=True, on_delete=models.PROTECT, related_name="agents"
    )
    name = models.CharField(max_length=100)
    mobile = models.CharField(max_length=20)
    relation = models.CharField(max_length=10, choices=enums.AgentRelation)
    reason = models.CharField(max_length=200)
    authority = models.CharField(max_length=200, blank=True)
    call_record = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()

    def __str__(self):
        return mask_name(self.name)
