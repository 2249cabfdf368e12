from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers import enums
from customers.models.sealed_number import SealedNumber
from customers.querysets import AmendmentQuerySet
from tellerdesk.audit.guards import append_only, frozen, permanent
from tellerdesk.core.masking import mask_name


class Amendment(models.Model):
    """经办 and 复核: one request of any kind; what needs no checker is `applied` at once.

    `changes` is `{field: [before, after]}`; it never holds an identity number. `base_version` is the customer's
    version the maker saw.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="amendments")
    identity_check = models.ForeignKey(
        "customers.IdentityCheck", null=True, on_delete=models.PROTECT, related_name="amendments"
    )
    kind = models.CharField(max_length=13, choices=enums.AmendmentKind)
    status = models.CharField(max_length=14, choices=enums.AmendmentStatus)
    changes = models.JSONField(default=dict)
    base_version = models.PositiveIntegerField(default=1)
    in_person = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "branch", "customer", "kind", "changes", "maker", "made_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(status="pending_review"), name="amendment_one_open_per_customer"
            ),
            models.CheckConstraint(
                condition=Q(checker__isnull=True) | ~Q(checker=models.F("maker")), name="amendment_two_persons"
            ),
        ]
        indexes = [models.Index(fields=["branch", "status", "-id"], name="amendment_by_branch")]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def audit_label(self) -> str:
        return self.customer.audit_label if self.customer else self.identity_check.audit_label


class Agent(SealedNumber):
    """代理人 or guardian who acted for a customer; verified like a customer, but never one by this act."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="agents")
    amendment = models.ForeignKey(Amendment, null=True, on_delete=models.PROTECT, related_name="agents")
    name = models.CharField(max_length=100)
    mobile = models.CharField(max_length=20)
    relation = models.CharField(max_length=10, choices=enums.AgentRelation)
    reason = models.CharField(max_length=200)
    authority = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()

    def __str__(self):
        return mask_name(self.name)
