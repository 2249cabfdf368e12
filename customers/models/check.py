from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers import enums
from customers.enums import OwedKind
from customers.models.sealed_number import SealedNumber
from customers.querysets import IdentityCheckQuerySet
from customers.rules.identity_check import finding, needs_decision, owed_kind
from tellerdesk.audit.guards import append_only, frozen, permanent
from tellerdesk.core.business_date import today
from tellerdesk.core.masking import mask_name


class IdentityCheck(SealedNumber):
    """联网核查, one enquiry and what was decided on it. The answer never changes; the decision is written once.

    `checked_at` is the instant by the real clock, `business_date` the bank's day whose register it stands in.
    `follow_up_due_on` is the last day of what is still owed (rules.identity_check.owed_kind), None where nothing is.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT)
    teller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=timezone.now)
    business_date = models.DateField(default=today)
    business = models.CharField(max_length=20, choices=enums.Business)
    name = models.CharField(max_length=100)
    key_digest = models.BinaryField(max_length=32)

    outcome = models.CharField(max_length=16, choices=enums.CheckOutcome)
    matched_name = models.BooleanField(null=True)
    photo_hash = models.CharField(max_length=64, blank=True)
    issuing_authority = models.CharField(max_length=100, blank=True)
    message = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=10)
    attempts = models.PositiveSmallIntegerField(default=1)

    decision = models.CharField(max_length=22, choices=enums.CheckDecision, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    photo_matches = models.BooleanField(null=True)
    reader_genuine = models.BooleanField(null=True)
    police_receipt = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    follow_up_due_on = models.DateField(null=True)
    police_report = models.CharField(max_length=60, blank=True)
    police_reported_on = models.DateField(null=True)

    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="checks")
    consumed_at = models.DateTimeField(null=True)

    photo: bytes | None = None  # of a check just made, for the teller's eyes; only its hash is kept
    objects = IdentityCheckQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen(
                "legal_entity", "branch", "teller", "checked_at", "business", "name", "document_type", "number_digest",
                "key_digest", "outcome", "matched_name", "photo_hash", "issuing_authority", "request_id", "source",
                "business_date",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["teller", "-checked_at"], name="check_by_teller"),
            models.Index(fields=["branch", "-checked_at"], name="check_by_branch"),
            models.Index(fields=["branch", "business_date", "-id"], name="check_in_register"),
            models.Index(fields=["follow_up_due_on"], condition=Q(follow_up_due_on__isnull=False), name="check_by_due"),
        ]

    def __str__(self):
        return f"{mask_name(self.name)} {self.outcome}"

    @property
    def audit_label(self) -> str:
        return f"{mask_name(self.name)} {self.number_masked}"

    @property
    def owed_kind(self) -> str:
        """What is owed until `follow_up_due_on`."""
        return owed_kind(self.outcome, self.decision)

    @property
    def owes_police_report(self) -> bool:
        return self.follow_up_due_on is not None and self.owed_kind == OwedKind.POLICE_REPORT

    @property
    def awaits_receipt(self) -> bool:
        """Whether the police's stamped receipt would let its business go on."""
        is_closed = self.consumed_at or self.customer_id or self.decision == enums.CheckDecision.REFUSE
        return not is_closed and needs_decision(self.finding, self.decision)

    @property
    def finding(self) -> str:
        """The outcome as it stands after the teller compared the photo."""
        return finding(self.outcome, self.photo_matches)


class AuxiliaryPaper(SealedNumber):
    """A further paper shown to corroborate a check; its copy may follow and is owed until it is there."""

    check_record = models.ForeignKey(IdentityCheck, on_delete=models.PROTECT, related_name="auxiliary_papers")
    same_name = models.BooleanField()
    copy_owed = models.BooleanField(default=True)

    class Meta:
        triggers = append_only()

    def __str__(self):
        return f"{self.document_type} {self.number_masked}"
