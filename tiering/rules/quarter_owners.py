"""Whose a customer was, and when the lowest floor was reached (rules 4.6). The SQL is held to this by a test."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tiering.enums import StaffCategory
from tiering.rules.policy import Band

CATEGORY_BY_POSITION = {
    "branch_manager": StaffCategory.BRANCH_LEADS,
    "lobby_manager": StaffCategory.BRANCH_LEADS,
    "teller": StaffCategory.TELLERS,
    "financial_advisor": StaffCategory.ADVISORS,
    "wealth_manager": StaffCategory.WEALTH,
    "deputy_president": StaffCategory.WEALTH,
    "branch_president": StaffCategory.WEALTH,
}


@dataclass(frozen=True)
class Stint:
    """A primary owner from `since` to `until`, both included. `place` grows with the rows; a merged customer's former
    number has rows too, which count where the customer's own number has none (`is_own` False).
    """

    place: int
    owner: int
    position: str
    since: date
    until: date | None = None
    is_own: bool = True

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)

    def lasts_to(self, day: date) -> bool:
        """On that day or later; never one that ended before it began, as a correction leaves it."""
        return self.until is None or self.until >= max(self.since, day)


def owner_on(stints: Iterable[Stint], day: date) -> Stint | None:
    """Of several on one day the later row."""
    return max((each for each in stints if each.holds(day)), key=lambda each: (each.is_own, each.place), default=None)


def owner_at_arrival(stints: Iterable[Stint], reached: date, last: date) -> Stint | None:
    """Who owned when the floor was reached, else the first who did after it until the last day of the quarter."""
    following = [each for each in stints if each.since <= last and each.lasts_to(reached)]
    first = min((max(each.since, reached) for each in following), default=None)
    return owner_on(following, first) if first else None


def reached_on(aum_by_day: Mapping[date, int], floor: Band, *, after: date, last: date) -> date | None:
    """The first loaded day of the quarter with AUM from the floor on."""
    days = (day for day, aum in aum_by_day.items() if after < day <= last and floor.reached_by(aum))
    return min(days, default=None)


def aum_standing(aum_by_day: Mapping[date, int], day: date, *, not_before: date) -> int | None:
    """Of who has no line on the day, that of the last line before it."""
    known = [each for each in aum_by_day if not_before <= each <= day]
    return aum_by_day[max(known)] if known else None


def position_of(opening: Iterable[str], closing: Iterable[str]) -> str:
    """As what somebody is assessed: the position of most of the customers on the opening day, else on the closing."""
    counts = Counter(opening) or Counter(closing)
    return min(counts, key=lambda position: (-counts[position], position))
