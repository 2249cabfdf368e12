from datetime import date

import pytest

from customers.rules.working_days import WEEKDAYS, WorkCalendar

TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
BENT = WorkCalendar(holidays={date(2026, 11, 30)}, exchanged={date(2026, 11, 28)})


@pytest.mark.parametrize(
    ("calendar", "day", "count", "expected"),
    [
        (WEEKDAYS, TUESDAY, 1, date(2026, 11, 25)),
        (WEEKDAYS, TUESDAY, 5, date(2026, 12, 1)),
        (WEEKDAYS, FRIDAY, 1, date(2026, 11, 30)),
        (WEEKDAYS, date(2026, 11, 28), 1, date(2026, 11, 30)),
        (BENT, FRIDAY, 1, date(2026, 11, 28)),
        (BENT, FRIDAY, 2, date(2026, 12, 1)),
    ],
)
def test_working_days_after(calendar, day, count, expected):
    assert calendar.working_days_after(day, count) == expected
