import json

from django.conf import settings
from django.db import models

from tellerdesk.vault.services import unseal


class Draft(models.Model):
    """What was typed into a transaction and not yet sent, sealed; one per person and transaction, gone when sent."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    transaction_code = models.CharField(max_length=4)
    about = models.CharField(max_length=20, blank=True)
    ciphertext = models.BinaryField()
    key = models.ForeignKey("vault.DataKey", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "transaction_code", "about"], name="draft_once_per_transaction")
        ]

    def __str__(self):
        return f"{self.staff_id} {self.transaction_code}"

    @property
    def fields(self) -> dict[str, list[str]]:
        """The form's names and texts, in clear for their writer."""
        return json.loads(unseal(self.ciphertext, self.key_id))
