"""Limits of age as limits of birth dates, so that a day's lines need no age."""

from datetime import MINYEAR, date, timedelta

from tiering.rules.policy import Band


def born_after(band: Band, day: date) -> date | None:
    """Whoever was born after it is young enough for the band on that day.

    None where everybody is, and where the limit lies before the calendar (everybody with a known birth date is).
    """
    if band.max_age is None:
        return None
    return _years_before(day, band.max_age + (1 if band.max_age_inclusive else 0))


def first_birthdays(day: date, oldest: int) -> list[date]:
    """Ascending: from each of these days on one is a year younger, from `oldest` full years down to none."""
    latest = (_years_before(day, years) for years in range(oldest, -1, -1))
    return [each + timedelta(days=1) for each in latest if each]


def _years_before(day: date, years: int) -> date | None:
    """The latest birth date of somebody who is that many full years old on `day` (core.ages.age_on).

    On 29 February that is the 28th where the year of birth had no 29th: who was born on 1 March is a day younger.
    """
    year = day.year - years
    if year < MINYEAR:
        return None
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28) if is_leap_day and not _is_leap(year) else day.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
