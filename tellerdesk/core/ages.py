"""Ages and terms of years, counted as Chinese law counts them."""

from datetime import MAXYEAR, date


def age_on(birth_date: date, day: date) -> int:
    """Full years (周岁) on that day. Born on 29 February, one is a year older on 1 March of a common year.

    Negative before birth.
    """
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def years_after(day: date, years: int) -> date:
    """Same day and month that many years on; 29 February falls back to the 28th where the year has none.

    The calendar's last day where the calendar ends before.
    """
    year = day.year + years
    if year > MAXYEAR:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
