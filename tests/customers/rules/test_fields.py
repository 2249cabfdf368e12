from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import DocumentType
from customers.rules.agents import AgentParticulars
from customers.rules.documents import parse_document
from customers.rules.fields import amendment_errors, cleaned_changes, opening_errors, opening_warnings
from customers.rules.particulars import Particulars
from tests.customers.numbers import citizen_number, permanent_residence_card
from tests.customers.rules.vectors import TODAY

GOOD = Particulars(
    name="顾青禾",
    sex="male",
    occupation="professional",
    address="浙江省杭州市西湖区样例路 18 号",
    mobile="13900000128",
    document_type="resident_id",
    document_number=citizen_number(),
    valid_from=date(2019, 5, 20),
    valid_until=date(2039, 5, 20),
)
GUARDIAN = AgentParticulars(
    "顾山", "resident_id", citizen_number(date(1980, 1, 1)), "13900000129", "父母", "未成年", "户口簿"
)
TOMORROW = date(2026, 11, 25)
FOREIGNER = {"document_type": "foreign_passport", "document_number": "L898902C3", "nationality": "USA"}
EMIGRANT = {"document_type": "chinese_passport", "document_number": "E12345678", "birth_date": date(1990, 3, 7)}
SAUDI = {
    "document_type": "permanent_residence_card",
    "document_number": permanent_residence_card(),
    "nationality": "SAU",
}
CUSTOMER = SimpleNamespace(
    occupation="professional",
    occupation_detail="",
    address="旧样路 5 号",
    employer_address="",
    mobile="13900000128",
    phone="",
    email="",
)


def judged(**changes):
    entered = replace(GOOD, **changes)
    paper = parse_document(entered.document_type, entered.document_number, today=TODAY)
    completed = entered.completed_from(paper)
    return opening_errors(completed, paper, today=TODAY), opening_warnings(completed, paper), completed


def errors(**changes):
    return judged(**changes)[0]


def test_a_good_opening():
    found, warnings, completed = judged()
    assert (found, warnings) == ({}, {})
    assert (completed.birth_date, completed.nationality) == (date(1990, 3, 7), "CHN")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, {"name": ["required"]}),
        ({"sex": "female"}, {"sex": ["sex_mismatch"]}),
        ({"sex": "男"}, {"sex": ["not_in_list"]}),
        ({"birth_date": date(1990, 3, 8)}, {"birth_date": ["birth_date_mismatch"]}),
        ({"nationality": "XXX"}, {"nationality": ["not_in_list"]}),
        ({"nationality": "USA"}, {"nationality": ["nationality_mismatch"]}),
        ({"occupation": ""}, {"occupation": ["required"]}),
        ({"occupation": "farmer"}, {"occupation": ["not_in_list"]}),
        ({"occupation": "other"}, {"occupation_detail": ["detail_required"]}),
        ({"occupation": "other", "occupation_detail": "自由撰稿"}, {}),
        ({"occupation_detail": "字" * 51}, {"occupation_detail": ["length"]}),
        ({"address": ""}, {"address": ["address_required"]}),
        ({"address": "", "employer_address": "样例路 1 号"}, {}),
        ({"address": "路\x00"}, {"address": ["format"]}),
        ({"mobile": ""}, {"mobile": ["contact_required"]}),
        ({"mobile": "", "email": "a@example.com"}, {}),
        ({"mobile": "", "phone": "0571-87654321"}, {}),
        ({"mobile": "1390000012"}, {"mobile": ["format"]}),
        ({"education": "doctor"}, {"education": ["not_in_list"]}),
        ({"valid_until": None}, {"valid_until": ["required"]}),
        ({"long_term": True}, {"long_term": ["long_term_with_date"]}),
        ({"long_term": True, "valid_from": None, "valid_until": None}, {}),
        ({"document_number": "11010519491231002"}, {"document_number": ["length"]}),
        ({"document_number": "190105199002300010"}, {"document_number": ["region", "birth_date", "checksum"]}),
        ({"document_type": "driving_licence"}, {"document_type": ["auxiliary_only"]}),
        ({"document_type": "household_register"}, {"document_type": ["register_under_16_only"]}),
        (EMIGRANT, {"document_type": ["passport_when_settled_abroad"]}),
        (FOREIGNER, {"birth_date": ["required"]}),
        ({**FOREIGNER, "birth_date": TOMORROW}, {"birth_date": ["future_birth_date"], "agent": ["guardian_required"]}),
        ({**FOREIGNER, "birth_date": date(1990, 1, 1), "sex": ""}, {"sex": ["required"]}),
        (SAUDI, {}),
    ],
)  # fmt: skip
def test_what_an_opening_lacks(changes, expected):
    assert errors(**changes) == expected


