"""Calendar quarters, and which loaded day stands for the end of one (rules 4.6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_BACK = 3
CODE = re.compile(r"([0-9]{4})Q([1-4])", re.ASCII)
FIRST_YEAR = 1990


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def closing_on(self) -> date:
        """The last day of the quarter, the one of S1."""
        return self.following.first_day - timedelta(days=1)

    @property
    def opening_on(self) -> date:
        """The last day of the quarter before, the one of S0."""
        return self.first_day - timedelta(days=1)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def following(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    @property
    def previous(self) -> "Quarter":
        return quarter_of(self.opening_on)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def parse_quarter(text: str) -> Quarter | None:
    """2026Q3; None for what is none."""
    found = CODE.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) < date.max.year:
        return None
    return Quarter(int(found[1]), int(found[2]))


def day_standing_for(wanted: date, loaded: Iterable[date]) -> date | None:
    """The wanted day, else the nearest earlier one of the three days before it."""
    return max((day for day in loaded if timedelta() <= wanted - day <= timedelta(days=DAYS_BACK)), default=None)
