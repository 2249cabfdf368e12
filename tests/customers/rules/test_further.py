from dataclasses import replace
from datetime import date

import pytest

from customers.rules.amended import Identity
from customers.rules.further import FurtherPaper, further_problems, stands_for
from tests.customers.numbers import citizen_number

TODAY = date(2026, 11, 24)
NUMBER = citizen_number(date(1990, 3, 7), sequence="001")
RESIDENT = Identity(
    "顾青禾", "male", date(1990, 3, 7), "CHN", False, False, "resident_id", NUMBER, date(2020, 1, 1), date(2040, 1, 1),
    False,
)  # fmt: skip
ABROAD = replace(RESIDENT, settled_abroad=True)
PERIOD = {"valid_from": date(2022, 1, 1), "valid_until": date(2032, 1, 1)}


def problems(kind, number, holder=RESIDENT, **period):
    entered = FurtherPaper(kind, number, **(period or PERIOD))
    paper = entered.paper(today=TODAY)
    return list(further_problems(entered.cleaned(paper), paper, holder, today=TODAY))


@pytest.mark.parametrize(
    ("kind", "number", "holder", "stands"),
    [
        ("chinese_passport", "E12345678", RESIDENT, False),
        ("chinese_passport", "E12345678", ABROAD, True),
        ("driving_licence", NUMBER, RESIDENT, False),
        ("social_security_card", NUMBER, RESIDENT, False),
        ("temporary_resident_id", NUMBER, RESIDENT, True),
        ("household_register", NUMBER, RESIDENT, False),
        ("military_id", "南字第1234567号", RESIDENT, False),
        ("military_id", "南字第1234567号", replace(RESIDENT, unit_proof=True), True),
    ],
)
def test_what_stands_for_the_person_and_what_corroborates(kind, number, holder, stands):
    paper = FurtherPaper(kind, number).paper(today=TODAY)
    assert problems(kind, number, holder) == []
    assert stands_for(paper, holder, today=TODAY) == stands


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [
        ("resident_id", "123", ("document_number", "length")),
        ("driving_licence", citizen_number(sequence="003"), ("document_number", "paper_of_another_number")),
        ("foreign_passport", "AB1234567", ("document_type", "nationality_mismatch")),
        (
            "hmt_residence_permit",
            citizen_number(date(1991, 3, 7), county="810000"),
            ("document_number", "paper_of_another_person"),
        ),
        (
            "hmt_residence_permit",
            citizen_number(county="810000", sequence="002"),
            ("document_number", "paper_of_another_person"),
        ),
    ],
)
def test_a_paper_of_somebody_else_is_refused(kind, number, found):
    assert problems(kind, number)[0] == found


def test_a_period_is_asked_for():
    assert ("valid_until", "required") in problems("chinese_passport", "E12345678", valid_from=date(2022, 1, 1))
    assert problems("household_register", NUMBER, valid_from=None) == []
