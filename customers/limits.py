"""The bank's own limits at the counter (page 9002); what the law fixes is a constant beside its rule."""

from django.utils.translation import gettext_lazy as _

from customers.rules.validity import EXPIRING_DAYS
from tellerdesk.limits.registry import Limit

EXPIRY_GRACE_DAYS = "expiry_grace_days"
EXPIRING_WITHIN = "expiring_days"
CHECKS_PER_MINUTE = "identity_checks_per_minute"
LARGEST_IMAGE = "largest_image_mb"
LARGEST_UPLOAD = "largest_upload_mb"
KEPT_UPLOADS = "kept_uploads_days"
KEPT_REJECTS = "kept_rejects_days"

DOCUMENTS, CHECKS, FILES = _("Documents"), _("Online identity check"), _("Files")
DAYS, MEGABYTES = _("days"), _("MB")

LIMITS = (
    Limit(EXPIRY_GRACE_DAYS, _("Grace after a document expired"), DAYS, 90, 0, 365, DOCUMENTS),
    Limit(EXPIRING_WITHIN, _("A document expires soon within"), DAYS, EXPIRING_DAYS, 7, 365, DOCUMENTS),
    Limit(LARGEST_IMAGE, _("Largest image of a document"), MEGABYTES, 10, 1, 50, DOCUMENTS),
    Limit(CHECKS_PER_MINUTE, _("Checks of one teller in a minute"), _("checks"), 300, 1, 3000, CHECKS),
    Limit(LARGEST_UPLOAD, _("Largest customer file"), MEGABYTES, 1024, 1, 1024, FILES),
    Limit(KEPT_UPLOADS, _("A file waits to be imported or taken up for"), DAYS, 7, 1, 30, FILES),
    Limit(KEPT_REJECTS, _("Rejected lines are kept for"), DAYS, 30, 1, 365, FILES),
)
