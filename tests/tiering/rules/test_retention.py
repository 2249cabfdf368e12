from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from tiering.rules.retention import Loaded, Term, no_longer_kept
from tiering.selectors.days import month_start, quarter_start

TERM = Term(days=100, months=6)


def every_day(first: date, last: date) -> list[Loaded]:
    return [Loaded(first + timedelta(days=n), True) for n in range((last - first).days + 1)]


def kept(loaded: list[Loaded], term: Term = TERM) -> set[date]:
    return {day.as_of for day in loaded} - set(no_longer_kept(loaded, term))


def test_every_day_of_its_time_ends_of_months_for_longer_ends_of_quarters_for_ever():
    loaded = every_day(date(2025, 1, 1), date(2026, 11, 23))
    old = {day for day in kept(loaded) if day <= date(2026, 11, 23) - timedelta(days=100)}
    quarters = {date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31), date(2026, 3, 31)}
    assert old == quarters | {date(2026, 6, 30)} | {date(2026, 5, 31), date(2026, 7, 31)}
    assert len(kept(loaded) - old) == 100


def test_the_edge_of_the_time():
    newest = date(2026, 11, 23)
    days = [Loaded(newest - timedelta(days=n), True) for n in (0, 99, 100, 101)]
    assert no_longer_kept(days, TERM) == [newest - timedelta(days=101), newest - timedelta(days=100)]
    assert no_longer_kept(days, Term(days=102, months=6)) == []


def test_the_last_loaded_day_of_a_quarter_is_its_end_whatever_day_it_is():
    loaded = [Loaded(date(2024, 2, 1), True), Loaded(date(2024, 2, 14), True), Loaded(date(2026, 11, 23), True)]
    assert no_longer_kept(loaded, TERM) == [date(2024, 2, 1)]


def test_a_day_filled_in_later_does_not_take_the_place_of_the_one_that_moved_tiers():
    loaded = [Loaded(date(2024, 3, 1), True), Loaded(date(2024, 3, 29), False), Loaded(date(2026, 11, 23), True)]
    assert no_longer_kept(loaded, TERM) == []


def test_nothing_loaded_nothing_goes():
    assert no_longer_kept([], TERM) == []


days = some.dates(date(2020, 1, 1), date(2026, 12, 31))
loaded_days = some.dictionaries(days, some.booleans(), min_size=1, max_size=30)
terms = some.builds(Term, days=some.integers(100, 500), months=some.integers(4, 60))


@given(loaded_days, terms)
def test_what_the_board_compares_with_is_always_kept(loaded, term):
    """With the last days that moved tiers before the month and the quarter of every day that is kept of itself."""
    rows = [Loaded(day, moved) for day, moved in loaded.items()]
    there = kept(rows, term)
    standing = sorted(day for day, moved in loaded.items() if moved)
    newest = max(loaded)
    for shown in (day for day in loaded if day > newest - timedelta(days=90)):
        for start in (month_start, quarter_start):
            earlier = [day for day in standing if day < start(shown)]
            assert not earlier or earlier[-1] in there


@given(loaded_days, terms)
def test_once_gone_nothing_more_goes_until_a_newer_day_comes(loaded, term):
    rows = [Loaded(day, moved) for day, moved in loaded.items()]
    there = kept(rows, term)
    assert kept([row for row in rows if row.as_of in there], term) == there
