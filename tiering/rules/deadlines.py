"""By when a customer in a band has an owner (rules 4.5): one calendar month, whatever its length."""

import calendar
from datetime import date


def one_month_after(day: date) -> date:
    """The same day of the next month; its last day where it is shorter: 31 January → the last of February."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due_on(tier_since: date, go_live_on: date | None = None, last_owner_until: date | None = None) -> date:
    """The month begins with whichever came last: the tier, the branch's go-live, the end of the last primary owner."""
    return one_month_after(max(day for day in (tier_since, go_live_on, last_owner_until) if day))


def is_overdue(due: date, day: date) -> bool:
    """The day it is due is still in time."""
    return day > due
