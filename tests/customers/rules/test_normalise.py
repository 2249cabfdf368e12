import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import DocumentType
from customers.rules.normalise import INVISIBLE, LONGEST_READ, normalise

NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("resident_id", " １１０１０５ 19491231\u3000002ｘ\r\n", NUMBER),
        ("resident_id", INVISIBLE.join(NUMBER), NUMBER),
        ("resident_id", "110105-19491231-002X", "110105-19491231-002X"),
        ("household_register", "110105-19491231-002X", NUMBER),
        ("other", " a-123 ", "A-123"),
        ("taiwan_permit", "1234567801（b）", "1234567801(B)"),
        ("foreign_passport", "e1234567ı", "E1234567ı"),
        ("foreign_passport", "straße", "STRAßE"),
        ("military_id", " 南字第 1234567 号 ", "南字第1234567号"),
        ("military_id", "南字第１２３4567ａ号", "南字第１２３4567ａ号"),
        ("military_id", "南\u200b字", "南\u200b字"),
        ("resident_id", "1\ud800", "1\ufffd"),
    ],
)
def test_normalise(kind, typed, kept):
    assert normalise(kind, typed) == kept


@given(st.sampled_from(DocumentType), st.text(st.characters(codec="utf-8", max_codepoint=0x30FF)))
def test_twice_is_once(kind, text):
    once = normalise(kind, text)
    assert normalise(kind, once) == once


@given(st.sampled_from([kind for kind in DocumentType if kind != DocumentType.MILITARY_ID]), st.text())
def test_no_whitespace_and_nothing_invisible_is_left(kind, text):
    assert set(normalise(kind, text)) & {*INVISIBLE, " ", "\t", "\n", "\u3000", "\xa0"} == set()


@pytest.mark.parametrize("text", ["1" * 10**7, "\ufdfa" * 10**6, " " * 10**7, "1\u200b" * 10**6])
def test_megabytes_are_cut_quickly(text):
    start = time.perf_counter()
    assert len(normalise("resident_id", text)) in (0, LONGEST_READ)
    assert time.perf_counter() - start < 1.5


def test_filling_does_not_hide_what_follows_a_good_number():
    assert normalise("resident_id", NUMBER + " \u200b" * 5000 + "1") == NUMBER + "1"
