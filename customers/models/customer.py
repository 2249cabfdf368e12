from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.models.sealed_number import SealedNumber
from customers.querysets import CustomerQuerySet, IdentityDocumentQuerySet
from tellerdesk.audit.guards import frozen, permanent
from tellerdesk.core.masking import mask_name


class Customer(models.Model):
    """个人客户. The number is issued once and never changes; `version` counts changes for the optimistic lock."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    customer_number = models.CharField(_("Customer number"), max_length=20)
    status = models.CharField(_("Status"), max_length=14, choices=enums.CustomerStatus)
    verification = models.CharField(_("Online check"), max_length=14, choices=enums.Verification)

    name = models.CharField(_("Name"), max_length=100)
    sex = models.CharField(_("Sex"), max_length=6, choices=enums.Sex)
    birth_date = models.DateField(_("Birth date"))
    nationality = models.CharField(_("Nationality"), max_length=3, default="CHN")
    occupation = models.CharField(_("Occupation"), max_length=20, choices=enums.Occupation)
    occupation_detail = models.CharField(_("Occupation in words"), max_length=50, blank=True)
    address = models.CharField(_("Usual residence"), max_length=200, blank=True)
    employer_address = models.CharField(_("Workplace address"), max_length=200, blank=True)
    mobile = models.CharField(_("Mobile phone"), max_length=20, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    email = models.CharField(_("E-mail"), max_length=254, blank=True)

    ethnic_group = models.CharField(_("Ethnic group"), max_length=20, blank=True)
    marital_status = models.CharField(_("Marital status"), max_length=10, choices=enums.MaritalStatus, blank=True)
    education = models.CharField(_("Education"), max_length=10, choices=enums.Education, blank=True)
    income_band = models.CharField(_("Income"), max_length=12, choices=enums.IncomeBand, blank=True)
    tax_residency = models.CharField(_("Tax residency"), max_length=12, choices=enums.TaxResidency, blank=True)
    risk_level = models.CharField(_("Money-laundering risk"), max_length=8, choices=enums.RiskLevel, blank=True)
    settled_abroad = models.BooleanField(_("Settled abroad"), default=False)
    unit_proof = models.BooleanField(_("Proof of the serviceman's unit"), default=False)
    has_cheque_account = models.BooleanField(_("Personal cheque account"), default=False)

    channel = models.CharField(_("Channel"), max_length=10, choices=enums.Channel, default=enums.Channel.COUNTER)
    opening_branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="opened_customers")
    home_branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="customers")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")
    version = models.PositiveIntegerField(default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "customer_number", "opening_branch", "opened_by", "opened_at")]
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "customer_number"], name="customer_number_once"),
            models.CheckConstraint(condition=Q(customer_number__regex=r"^[0-9]{6,20}$"), name="customer_number_digits"),
            models.CheckConstraint(condition=~Q(address="") | ~Q(employer_address=""), name="customer_has_address"),
            models.CheckConstraint(condition=~Q(mobile="") | ~Q(phone="") | ~Q(email=""), name="customer_has_contact"),
            models.CheckConstraint(condition=~Q(merged_into=F("pk")), name="customer_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(fields=["home_branch", "-id"], name="customer_by_home_branch"),
            models.Index(
                fields=["legal_entity", "id"], condition=Q(status__in=["closed", "merged"]), name="customer_gone"
            ),
        ]

    def __str__(self):
        return self.customer_number

    @property
    def audit_label(self) -> str:
        return f"{self.customer_number} {mask_name(self.name)}"

    def delete(self, *args, **kwargs):
        """Opening records are kept permanently; the database refuses as well."""
        raise models.ProtectedError("customers are permanent", {self})


class IdentityDocument(SealedNumber):
    """身份证件 of a customer, one of them primary. `historic` numbers still find them; auxiliary ones claim no key."""

    class Role(models.TextChoices):
        PRIMARY = "primary", _("Primary document")
        ADDITIONAL = "additional", _("Further document")
        AUXILIARY = "auxiliary", _("Auxiliary document")
        HISTORIC = "historic", _("Former document")

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="documents")
    role = models.CharField(max_length=10, choices=Role, default=Role.PRIMARY)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    long_term = models.BooleanField(default=False)
    issuing_authority = models.CharField(_("Issuing authority"), max_length=100, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = IdentityDocumentQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("document_type", "number_digest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(long_term=False) | Q(valid_until__isnull=True), name="document_long_term_has_no_end"
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(role="primary"), name="document_one_primary_per_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["legal_entity", "document_type", "number_digest"], name="document_by_number"),
            models.Index(fields=["valid_until"], condition=Q(role="primary"), name="document_by_expiry"),
        ]

    def __str__(self):
        return f"{self.get_document_type_display()} {self.number_masked}"

    def get_document_type_display(self) -> str:
        return enums.DocumentType(self.document_type).label


class IdentityKey(models.Model):
    """One person, not one paper: whoever holds the key is the customer, in one legal entity once (rules 1.2.1)."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    key_digest = models.BinaryField(max_length=32)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="keys")

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "key_digest")]
        constraints = [models.UniqueConstraint(fields=["legal_entity", "key_digest"], name="identity_key_once")]

    def __str__(self):
        return f"{self.customer_id}"
