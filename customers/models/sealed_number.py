from django.db import models

from customers.rules.identity_key import number_text
from tellerdesk.core.masking import mask_number
from tellerdesk.vault.services import digest, seal, unseal


def number_digest(document_type: str, number: str) -> bytes:
    """Look-up key of a normalised number."""
    return digest(number_text(document_type, number))


class SealedNumber(models.Model):
    """An identity number as it may stand in a table: ciphertext with its key, a keyed digest, the masked form."""

    document_type = models.CharField(max_length=30)
    number_ciphertext = models.BinaryField()
    number_key = models.ForeignKey("vault.DataKey", on_delete=models.PROTECT, related_name="+")
    number_digest = models.BinaryField(max_length=32)
    number_masked = models.CharField(max_length=200)

    class Meta:
        abstract = True

    @staticmethod
    def columns(document_type: str, number: str) -> dict:
        """The columns for a normalised number, as keyword arguments of `create`."""
        sealed = seal(number)
        return {
            "document_type": document_type,
            "number_ciphertext": sealed.ciphertext,
            "number_key_id": sealed.key_id,
            "number_digest": number_digest(document_type, number),
            "number_masked": mask_number(number),
        }

    @property
    def number(self) -> str:
        """In clear: for the file of a customer looked up, never for lists, logs or audit."""
        return unseal(self.number_ciphertext, self.number_key_id)
