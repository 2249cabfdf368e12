from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellerdesk.core.ages import age_on
from tests.tiering.rules.policies import STANDARD
from tiering.rules.birth_dates import born_after

STAFF = STANDARD.bands[-1]


@given(
    day=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    born=st.dates(date(1920, 1, 1), date(2100, 1, 1)),
    limit=st.integers(0, 69),
    inclusive=st.booleans(),
)
def test_it_is_the_age_limit_in_other_words(day, born, limit, inclusive):
    band = replace(STAFF, max_age=limit, max_age_inclusive=inclusive)
    assert (born > born_after(band, day)) == band.admits_age(age_on(born, day))


@pytest.mark.parametrize(
    ("day", "bound"),
    [
        (date(2026, 11, 24), date(1965, 11, 24)),
        (date(2024, 2, 29), date(1963, 2, 28)),
        (date(2025, 2, 28), date(1964, 2, 28)),
        (date(2025, 3, 1), date(1964, 3, 1)),
    ],
)
def test_whoever_turns_61_on_the_day_is_not_after_it(day, bound):
    assert born_after(STAFF, day) == bound


def test_no_limit_and_a_limit_before_the_calendar():
    assert born_after(replace(STAFF, max_age=None), date(2026, 1, 1)) is None
    assert born_after(replace(STAFF, max_age=3000), date(2026, 1, 1)) is None
