"""Makers of document numbers whose check digits are right. None of them was issued to anybody."""

from datetime import date

from customers.rules.check_digits import icao, mod_11_2


def citizen_number(birth_date: date = date(1990, 3, 7), *, county: str = "330106", sequence: str = "001") -> str:
    body = f"{county}{birth_date:%Y%m%d}{sequence}"
    return body + mod_11_2(body)


def residence_permit(birth_date: date = date(1990, 3, 7), *, territory: str = "810000") -> str:
    return citizen_number(birth_date, county=territory)


def permanent_residence_card(birth_date: date = date(1990, 3, 7), *, country: str = "682") -> str:
    return citizen_number(birth_date, county=f"932{country}")


def old_permanent_residence_card(first_fourteen: str) -> str:
    return first_fourteen + icao(first_fourteen)
