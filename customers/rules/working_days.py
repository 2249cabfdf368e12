"""Working days of the bank: Monday to Friday, as the yearly calendar of holidays and exchanged days (调休) bends it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """`holidays` are weekdays off, `exchanged` weekend days worked."""

    holidays: Collection[date] = frozenset()
    exchanged: Collection[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        return day in self.exchanged or (day.weekday() < SATURDAY and day not in self.holidays)

    def working_days_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; count is at least 1."""
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


WEEKDAYS = WorkCalendar()
