"""How long a qualification holds."""

from calendar import monthrange
from datetime import date, timedelta


def expires_on(granted_on: date, months: int) -> date:
    """The last day on which it holds: 2026-11-24 for 12 months holds to 2027-11-23.

    Where the last month is too short for the day, its last day: 2026-01-31 for one month holds to 2026-02-28.
    """
    year, month = divmod(granted_on.year * 12 + granted_on.month - 1 + months, 12)
    month += 1
    if granted_on.day > monthrange(year, month)[1]:
        return date(year, month, monthrange(year, month)[1])
    return date(year, month, granted_on.day) - timedelta(days=1)


def holds_on(day: date, granted_on: date, until: date) -> bool:
    return granted_on <= day <= until
