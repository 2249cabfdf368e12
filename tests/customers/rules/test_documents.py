import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import DocumentType, Sex
from customers.rules.documents import parse_document
from tests.customers.numbers import (
    citizen_number,
    old_permanent_residence_card,
    permanent_residence_card,
    residence_permit,
)
from tests.customers.rules.vectors import TODAY

CITIZEN, PERMIT, CARD = citizen_number(), residence_permit(), permanent_residence_card()


def parsed(kind, text):
    return parse_document(kind, text, today=TODAY)


@given(st.sampled_from(DocumentType), st.one_of(st.text(), st.text("0123456789XEGHM字第号-<", max_size=20)))
def test_any_text_gets_an_answer(kind, text):
    paper = parsed(kind, text)
    assert paper.valid == (paper.errors == ())
    assert (paper.identity_key is None) or paper.valid


@given(st.integers(0, 17), st.integers(1, 9))
def test_no_single_wrong_digit_passes(place, shift):
    number = citizen_number(sequence="002")
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not parsed("resident_id", wrong).valid


@pytest.mark.parametrize("kind", DocumentType)
def test_ten_megabytes_are_refused_quickly(kind):
    start = time.perf_counter()
    assert parsed(kind, "1" * 10**7).errors in [("length",), ("format",)]
    assert time.perf_counter() - start < 1.5


@pytest.mark.parametrize(
    ("chosen", "number", "errors", "suggested"),
    [
        ("resident_id", PERMIT, ("region",), "hmt_residence_permit"),
        ("resident_id", CARD, ("region",), "permanent_residence_card"),
        ("resident_id", "710000199001010015", ("region",), "hmt_residence_permit"),
        ("resident_id", "H12345678", ("format",), "hk_macao_permit"),
        ("resident_id", "E12345678", ("format",), "chinese_passport"),
        ("resident_id", "KAZ110090123105", ("format",), "permanent_residence_card"),
        ("resident_id", "12345678", ("length",), "taiwan_permit"),
        ("resident_id", "11010519491231002Х", ("format",), None),
        ("hmt_residence_permit", CITIZEN, ("wrong_type",), "resident_id"),
        ("permanent_residence_card", CITIZEN, ("wrong_type",), "resident_id"),
        ("permanent_residence_card", PERMIT, ("wrong_type",), "hmt_residence_permit"),
        ("chinese_passport", CITIZEN, ("wrong_type",), "resident_id"),
        ("foreign_passport", PERMIT, ("wrong_type",), "hmt_residence_permit"),
        ("hk_macao_permit", "G12345678", ("wrong_type",), "chinese_passport"),
        ("taiwan_permit", "M12345678", ("wrong_type",), "hk_macao_permit"),
        ("military_id", CITIZEN, ("wrong_type",), "resident_id"),
        ("hk_macao_permit", "X12345678", ("format",), None),
        ("other", CITIZEN, (), None),
    ],
)
def test_a_number_of_another_type_says_which(chosen, number, errors, suggested):
    paper = parsed(chosen, number)
    assert (paper.errors, paper.suggested_type) == (errors, suggested)


@pytest.mark.parametrize(
    ("kind", "number", "errors"),
    [
        *((kind, " \u200b", ("empty",)) for kind in DocumentType if kind != DocumentType.MILITARY_ID),
        ("military_id", " ", ("empty",)),
        ("hmt_residence_permit", "81000019940823002", ("length",)),
        ("hmt_residence_permit", "81000019940823X021", ("format",)),
        ("hmt_residence_permit", "810101199001010010", ("region",)),
        ("permanent_residence_card", "93268219850101001", ("length",)),
        ("permanent_residence_card", "USA31008002291", ("length",)),
        ("permanent_residence_card", permanent_residence_card(country="999"), ("region",)),
        ("permanent_residence_card", permanent_residence_card(date(2099, 1, 1)), ("future_birth_date",)),
        ("permanent_residence_card", old_permanent_residence_card("ZZZ11009012310"), ("region",)),
        ("permanent_residence_card", old_permanent_residence_card("KAZ19009012310"), ("region",)),
        ("permanent_residence_card", old_permanent_residence_card("KAZ11009013310"), ("birth_date",)),
        ("hk_macao_permit", "H1234567", ("length",)),
        ("taiwan_permit", "1234567", ("length",)),
        ("foreign_passport", "A1", ("length",)),
        ("foreign_passport", "AB-12345", ("format",)),
        ("military_id", "南字第123号", ("length",)),
        ("military_id", "军第12345678号", ("format",)),
        ("other", "1" * 41, ("length",)),
        ("other", "12\x003", ("format",)),
        ("other", "\ud83d", ("format",)),
    ],
)
def test_what_is_wrong(kind, number, errors):
    assert parsed(kind, number).errors == errors


def test_what_a_citizen_number_tells():
    paper = parsed("resident_id", "330106199108169002")
    assert (paper.birth_date, paper.sex, paper.nationality, str(paper.region)) == (
        date(1991, 8, 16),
        Sex.FEMALE,
        "CHN",
        "浙江省 杭州市 西湖区",
    )
    assert paper.sex_is_certain


def test_what_a_residence_permit_tells():
    paper = parsed("hmt_residence_permit", "830000199201300022")
    assert (paper.birth_date, paper.sex, paper.nationality, str(paper.region)) == (
        date(1992, 1, 30),
        Sex.FEMALE,
        "CHN",
        "台湾省",
    )


def test_what_a_permanent_residence_card_tells():
    paper = parsed("permanent_residence_card", "932682198501010017")
    assert (paper.birth_date, paper.sex, paper.nationality, str(paper.region)) == (
        date(1985, 1, 1),
        Sex.MALE,
        "SAU",
        "江苏省",
    )


def test_the_sex_of_an_old_card_is_a_convention():
    paper = parsed("permanent_residence_card", "USA310080022916")
    assert (paper.birth_date, paper.sex, paper.nationality) == (date(1980, 2, 29), Sex.MALE, "USA")
    assert paper.warnings == ("sex_by_convention",)
    assert not paper.sex_is_certain


@pytest.mark.parametrize(("digits", "born"), [("261124", date(2026, 11, 24)), ("261125", date(1926, 11, 25))])
def test_the_century_of_an_old_card_is_the_latest_that_is_not_to_come(digits, born):
    number = old_permanent_residence_card(f"KAZ1100{digits}0")
    assert parsed("permanent_residence_card", number).birth_date == born


@pytest.mark.parametrize(
    ("kind", "number", "nationality"),
    [
        ("hk_macao_permit", "H12345678", "CHN"),
        ("hk_macao_permit", "HA1234567", None),
        ("foreign_passport", "L898902C3", None),
        ("chinese_passport", "E12345678", "CHN"),
        ("military_id", "南字第1234567号", "CHN"),
    ],
)
def test_nationality_where_the_document_settles_it(kind, number, nationality):
    assert parsed(kind, number).nationality == nationality


def test_an_unknown_type_is_the_callers_mistake():
    with pytest.raises(ValueError, match="library_card"):
        parsed("library_card", CITIZEN)
