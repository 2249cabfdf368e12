"""The bank's own limits of tiering (page 9002)."""

from django.utils.translation import gettext_lazy as _

from tellerdesk.limits.registry import Limit

KEPT_DAYS = "kept_snapshot_days"
KEPT_MONTHS = "kept_month_end_months"

SNAPSHOTS = _("Daily snapshots")

LIMITS = (
    Limit(KEPT_DAYS, _("The lines of every day are kept for"), _("days"), 400, 100, 3660, SNAPSHOTS),
    Limit(KEPT_MONTHS, _("The lines of a month's last day are kept for"), _("months"), 36, 4, 240, SNAPSHOTS),
)
