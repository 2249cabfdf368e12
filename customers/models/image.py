from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.guards import append_only

OF = ("document", "paper", "agent", "amendment")


def _only(thing: str) -> Q:
    return Q(**{f"{each}__isnull": each != thing for each in OF})


class DocumentImage(models.Model):
    """证件影像, kept for ever: of a customer's document, an auxiliary or an agent's paper, or what a request brings.

    The content stands outside the database, sealed, under `sha256` of what it is in clear. `customer` is whose paper it
    was when it was scanned; whose it is now says the paper (selectors.images).
    """

    class Side(models.TextChoices):
        FRONT = "front", _("Front")
        BACK = "back", _("Back side")
        PAGE = "page", _("Page")

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="images")
    document = models.ForeignKey(
        "customers.IdentityDocument", null=True, on_delete=models.PROTECT, related_name="images"
    )
    paper = models.ForeignKey("customers.AuxiliaryPaper", null=True, on_delete=models.PROTECT, related_name="images")
    agent = models.ForeignKey("customers.Agent", null=True, on_delete=models.PROTECT, related_name="images")
    amendment = models.ForeignKey("customers.Amendment", null=True, on_delete=models.PROTECT, related_name="images")
    side = models.CharField(_("Side"), max_length=5, choices=Side, default=Side.FRONT)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=_only("document") | _only("paper") | _only("agent") | _only("amendment"),
                name="image_of_one_thing",
            )
        ]
        indexes = [models.Index(fields=["legal_entity", "sha256"], name="image_by_content")]

    def __str__(self):
        return f"{self.side} {self.sha256[:12]}"


class Postponement(models.Model):
    """合理理由: why an expired document does not lead to suspension before `until`."""

    document = models.ForeignKey("customers.IdentityDocument", on_delete=models.PROTECT, related_name="postponements")
    until = models.DateField(_("Until"))
    ground = models.CharField(_("Reasonable ground"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = append_only()

    def __str__(self):
        return f"{self.until:%Y-%m-%d}"
