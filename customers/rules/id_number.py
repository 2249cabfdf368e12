"""The citizen number (公民身份号码) of GB 11643-1999: region, birth date, sequence, check character (rules 2.3)."""

import re
from datetime import date

from customers.rules.check_digits import mod_11_2
from customers.rules.countries import CHINA
from customers.rules.reading import Reading, birth_date_problem, parse_date, refused, sex_of
from customers.rules.regions import PROVINCES, find_region

FIRST_GENERATION = re.compile(r"[0-9]{15}")
CENTENARIANS = frozenset({"996", "997", "998", "999"})  # sequences of the 15-digit scheme only


def read_citizen_number(number: str, *, today: date) -> Reading:
    """All errors behind the shape are reported together. The county is never an error: codes come and go."""
    problem = shape_problem(number)
    if problem:
        return refused(problem)
    birth_date, region = parse_date(number[6:14]), find_region(number[:6])
    in_a_province = region.code[:2] in PROVINCES
    found = (
        None if in_a_province else "region",
        birth_date_problem(birth_date, today),
        None if mod_11_2(number[:17]) == number[17] else "checksum",
    )
    return Reading(
        errors=tuple(filter(None, found)),
        warnings=("county_unknown",) if in_a_province and not region.is_known else (),
        birth_date=birth_date,
        sex=sex_of(number[14:17]),
        nationality=CHINA,
        region=region,
    )


def shape_problem(number: str) -> str | None:
    """17 digits, then a digit or X; the most telling code first."""
    if not number:
        return "empty"
    if FIRST_GENERATION.fullmatch(number):
        return "first_generation_15"
    return shape_problem_of_18(number)


def shape_problem_of_18(number: str) -> str | None:
    """What residence permits and the new permanent residence cards share with the citizen number."""
    if not re.fullmatch(r"[0-9X]+", number):
        return "format"
    if len(number) != 18:
        return "length"
    return "format" if "X" in number[:17] else None


def to_18_digits(old: str) -> str | None:
    """The 18-character form of a first-generation number; None when it is not 15 digits.

    Born in the nineteenth century if the sequence is one of those kept for the centenarians of that scheme.
    """
    if not FIRST_GENERATION.fullmatch(old):
        return None
    century = "18" if old[12:] in CENTENARIANS else "19"
    body = old[:6] + century + old[6:]
    return body + mod_11_2(body)