def test_several_things_are_wrong_at_once():
    assert errors(name="😀", mobile="1", address="", document_number="330106199003070010") == {
        "document_number": ["checksum"],
        "name": ["format"],
        "mobile": ["format"],
        "address": ["address_required"],
    }


def test_nothing_is_required_that_the_right_number_would_give():
    assert errors(sex="", document_number="11010519491231002") == {"document_number": ["length"]}


def test_a_child_with_the_household_register():
    child = {
        "document_type": "household_register",
        "document_number": citizen_number(date(2016, 6, 1)),
        "occupation": "student",
    }
    child |= {"valid_from": None, "valid_until": None}
    assert errors(**child) == {"agent": ["guardian_required"]}
    found, _, completed = judged(**child, agent=GUARDIAN)
    assert (found, completed.long_term) == ({}, True)


def test_an_expired_document_is_told_elsewhere():
    assert errors(valid_from=date(2006, 11, 23), valid_until=date(2026, 11, 23)) == {}


def test_an_old_card_binds_birth_date_but_not_sex():
    card = {"document_type": "permanent_residence_card", "document_number": "USA310080022916", "nationality": "USA"}
    found, warnings, completed = judged(**card, sex="female")
    assert (found, warnings["sex"], completed.birth_date) == ({}, ["sex_by_convention"], date(1980, 2, 29))
    assert errors(**card, birth_date=date(1980, 2, 28)) == {"birth_date": ["birth_date_mismatch"]}


def test_what_was_typed_is_cleaned_and_kept():
    _, _, completed = judged(
        name=" 顾青禾 ", mobile="+86 139-0000-0128", document_number=f" {citizen_number().lower()}"
    )
    fields = completed.customer_fields()
    assert (fields["name"], fields["mobile"], completed.document_number) == ("顾青禾", "13900000128", citizen_number())
    assert fields.keys().isdisjoint({"agent", "document_type", "document_number", "valid_until", "issuing_authority"})


def test_an_unusual_period_is_asked_about():
    assert judged(valid_until=date(2029, 5, 20))[:2] == ({}, {"valid_until": ["unusual_period"]})


def test_warnings_of_the_number_are_passed_on():
    assert judged(document_number=citizen_number(county="330199"))[:2] == ({}, {"document_number": ["county_unknown"]})


@given(
    st.builds(Particulars, document_type=st.sampled_from(DocumentType), agent=st.none() | st.builds(AgentParticulars))
)
def test_anything_typed_gets_an_answer(entered):
    paper = parse_document(entered.document_type, entered.document_number, today=TODAY)
    found = opening_errors(entered.completed_from(paper), paper, today=TODAY)
    assert all(codes for codes in found.values())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"address": "新样路 6 号"}, {}),
        ({"mobile": "13912345678"}, {}),
        ({"address": ""}, {"address": ["address_required"]}),
        ({"address": "", "employer_address": "样例路"}, {}),
        ({"mobile": ""}, {"mobile": ["contact_required"]}),
        ({"occupation": "other"}, {"occupation_detail": ["detail_required"]}),
        ({"name": "张三1"}, {"name": ["format"]}),
        ({"customer_number": "1"}, {"customer_number": ["not_changeable"]}),
        ({"shoe_size": "42"}, {"shoe_size": ["unknown_field"]}),
        ({"address": 5}, {"address": ["wrong_value"]}),
        ({"address": {"a": 1}}, {"address": ["wrong_value"]}),
        ({"settled_abroad": "yes"}, {"settled_abroad": ["wrong_value"]}),
        ({"valid_until": "2030-02-30"}, {"valid_until": ["wrong_value"]}),
        ({"valid_until": "2036-02-28"}, {}),
        ({"document_number": "1"}, {"document_type": ["required"]}),
        ({"document_type": "resident_id"}, {"document_number": ["required"]}),
        ({"document_type": "card", "document_number": "1"}, {"document_type": ["not_in_list"]}),
        ({"document_type": "resident_id", "document_number": "1"}, {"document_number": ["length"]}),
        ({"document_type": "resident_id", "document_number": citizen_number()}, {}),
        ({"document_type": "resident_id", "document_number": 5}, {"document_number": ["wrong_value"]}),
    ],
)
def test_changes(changes, expected):
    assert amendment_errors(changes, CUSTOMER, today=TODAY) == expected


def test_a_lack_of_before_does_not_bar_another_change():
    legacy = SimpleNamespace(
        occupation="other", occupation_detail="", address="", employer_address="", mobile="", phone="", email=""
    )
    assert amendment_errors({"name": "顾青禾"}, legacy, today=TODAY) == {}


def test_cleaned_changes():
    assert cleaned_changes({"mobile": "139 1234 5678", "address": " 样例路 ", "long_term": True}) == {
        "mobile": "13912345678",
        "address": "样例路",
        "long_term": True,
    }
