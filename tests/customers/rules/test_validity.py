from datetime import date, timedelta

import pytest

from customers.enums import Expiry
from customers.rules.validity import card_valid_until, expiry, is_expired, is_unusual_period, period_problems
from tests.customers.rules.vectors import TODAY, VECTORS


def day(text):
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", VECTORS["id_card_validity"], ids=lambda vector: vector["note"])
def test_periods_of_the_law(vector):
    assert card_valid_until(day(vector["birth"]), day(vector["issue"])) == day(vector["expected_until"])


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, Expiry.EXPIRED), (0, Expiry.EXPIRING), (90, Expiry.EXPIRING), (91, Expiry.VALID)],
)
def test_the_last_day_itself_is_still_valid(days, state):
    valid_until = TODAY + timedelta(days=days)
    assert expiry(valid_until, today=TODAY) == state
    assert is_expired(valid_until, today=TODAY) == (state == Expiry.EXPIRED)


def test_long_term_never_expires():
    assert expiry(None, today=TODAY) == Expiry.VALID


@pytest.mark.parametrize(
    ("kind", "since", "until", "long_term", "problems"),
    [
        ("resident_id", "2020-01-01", "2040-01-01", False, []),
        ("resident_id", None, None, True, []),
        ("resident_id", "2020-01-01", None, True, []),
        ("resident_id", "2020-01-01", "2040-01-01", True, [("long_term", "long_term_with_date")]),
        ("resident_id", "2020-01-01", None, False, [("valid_until", "required")]),
        ("resident_id", None, "2040-01-01", False, [("valid_from", "required")]),
        ("resident_id", "2026-11-25", "2046-11-25", False, [("valid_from", "not_yet_valid")]),
        ("resident_id", "2020-01-01", "2020-01-01", False, [("valid_until", "period_reversed")]),
        ("household_register", None, None, False, []),
    ],
)
def test_period_problems(kind, since, until, long_term, problems):
    assert list(period_problems(kind, day(since), day(until), long_term, today=TODAY)) == problems


@pytest.mark.parametrize(
    ("kind", "born", "since", "until", "unusual"),
    [
        ("resident_id", "1998-06-01", "2024-06-01", "2044-06-01", False),
        ("resident_id", "1998-06-01", "2024-06-01", "2034-06-01", True),
        ("resident_id", "1978-06-01", "2024-06-01", None, False),
        ("resident_id", "1998-06-01", "2024-06-01", None, True),
        ("temporary_resident_id", "1998-06-01", "2026-11-01", "2027-02-01", False),
        ("temporary_resident_id", "1998-06-01", "2026-11-01", "2027-03-01", True),
        ("temporary_resident_id", "1998-06-01", "2026-11-01", None, True),
        ("foreign_passport", "1998-06-01", "2024-06-01", "2025-06-01", False),
        ("resident_id", None, "2024-06-01", "2025-06-01", False),
    ],
)
def test_unusual_periods(kind, born, since, until, unusual):
    assert is_unusual_period(kind, day(born), day(since), day(until)) == unusual
