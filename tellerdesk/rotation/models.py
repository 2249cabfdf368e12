from django.db import models


class NewDigest(models.Model):
    """What a digest becomes under the key that is being prepared; empty but for the time of a change."""

    old = models.BinaryField(primary_key=True, max_length=32)
    new = models.BinaryField(max_length=32)
    key = models.ForeignKey(
        "vault.DataKey", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self):
        return f"{self.key_id}"
