from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import DocumentType, Occupation, Sex
from customers.rules.import_values import (
    date_of_word,
    document_type_of_word,
    flag_of_word,
    nationality_of_word,
    occupation_of_word,
    sex_of_word,
)

ANY_TEXT = st.text(max_size=60)


@pytest.mark.parametrize("code", Sex.values)
def test_a_code_is_its_own_word_for_sex(code):
    assert sex_of_word(code) == code


@pytest.mark.parametrize("code", DocumentType.values)
def test_a_code_is_its_own_word_for_document_types(code):
    assert document_type_of_word(code) == code


@pytest.mark.parametrize("code", Occupation.values)
def test_a_code_is_its_own_word_for_occupations(code):
    assert occupation_of_word(code) == (code, "")


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("居民身份证", "resident_id"),
        ("身份证", "resident_id"),
        ("户口本", "household_register"),
        ("台胞证", "taiwan_permit"),
        ("军官证", "military_id"),
        ("其他", "other"),
        ("护照", "护照"),
        ("", ""),
    ],
)
def test_document_types_in_chinese(word, code):
    assert document_type_of_word(word) == code


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("农林牧渔", ("agriculture", "")),
        ("农林牧渔人员", ("agriculture", "")),
        ("国家机关、事业单位人员", ("government", "")),
        ("离退休", ("retired", "")),
        ("其他", ("other", "")),
        ("其他：网约车司机", ("other", "网约车司机")),
        ("其他(网约车司机)", ("other", "网约车司机")),
        ("其他（网约车司机）", ("other", "网约车司机")),
        ("other:driver", ("other", "driver")),
        ("学生：大学", ("学生：大学", "")),
        ("网约车司机", ("网约车司机", "")),
    ],
)
def test_occupations_in_chinese(word, found):
    assert occupation_of_word(word) == found


@pytest.mark.parametrize(
    ("word", "code"),
    [
        *((word, "CHN") for word in ("中国", "CHN", "chn", "156", "中华人民共和国", "China")),
        ("中国香港", "HKG"),
        ("美国", "USA"),
        ("地球", "地球"),
        ("", ""),
    ],
)
def test_nationalities(word, code):
    assert nationality_of_word(word) == code


@pytest.mark.parametrize(
    "word",
    ["2020-01-02", "20200102", "2020/1/2", "2020/01/02", "2020.1.2", "2020年1月2日", "2020-01-02 00:00:00"],
)
def test_dates(word):
    assert date_of_word(word) == date(2020, 1, 2)


@pytest.mark.parametrize(
    "word", ["", "2020-13-01", "2020-02-30", "2020-1/2", "20-01-02", "٢٠٢٠٠١٠٢", "2020-01-02 12:30:00", "43832", "长期"]
)
def test_what_is_no_date(word):
    assert date_of_word(word) is None


@pytest.mark.parametrize(
    ("word", "flag"), [("1", True), ("是", True), ("TRUE", True), ("0", False), ("", False), ("?", None)]
)
def test_flags(word, flag):
    assert flag_of_word(word) is flag


@given(ANY_TEXT)
def test_no_text_breaks_a_table(word):
    assert sex_of_word(word) in (*Sex.values, word)
    assert document_type_of_word(word) in (*DocumentType.values, word)
    assert occupation_of_word(word)[0] in (*Occupation.values, word)
    assert isinstance(nationality_of_word(word), str)
    assert date_of_word(word) is None or isinstance(date_of_word(word), date)
    assert flag_of_word(word) in (True, False, None)
