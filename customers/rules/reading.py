"""What a document number tells about its holder, and what is wrong with it."""

from dataclasses import dataclass
from datetime import date

from customers.enums import Sex
from customers.rules.regions import Region
from tellerdesk.core.ages import age_on

OLDEST = 130  # full years


@dataclass(frozen=True)
class Reading:
    """`errors` in the order of rules 2.3. With the warning `sex_by_convention` the sex is no ground to refuse."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    birth_date: date | None = None
    sex: Sex | None = None
    nationality: str | None = None
    region: Region | None = None


def refused(code: str) -> Reading:
    """The shape is wrong, so nothing else can be read."""
    return Reading(errors=(code,))


def parse_date(digits: str) -> date | None:
    """YYYYMMDD; None when there is no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def parse_short_date(digits: str, *, until: date) -> date | None:
    """YYMMDD as the latest such day that is not after `until`."""
    days = filter(None, (parse_date(century + digits) for century in ("20", "19")))
    return next((day for day in days if day <= until), None)


def birth_date_problem(birth_date: date | None, today: date) -> str | None:
    if birth_date is None:
        return "birth_date"
    if birth_date > today:
        return "future_birth_date"
    return "implausible_age" if age_on(birth_date, today) > OLDEST else None


def sex_of(sequence: str) -> Sex:
    """Odd sequences are men's, even ones women's."""
    return Sex.MALE if int(sequence) % 2 else Sex.FEMALE
