"""One line of a customer file: what the counter would refuse is refused, what a migration must bear is borne."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.rules.documents import parse_document
from customers.rules.fields import opening_errors
from customers.rules.import_columns import COLUMNS
from customers.rules.import_row import ImportRow, Refused, read_row
from customers.rules.particulars import Particulars
from tests.customers.numbers import citizen_number

TODAY = date(2026, 11, 24)
NUMBER = citizen_number(date(1985, 3, 12), sequence="122")
CELLS = {
    "name": "顾青禾",
    "sex": "女",
    "nationality": "中国",
    "occupation": "农林牧渔",
    "address": "浙江省杭州市样例路1号",
    "mobile": "139 0000 0128",
    "document_type": "居民身份证",
    "document_number": NUMBER,
    "valid_from": "2020/1/1",
    "valid_until": "20400101",
    "branch": "001",
    "customer_number": "0001234567",
}


def read(**changes):
    return read_row({**CELLS, **changes}, branches={"001", "002"}, today=TODAY)


def problems(**changes):
    found = read(**changes)
    return [f"{field}:{code}" for field, code in found.problems] if isinstance(found, Refused) else []


def test_a_line_in_chinese_words():
    row = read()
    assert (row.customer_number, row.branch, row.warnings) == ("0001234567", "001", ())
    assert row.paper.normalized == NUMBER
    entered = row.particulars
    assert (entered.name, entered.sex, entered.birth_date) == ("顾青禾", "female", date(1985, 3, 12))
    assert (entered.nationality, entered.occupation, entered.mobile) == ("CHN", "agriculture", "13900000128")
    assert (entered.valid_from, entered.valid_until, entered.long_term) == (date(2020, 1, 1), date(2040, 1, 1), False)


def test_what_the_number_tells_may_be_left_out():
    row = read(sex="", birth_date="", nationality="", branch="", customer_number="")
    assert (row.particulars.sex, row.particulars.birth_date, row.particulars.nationality) == (
        "female",
        date(1985, 3, 12),
        "CHN",
    )
    assert (row.customer_number, row.branch) == ("", "")


@pytest.mark.parametrize("word", ["", "长期", "长期有效", "long_term", "9999-12-31"])
def test_long_term(word):
    row = read(valid_until=word, valid_from="")
    assert (row.particulars.long_term, row.particulars.valid_until) == (True, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ["name:required"]),
        ({"name": "张3"}, ["name:format"]),
        ({"name": "顾" * 101}, ["name:length"]),
        ({"name": "😀"}, ["name:format"]),
        ({"name": "=1+1"}, ["name:format"]),
        ({"sex": "男"}, ["sex:sex_mismatch"]),
        ({"sex": "未知"}, ["sex:not_in_list"]),
        ({"birth_date": "1985-03-13"}, ["birth_date:birth_date_mismatch"]),
        ({"birth_date": "1985-02-30"}, ["birth_date:wrong_value"]),
        ({"nationality": "美国"}, ["nationality:nationality_mismatch"]),
        ({"nationality": "地球"}, ["nationality:not_in_list"]),
        ({"occupation": ""}, ["occupation:required"]),
        ({"occupation": "其他"}, ["occupation_detail:detail_required"]),
        ({"address": "", "employer_address": ""}, ["address:address_required"]),
        ({"address": "x" * 5000}, ["address:length"]),
        ({"mobile": ""}, ["mobile:contact_required"]),
        ({"mobile": "12345"}, ["mobile:format"]),
        ({"email": "nobody"}, ["email:format"]),
        ({"document_type": ""}, ["document_type:required"]),
        ({"document_type": "护照"}, ["document_type:not_in_list"]),
        ({"document_type": "驾驶证"}, ["document_type:auxiliary_only"]),
        ({"document_type": "户口簿", "valid_until": ""}, ["document_type:register_under_16_only"]),
        ({"document_number": NUMBER[:-1] + "9"}, ["document_number:checksum"]),
        ({"document_number": "110105491231002"}, ["document_number:first_generation_15"]),
        ({"document_number": ""}, ["document_number:empty"]),
        ({"valid_from": ""}, ["valid_from:required"]),
        ({"valid_from": "2030-01-01"}, ["valid_from:not_yet_valid"]),
        ({"valid_until": "2019-01-01"}, ["valid_until:period_reversed"]),
        ({"valid_until": "later"}, ["valid_until:wrong_value"]),
        ({"branch": "999"}, ["branch:unknown_branch"]),
        ({"customer_number": "12345"}, ["customer_number:format"]),
        ({"customer_number": "1" * 21}, ["customer_number:format"]),
        ({"customer_number": "1.23E+15"}, ["customer_number:format"]),
        ({"customer_number": "１２３４５６"}, ["customer_number:format"]),
        ({"has_cheque_account": "maybe"}, ["has_cheque_account:wrong_value"]),
        ({"branch": "999", "name": "", "mobile": "1"}, ["branch:unknown_branch", "name:required", "mobile:format"]),
    ],
)
def test_what_is_refused(changes, expected):
    assert problems(**changes) == expected


def test_columns_the_file_has_not_got():
    few = {name: CELLS[name] for name in ("name", "document_type", "document_number")}
    found = read_row(few, branches=set(), today=TODAY)
    assert found == Refused(
        (("occupation", "required"), ("address", "address_required"), ("mobile", "contact_required"))
    )


def test_an_expired_document_does_not_stop_a_migration():
    assert read(valid_until="2021-01-01").warnings == (("valid_until", "unusual_period"), ("valid_until", "expired"))


def test_a_minor_comes_without_a_guardian():
    child = citizen_number(date(2018, 3, 12), sequence="122")
    row = read(document_number=child, document_type="户口簿", valid_until="", valid_from="")
    assert (row.particulars.birth_date, row.particulars.agent) == (date(2018, 3, 12), None)


@pytest.mark.parametrize("name", ["王?", "王？明", "王\ufffd", "王\ue123"])
def test_a_character_the_old_system_could_not_write_is_a_warning(name):
    row = read(name=name)
    assert (row.particulars.name, row.warnings) == (name, (("name", "unwritten"),))


def test_documents_that_need_more_columns():
    passport = {"document_type": "中国护照", "document_number": "E12345678", "birth_date": "1985-03-12"}
    assert problems(**passport) == ["document_type:passport_when_settled_abroad"]
    assert problems(**passport, settled_abroad="是") == []
    officer = {"document_type": "军官证", "document_number": "南字第1234567号", "birth_date": "1985-03-12"}
    assert problems(**officer) == ["unit_proof:unit_proof_required"]
    assert problems(**officer, unit_proof="1") == []


def test_permanent_residence_of_a_foreigner():
    row = read(
        document_type="外国人永久居留身份证", document_number="932682198501010017", nationality="沙特阿拉伯", sex="男"
    )
    assert (row.particulars.nationality, row.particulars.birth_date) == ("SAU", date(1985, 1, 1))


CELL = st.one_of(
    st.sampled_from(
        ["", "男", "中国", "居民身份证", "2020-01-01", "长期", NUMBER, "001", "13900000128", "\x00", "=1", "x" * 500]
    ),
    st.text(max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from([column.name for column in COLUMNS]), CELL))
def test_no_cells_break_it_and_the_counter_agrees(cells):
    """What goes in has no error at the counter either, but for guardian, expiry and unwritten characters."""
    found = read_row({**CELLS, **cells}, branches={"001"}, today=TODAY)
    if isinstance(found, ImportRow):
        paper = parse_document(found.particulars.document_type, found.particulars.document_number, today=TODAY)
        errors = opening_errors(found.particulars, paper, today=TODAY)
        assert set(errors) <= {"agent", "name"}
    else:
        assert found.problems


def test_one_voice_with_the_counter():
    """The same particulars typed at the counter."""
    typed = Particulars(
        name="顾青禾", document_type="resident_id", document_number=NUMBER, valid_from=date(2020, 1, 1), long_term=True
    )
    paper = parse_document("resident_id", NUMBER, today=TODAY)
    counter = opening_errors(typed.completed_from(paper), paper, today=TODAY)
    line = {"name": "顾青禾", "document_type": "resident_id", "document_number": NUMBER, "valid_from": "2020-01-01"}
    imported = read_row(line, branches=set(), today=TODAY)
    assert {field: [code] for field, code in imported.problems} == counter
