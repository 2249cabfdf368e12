"""Every published vector, through the same door as page and interface."""

import pytest

from customers.enums import DocumentType
from customers.rules.check_digits import icao, mod_11_2
from customers.rules.documents import parse_document
from customers.rules.id_number import to_18_digits
from tests.customers.rules.vectors import TODAY, VECTORS


@pytest.mark.parametrize("vector", VECTORS["resident_id"], ids=lambda vector: vector["id"])
def test_resident_id(vector):
    paper = parse_document("resident_id", vector["input"], today=TODAY)
    assert {
        "normalized": paper.normalized,
        "valid": paper.valid,
        "errors": list(paper.errors),
        "warnings": list(paper.warnings),
        "birth_date": paper.birth_date.isoformat() if paper.birth_date else None,
        "sex": paper.sex,
    } == vector["expected"]


@pytest.mark.parametrize(
    "kind", ["temporary_resident_id", "household_register", "driving_licence", "social_security_card"]
)
@pytest.mark.parametrize("vector", VECTORS["resident_id"], ids=lambda vector: vector["id"])
def test_the_other_papers_with_a_citizen_number_judge_alike(kind, vector):
    paper = parse_document(kind, vector["input"], today=TODAY)
    forgiven = kind == "household_register" and vector["id"] == "RID-60"
    assert list(paper.errors) == ([] if forgiven else vector["expected"]["errors"])


@pytest.mark.parametrize("vector", VECTORS["convert_15_to_18"], ids=lambda vector: vector["old"])
def test_convert_15_to_18(vector):
    assert to_18_digits(vector["old"]) == vector["new"]


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        (DocumentType.HMT_RESIDENCE_PERMIT, "residence_permit_hmt"),
        (DocumentType.PERMANENT_RESIDENCE_CARD, "permanent_residence_18"),
        (DocumentType.PERMANENT_RESIDENCE_CARD, "permanent_residence_15"),
    ],
)
def test_permits_and_cards(kind, group):
    judged = {v["input"]: parse_document(kind, v["input"], today=TODAY).valid for v in VECTORS[group]}
    assert judged == {v["input"]: v["valid"] for v in VECTORS[group]}


def test_check_digits_of_permanent_residence_cards():
    vectors = VECTORS["permanent_residence_18"]
    assert [mod_11_2(v["input"][:17]) for v in vectors] == [v["check_expected"] for v in vectors]


def test_icao_check_digits():
    vectors = VECTORS["icao_9303_check"]
    assert [icao(v["data"]) for v in vectors] == [v["check"] for v in vectors]


@pytest.mark.parametrize("kind", VECTORS["patterns"])
def test_patterns(kind):
    pattern = VECTORS["patterns"][kind]
    good = [*pattern["valid"], *pattern.get("valid_non_chinese", ()), *pattern.get("unusual_shape_warning", ())]
    judged = {number: parse_document(kind, number, today=TODAY).valid for number in [*good, *pattern["invalid"]]}
    assert judged == {**dict.fromkeys(good, True), **dict.fromkeys(pattern["invalid"], False)}


def test_chinese_passports_of_unusual_shape_warn():
    pattern = VECTORS["patterns"]["chinese_passport"]
    numbers = [*pattern["valid"], *pattern["unusual_shape_warning"]]
    warned = [n for n in numbers if parse_document("chinese_passport", n, today=TODAY).warnings == ("unusual_shape",)]
    assert warned == pattern["unusual_shape_warning"]
