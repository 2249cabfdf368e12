from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from training.rules.validity import expires_on, holds_on

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
months = st.integers(1, 60)


def test_twelve_months_end_the_day_before():
    assert expires_on(date(2026, 11, 24), 12) == date(2027, 11, 23)


def test_short_months_end_on_their_last_day():
    found = [expires_on(date(2026, 1, day), 1) for day in (28, 29, 30, 31)]
    assert found == [date(2026, 2, 27), date(2026, 2, 28), date(2026, 2, 28), date(2026, 2, 28)]


def test_leap_day():
    assert expires_on(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert expires_on(date(2027, 2, 28), 12) == date(2028, 2, 27)
    assert expires_on(date(2027, 3, 1), 12) == date(2028, 2, 29)


def test_first_and_last_day_count():
    period = (date(2026, 11, 24), date(2027, 11, 23))
    tried = [date(2026, 11, 23), date(2026, 11, 24), date(2027, 11, 23), date(2027, 11, 24)]
    assert [holds_on(day, *period) for day in tried] == [False, True, True, False]


@given(days, months)
def test_holds_at_least_the_shortest_and_at_most_the_longest_months(day, number):
    length = (expires_on(day, number) - day).days + 1
    assert 28 * number <= length <= 31 * number


@given(days, months)
def test_a_later_start_never_ends_earlier_and_a_longer_period_ends_later(day, number):
    assert expires_on(day, number) <= expires_on(day + timedelta(days=1), number)
    assert expires_on(day, number) < expires_on(day, number + 1)
