from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import permanent


class DataKeyQuerySet(models.QuerySet):
    def in_force(self):
        return self.exclude(in_force_at=None)


class DataKey(models.Model):
    """A 256-bit key wrapped by the master key, which stands outside the database. Never deleted: old text needs it.

    The newest in force of each purpose is used for what is new; one that is being prepared has no `in_force_at` yet.
    Digests of a key that `marks` begin with its id, so that the database can tell them from those of a former key.
    """

    class Purpose(models.TextChoices):
        SEAL = "seal"
        DIGEST = "digest"

    purpose = models.CharField(max_length=6, choices=Purpose)
    wrapped = models.BinaryField()
    marks = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    in_force_at = models.DateTimeField(null=True)

    objects = DataKeyQuerySet.as_manager()

    class Meta:
        triggers = permanent()

    def __str__(self):
        return f"{self.purpose} {self.pk}"
