from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import permanent


class DataKey(models.Model):
    """A 256-bit key wrapped by the master key, which stands outside the database. Never deleted: old text needs it."""

    class Purpose(models.TextChoices):
        SEAL = "seal"
        DIGEST = "digest"

    purpose = models.CharField(max_length=6, choices=Purpose)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = permanent()

    def __str__(self):
        return f"{self.purpose} {self.pk}"
