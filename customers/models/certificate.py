from django.conf import settings
from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import append_only


class Certificate(models.Model):
    """联网核查结果证明: each paper given to the customer with the result of a check; `number` never twice."""

    check_record = models.ForeignKey("customers.IdentityCheck", on_delete=models.PROTECT, related_name="certificates")
    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    business_date = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        return f"{self.branch.code}-{self.business_date:%Y%m%d}-{self.pk:06d}"
