from django.conf import settings
from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import append_only, frozen, permanent
from tiering import enums
from tiering.querysets import OwnerBatchQuerySet


class OwnerBatch(models.Model):
    """批量领养: owners named for many customers, shown first and carried out in one transaction or not at all.

    `customers` and `errors` count what its lines say; neither changes after the preview is made.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=enums.BatchKind)
    status = models.CharField(max_length=9, choices=enums.BatchStatus, default=enums.BatchStatus.PREVIEW)
    note = models.CharField(max_length=200)
    file_name = models.CharField(max_length=255, blank=True)
    customers = models.PositiveIntegerField()
    errors = models.PositiveIntegerField()
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    objects = OwnerBatchQuerySet.as_manager()

    class Meta:
        triggers = [
            *permanent(),
            frozen("legal_entity", "branch", "kind", "note", "file_name", "customers", "errors", "maker", "made_at"),
        ]
        indexes = [models.Index(fields=["legal_entity", "-id"], name="owner_batch_by_entity")]

    def __str__(self):
        return f"{self.pk} {self.get_kind_display()}"

    @property
    def audit_label(self) -> str:
        return str(self.pk)


class OwnerBatchLine(models.Model):
    """One customer and one owner; with a `code` a line that is left out, and then perhaps neither is known.

    `line` is that of the file, else the place; `customer_number`, `username`, `primary_text` and `note` as given.
    """

    batch = models.ForeignKey(OwnerBatch, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    customer_number = models.CharField(max_length=64, blank=True)
    username = models.CharField(max_length=150, blank=True)
    primary_text = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.CharField(max_length=20, blank=True)
    is_primary = models.BooleanField(default=False)
    tier = models.PositiveSmallIntegerField(null=True, choices=enums.Tier)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        triggers = append_only()
        ordering = ["line", "pk"]

    def __str__(self):
        return f"{self.batch_id} {self.line}"
