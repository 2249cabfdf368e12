from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first instant of the day at the bank and that of the day after; of the calendar's last day, its last."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = start + timedelta(days=1) if day < date.max else timezone.make_aware(datetime.combine(day, time.max))
    return start, end


def instants_of(day: date) -> tuple[datetime, datetime]:
    """As `bounds`; of the bank's present day those of the clock's, which TELLERDESK_BUSINESS_DATE may set apart."""
    return bounds(timezone.localdate() if day == today() else day)


def today() -> date:
    """The bank's date: TELLERDESK_BUSINESS_DATE where set, else the date in Asia/Shanghai."""
    return settings.BUSINESS_DATE or timezone.localdate()
