"""Which days the sample snapshots have: enough for month and quarter to be compared, ending the day before today."""

from datetime import date, timedelta

MONTHS = 3  # one month end in three is that of a quarter
DAYS_BEFORE = (15, 8, 4, 3, 2, 1)


def snapshot_days(today: date) -> list[date]:
    recent = {today - timedelta(days=days) for days in DAYS_BEFORE}
    return sorted(recent | set(month_ends(today)))


def month_ends(today: date) -> list[date]:
    """The last days of the last three months that are over."""
    found, first = [], today.replace(day=1)
    for _month in range(MONTHS):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1)
    return found
