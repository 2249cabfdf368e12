from django.conf import settings
from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import append_only


class Receipt(models.Model):
    """回单 of a finished transaction, printed from what was true then; numbers in `content` are masked."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="receipts")
    amendment = models.ForeignKey("customers.Amendment", null=True, on_delete=models.PROTECT, related_name="receipts")
    transaction_code = models.CharField(max_length=4)
    business_date = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    content = models.JSONField()

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["staff", "-id"], name="receipt_by_staff"),
            models.Index(fields=["branch", "business_date", "-id"], name="receipt_by_day"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        """流水号: branch, day and a number that is never given twice."""
        return f"{self.branch.code}-{self.business_date:%y%m%d}-{self.pk:06d}"

    @property
    def awaited_review(self) -> bool:
        """Whether a second person had still to decide when it was issued; requests other than changes always wait."""
        said = self.content
        return bool(said.get("kind")) or "pending_review" in (said.get("review"), said.get("status"))


class ReceiptCopy(models.Model):
    """补打: each printing after the first."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="copies")
    number = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["receipt", "number"], name="receipt_copy_once")]

    def __str__(self):
        return f"{self.receipt_id} {self.number}"
