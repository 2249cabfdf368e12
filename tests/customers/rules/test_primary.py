import pytest

from customers.rules.documents import parse_document
from customers.rules.primary import primary_problems
from tests.customers.numbers import citizen_number, permanent_residence_card, residence_permit
from tests.customers.rules.vectors import TODAY

WRONG_NATIONALITY = ("nationality", "nationality_mismatch")


def problems(kind, number, nationality="CHN", age=40, settled_abroad=False, unit_proof=False):
    paper = parse_document(kind, number, today=TODAY)
    return list(
        primary_problems(paper, nationality=nationality, age=age, settled_abroad=settled_abroad, unit_proof=unit_proof)
    )


@pytest.mark.parametrize("kind", ["driving_licence", "social_security_card", "other"])
def test_auxiliary_papers_open_nothing(kind):
    assert problems(kind, citizen_number()) == [("document_type", "auxiliary_only")]


@pytest.mark.parametrize(("age", "expected"), [(15, []), (16, [("document_type", "register_under_16_only")])])
def test_household_register_serves_children(age, expected):
    assert problems("household_register", citizen_number(), age=age) == expected


def test_chinese_passport_serves_citizens_settled_abroad():
    assert problems("chinese_passport", "E12345678") == [("document_type", "passport_when_settled_abroad")]
    assert problems("chinese_passport", "E12345678", settled_abroad=True) == []


def test_military_document_needs_the_unit():
    assert problems("military_id", "南字第1234567号") == [("unit_proof", "unit_proof_required")]
    assert problems("military_id", "南字第1234567号", unit_proof=True) == []


@pytest.mark.parametrize(
    ("kind", "number", "fitting", "other"),
    [
        ("resident_id", citizen_number(), ["CHN"], ["USA", "HKG", "TWN"]),
        ("temporary_resident_id", citizen_number(), ["CHN"], ["USA"]),
        ("foreign_passport", "L898902C3", ["USA", "KAZ"], ["CHN", "HKG", "MAC", "TWN"]),
        ("hk_macao_permit", "H12345678", ["CHN", "HKG"], ["MAC", "USA"]),
        ("hk_macao_permit", "M12345678", ["CHN", "MAC"], ["HKG"]),
        ("hk_macao_permit", "HA1234567", ["USA", "IND"], ["CHN", "HKG"]),
        ("taiwan_permit", "12345678", ["CHN", "TWN"], ["HKG", "JPN"]),
        ("taiwan_permit", "8112345678", ["CHN", "TWN"], ["HKG"]),
        ("hmt_residence_permit", residence_permit(territory="820000"), ["CHN", "MAC"], ["HKG", "USA"]),
        ("permanent_residence_card", permanent_residence_card(country="682"), ["SAU"], ["USA", "CHN"]),
    ],
)
def test_nationality_fits_the_document(kind, number, fitting, other):
    refused = [each for each in [*fitting, *other] if problems(kind, number, each) == [WRONG_NATIONALITY]]
    passed = [each for each in [*fitting, *other] if problems(kind, number, each) == []]
    assert (passed, refused) == (fitting, other)
