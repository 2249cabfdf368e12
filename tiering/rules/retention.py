"""How long the lines of a day are kept: every day for a while, ends of months for longer, ends of quarters for ever.

An end is the last day of it that was loaded, and the last that moved the standing tiers. The age of a day is counted
from the newest one and not from today: where no file comes for long, nothing is lost with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Loaded:
    as_of: date
    moved_standing: bool


@dataclass(frozen=True)
class Term:
    """Days for every day; months, that of the newest day not counted, for ends of months."""

    days: int
    months: int


def no_longer_kept(loaded: Iterable[Loaded], term: Term) -> list[date]:
    """The oldest first."""
    loaded = list(loaded)
    if not loaded:
        return []
    newest = max(day.as_of for day in loaded)
    ends_of_quarters, ends_of_months = ends(loaded, quarter_of), ends(loaded, month_of)
    return sorted(
        day.as_of
        for day in loaded
        if day.as_of <= newest - timedelta(days=term.days)
        and day.as_of not in ends_of_quarters
        and not (day.as_of in ends_of_months and month_of(newest) - month_of(day.as_of) <= term.months)
    )


def ends(loaded: Iterable[Loaded], part) -> set[date]:
    """The last day of each part of time, of all and of those that moved the standing tiers."""
    last = {}
    for day in sorted(loaded, key=lambda each: each.as_of):
        last[part(day.as_of), False] = day.as_of
        if day.moved_standing:
            last[part(day.as_of), True] = day.as_of
    return set(last.values())


def month_of(day: date) -> int:
    """Counted through the years."""
    return 12 * day.year + day.month - 1


def quarter_of(day: date) -> int:
    return month_of(day) // 3
