from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellerdesk.core.ages import age_on, years_after


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        (date(2008, 5, 20), date(2024, 5, 19), 15),
        (date(2008, 5, 20), date(2024, 5, 20), 16),
        (date(2008, 2, 29), date(2023, 2, 28), 14),
        (date(2008, 2, 29), date(2023, 3, 1), 15),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2026, 11, 24), date(2026, 11, 24), 0),
        (date(2026, 11, 25), date(2026, 11, 24), -1),
        (date(1, 1, 1), date(2026, 11, 24), 2025),
    ],
)
def test_age_on(birth_date, day, age):
    assert age_on(birth_date, day) == age


@given(st.dates(max_value=date(2900, 1, 1)), st.integers(0, 120))
def test_one_is_as_many_years_old_as_years_have_passed_except_on_28_february(birth_date, years):
    short = birth_date.month == 2 and birth_date.day == 29 and years_after(birth_date, years).day == 28
    assert age_on(birth_date, years_after(birth_date, years)) == years - short


def test_29_february_falls_back_where_the_year_has_none():
    assert years_after(date(2024, 2, 29), 5) == date(2029, 2, 28)
    assert years_after(date(2024, 2, 29), 20) == date(2044, 2, 29)
