"""Which days the sample snapshots have: enough for month and quarter to be compared and a quarter to be judged.

They end the day before today.
"""

from datetime import date, timedelta

MONTHS = 3
QUARTERS = 4  # a quarter is judged by its end and the end before it; three of them make a line
DAYS_BEFORE = (15, 8, 4, 3, 2, 1)


def snapshot_days(today: date) -> list[date]:
    recent = {today - timedelta(days=days) for days in DAYS_BEFORE}
    return sorted({*recent, *month_ends(today), *quarter_ends(today)})


def month_ends(today: date) -> list[date]:
    """The last days of the last three months that are over, the newest first."""
    return _ends(today.replace(day=1), months=1, count=MONTHS)


def quarter_ends(today: date) -> list[date]:
    """The last days of the last four quarters that are over, the newest first."""
    return _ends(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), months=3, count=QUARTERS)


def _ends(first: date, *, months: int, count: int) -> list[date]:
    found = []
    for _period in range(count):
        found.append(first - timedelta(days=1))
        month = first.month - months
        first = first.replace(month=month) if month > 0 else first.replace(year=first.year - 1, month=month + 12)
    return found
