import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.texts import (
    clean_telephone,
    clean_text,
    email_problem,
    line_problem,
    mobile_problem,
    name_problem,
    parse_iso_date,
    phone_problem,
)
from tests.customers.rules.vectors import TODAY


@pytest.mark.parametrize(
    "name",
    [
        "顾青禾",
        "阿卜杜拉·买买提",
        "𠮷野",
        "\U00030000\U0003134a\U0002ebf0",
        "㐆",
        "〇",
        "O'Brien",
        "Anna-Maria de la Cruz Jr.",
        "Zoë",
        "测" * 100,
    ],
)
def test_names_as_they_stand_on_documents(name):
    assert name_problem(clean_text(name)) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "required"),
        ("测" * 101, "length"),
        ("张三😀", "format"),
        ("张\x00三", "format"),
        ("张\n三", "format"),
        ("张三1", "format"),
        ("张?", "format"),
        ("张\ufffd", "format"),
        ("张\u200b三", "format"),
        ("阿卜杜拉•买买提", "format"),
        ("·", "format"),
        ("\ue863", "format"),
    ],
)
def test_what_is_no_name(name, problem):
    assert name_problem(name) == problem


def test_cleaning_keeps_the_inside():
    assert clean_text("  Anna  Maria\u3000") == "Anna  Maria"
    assert clean_text("Zoe\u0308") == "Zoë"
    assert clean_text("阿卜杜拉·买买提") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("typed", "kept", "problem"),
    [
        ("13800138000", "13800138000", None),
        ("１３８ 0013-8000", "13800138000", None),
        ("+86 138 0013 8000", "13800138000", None),
        ("+85291234567", "+85291234567", None),
        ("", "", None),
        ("12800138000", "12800138000", "format"),
        ("1390000012", "1390000012", "format"),
        ("139000001288", "139000001288", "format"),
        ("+8612800138000", "+8612800138000", "format"),
        ("٠١٣٨٠٠١٣٨٠٠", "٠١٣٨٠٠١٣٨٠٠", "format"),
        ("+0123456789", "+0123456789", "format"),
        ("0571-87654321", "0571-87654321", "format"),
    ],
)
def test_mobile(typed, kept, problem):
    assert clean_telephone(typed) == kept
    assert mobile_problem(kept) == problem


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("0571-87654321", None),
        ("010-87654321-123", None),
        ("87654321", None),
        ("400-820-8820", None),
        ("13800138000", None),
        ("+862187654321", None),
        ("", None),
        ("0571", "format"),
        ("电话", "format"),
    ],
)
def test_phone(number, problem):
    assert phone_problem(number) == problem


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("teller@example.com", None),
        ("a.b+c@mail.example.com.cn", None),
        ("", None),
        ("teller", "format"),
        ("teller@example", "format"),
        ("teller@-example.com", "format"),
        ("tel ler@example.com", "format"),
        ("柜员@example.com", "format"),
        ("a" * 250 + "@example.com", "length"),
    ],
)
def test_email(address, problem):
    assert email_problem(address) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("浙江省杭州市西湖区样例路 18 号 3 幢 502 室", None),
        ("", None),
        ("路" * 200, None),
        ("路" * 201, "length"),
        ("样例路\x0018号", "format"),
        ("样例路\n18号", "format"),
        ("样例路😀", "format"),
        ("样例路\u202e18", "format"),
    ],
)
def test_line(text, problem):
    assert line_problem(text) == problem


@given(st.text())
def test_any_text_gets_an_answer(text):
    checks = [name_problem, mobile_problem, phone_problem, email_problem, line_problem]
    found = {check(clean) for check in checks for clean in (text, clean_text(text), clean_telephone(text))}
    assert found <= {None, "required", "length", "format"}


def test_megabytes_are_refused_quickly():
    start = time.perf_counter()
    huge = "a" * 10**7
    problems = [
        name_problem(clean_text(huge)),
        mobile_problem(clean_telephone(huge)),
        email_problem(huge),
        line_problem(huge),
    ]
    assert problems == ["length", "format", "length", "length"]
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-24", TODAY),
        (TODAY, TODAY),
        ("2026-02-30", None),
        ("20261124", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_iso_dates(value, day):
    assert parse_iso_date(value) == day
