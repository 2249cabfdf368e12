from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.expiry import LONGEST_POSTPONEMENT, grace_ends, postponement_problem, suspension_is_due

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("valid_until", "due"),
    [
        (TODAY, False),
        (TODAY - 90 * DAY, False),
        (TODAY - 91 * DAY, True),
        (None, False),
        (date.max, False),
    ],
)
def test_the_day_after_the_last_day_of_grace(valid_until, due):
    assert suspension_is_due(valid_until, today=TODAY, grace_days=90) == due


def test_a_ground_puts_it_off_and_never_forward():
    old = TODAY - 200 * DAY
    assert not suspension_is_due(old, today=TODAY, grace_days=90, postponed_until=TODAY)
    assert suspension_is_due(old, today=TODAY, grace_days=90, postponed_until=TODAY - DAY)
    assert grace_ends(TODAY, grace_days=90, postponed_until=TODAY + DAY) == TODAY + 90 * DAY


def test_no_grace_at_all():
    assert suspension_is_due(TODAY - DAY, today=TODAY, grace_days=0)
    assert not suspension_is_due(TODAY, today=TODAY, grace_days=0)


@given(st.dates(), st.integers(0, 365), st.dates())
def test_due_means_that_the_last_day_has_passed(valid_until, grace, today):
    end = grace_ends(valid_until, grace_days=grace)
    assert suspension_is_due(valid_until, today=today, grace_days=grace) == (today > end)


@pytest.mark.parametrize(
    ("until", "valid_until", "problem"),
    [
        (TODAY + DAY, TODAY - DAY, None),
        (TODAY + LONGEST_POSTPONEMENT * DAY, TODAY - DAY, None),
        (TODAY + (LONGEST_POSTPONEMENT + 1) * DAY, TODAY - DAY, "too_far"),
        (date.max, TODAY - DAY, "too_far"),
        (TODAY, TODAY - DAY, "not_to_come"),
        (TODAY + DAY, TODAY, "not_expired"),
        (TODAY + DAY, None, "not_expired"),
    ],
)
def test_what_may_be_put_off(until, valid_until, problem):
    assert postponement_problem(until, valid_until=valid_until, today=TODAY) == problem
