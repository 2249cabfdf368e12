from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The bank's date: TELLERDESK_BUSINESS_DATE where set, else the date in Asia/Shanghai."""
    return settings.BUSINESS_DATE or timezone.localdate()
