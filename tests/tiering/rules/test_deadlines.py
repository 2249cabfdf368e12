from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.rules.deadlines import due_on, is_overdue, one_month_after

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 1, 29), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2026, 3, 28)),
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 4, 30), date(2026, 5, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_a_calendar_month_ends_with_the_month_at_the_latest(day, after):
    assert one_month_after(day) == after


@given(DAYS)
def test_the_next_month_and_never_a_later_day_of_it(day):
    after = one_month_after(day)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == 1
    assert after.day == day.day or (after.day < day.day and (after + timedelta(days=1)).day == 1)


@given(DAYS, DAYS)
def test_a_later_begin_is_never_due_earlier(one, other):
    assert one_month_after(min(one, other)) <= one_month_after(max(one, other))


def test_the_month_begins_with_what_came_last():
    tier, live, left = date(2026, 10, 5), date(2026, 10, 20), date(2026, 11, 2)
    assert due_on(tier) == date(2026, 11, 5)
    assert due_on(tier, live) == due_on(live, tier) == date(2026, 11, 20)
    assert due_on(tier, live, left) == due_on(tier, None, left) == date(2026, 12, 2)


def test_the_day_itself_is_in_time():
    assert not is_overdue(date(2026, 11, 24), date(2026, 11, 24))
    assert is_overdue(date(2026, 11, 24), date(2026, 11, 25))
