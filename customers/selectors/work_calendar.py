"""The bank's working days: rows that differ from Monday to Friday, and a year of them as its page shows it."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date

from customers.models import CalendarDay
from customers.rules.working_days import WorkCalendar

OLDEST_YEAR, LATEST_YEAR = 2000, 2099


@dataclass(frozen=True)
class Day:
    """`differs` where a row says otherwise than the day of the week."""

    day: date
    is_working: bool
    differs: bool
    name: str


@dataclass(frozen=True)
class Month:
    """Weeks from Monday; None before the first and after the last day."""

    first: date
    weeks: list[list[Day | None]]
    working_days: int


def days_of_calendar(legal_entity_id: int):
    return CalendarDay.objects.filter(legal_entity_id=legal_entity_id)


def calendar_of(legal_entity_id: int) -> WorkCalendar:
    rows = list(days_of_calendar(legal_entity_id).values_list("day", "is_working"))
    return WorkCalendar(
        holidays=frozenset(day for day, is_working in rows if not is_working),
        exchanged=frozenset(day for day, is_working in rows if is_working),
    )


def days_of_year(legal_entity_id: int, year: int) -> list[CalendarDay]:
    return list(days_of_calendar(legal_entity_id).filter(day__year=year).order_by("day"))


def year_of(rows: list[CalendarDay], year: int) -> list[Month]:
    """`rows` are those of the year."""
    by_day = {row.day: row for row in rows}
    return [_month(date(year, month, 1), by_day) for month in range(1, 13)]


def _month(first: date, by_day: dict[date, CalendarDay]) -> Month:
    weeks = [
        [_day(day, by_day.get(day)) if day.month == first.month else None for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(first, weeks, sum(each.is_working for week in weeks for each in week if each))


def _day(day: date, row: CalendarDay | None) -> Day:
    usual = WorkCalendar().is_working_day(day)
    is_working = row.is_working if row else usual
    return Day(day, is_working, is_working != usual, row.name if row else "")
