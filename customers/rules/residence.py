"""Residence permits of Hong Kong, Macao and Taiwan residents; foreigners' permanent cards (rules 2.1, 2.4)."""

import re
from datetime import date

from customers.rules.check_digits import icao, mod_11_2
from customers.rules.countries import CHINA, find_country, find_country_by_number
from customers.rules.id_number import shape_problem_of_18
from customers.rules.reading import Reading, birth_date_problem, parse_date, parse_short_date, refused, sex_of
from customers.rules.regions import PROVINCES, find_region

PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
OLD_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")


def read_residence_permit(number: str, *, today: date) -> Reading:
    problem = "empty" if not number else shape_problem_of_18(number)
    if problem:
        return refused(problem)
    known = number[:6] in PERMIT_REGIONS
    return _reading_of_18(number, known=known, nationality=CHINA, place=number[:6], today=today)


def read_permanent_residence_card(number: str, *, today: date) -> Reading:
    """Both versions are in circulation: 18 characters since December 2023, 15 before."""
    if OLD_CARD.fullmatch(number):
        return _read_old_card(number, today)
    problem = _card_shape_problem(number)
    if problem:
        return refused(problem)
    country = find_country_by_number(number[3:6])
    known = number[1:3] in PROVINCES and country is not None
    nationality = country.alpha_3 if country else None
    return _reading_of_18(number, known=known, nationality=nationality, place=f"{number[1:3]}0000", today=today)


def _reading_of_18(number: str, *, known: bool, nationality: str | None, place: str, today: date) -> Reading:
    birth_date = parse_date(number[6:14])
    found = (
        None if known else "region",
        birth_date_problem(birth_date, today),
        None if mod_11_2(number[:17]) == number[17] else "checksum",
    )
    return Reading(
        errors=tuple(filter(None, found)),
        birth_date=birth_date,
        sex=sex_of(number[14:17]),
        nationality=nationality,
        region=find_region(place),
    )


def _card_shape_problem(number: str) -> str | None:
    if not number:
        return "empty"
    if re.fullmatch(r"[A-Z]{3}[0-9]+", number):
        return "length"
    return shape_problem_of_18(number) or (None if number.startswith("9") else "format")


def _read_old_card(number: str, today: date) -> Reading:
    """Its sex digit is a convention of implementations, not a published rule, hence the warning."""
    birth_date = parse_short_date(number[7:13], until=today)
    country, region = find_country(number[:3]), find_region(f"{number[3:7]}00")
    found = (
        None if country and number[3:5] in PROVINCES else "region",
        birth_date_problem(birth_date, today),
        None if icao(number[:14]) == number[14] else "checksum",
    )
    return Reading(
        errors=tuple(filter(None, found)),
        warnings=("sex_by_convention",),
        birth_date=birth_date,
        sex=sex_of(number[13]),
        nationality=country.alpha_3 if country else None,
        region=region,
    )
