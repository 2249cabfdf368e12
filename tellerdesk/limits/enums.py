from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeStatus(models.TextChoices):
    PENDING = "pending", _("waits for a second person")
    APPLIED = "applied", _("put in force")
    REJECTED = "rejected", _("returned")
    WITHDRAWN = "withdrawn", _("withdrawn")
