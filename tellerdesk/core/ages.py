"""Ages and terms of years, counted as Chinese law counts them."""

from datetime import date


def age_on(birth_date: date, day: date) -> int:
    """Full years (周岁) on that day. Born on 29 February, one is a year older on 1 March of a common year.

    Negative before birth.
    """
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def years_after(day: date, years: int) -> date:
    """Same day and month that many years on; 29 February falls back to the 28th where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
