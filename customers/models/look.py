from django.conf import settings
from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import append_only


class Look(models.Model):
    """Every look-up, hit or miss: who, when, the key masked, and whom it found."""

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, db_index=False)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    key = models.CharField(max_length=250)
    reason = models.CharField(max_length=200, blank=True)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, db_index=False)

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="look_by_customer"),
            models.Index(fields=["staff", "-id"], name="look_by_staff"),
        ]

    def __str__(self):
        return f"{self.staff_id} {self.at:%Y-%m-%d %H:%M:%S}"
