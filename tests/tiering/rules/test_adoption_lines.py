"""Lines of an adoption: who is primary, what is wrong, and that a customer goes whole or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.rules.adoption_lines import Given, settle, with_their_like


def lines(*rows: tuple) -> list[Given]:
    return [Given(place, *row) for place, row in enumerate(rows, 2)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("1", "a"), ("1", "b"), ("2", "a")], [True, False, True]),
        ([("1", "a", "0"), ("1", "b", "1")], [False, True]),
        ([("1", "a", "否"), ("1", "b", "是"), ("1", "c", "协办")], [False, True, False]),
        ([("1", "a", " YES ")], [True]),
        ([("1", "a", "1"), ("1", "b", "1")], [True, "two_primaries"]),
        ([("1", "a", ""), ("1", "b", "1")], [True, "two_primaries"]),
        ([("1", "a", "0"), ("1", "b", "0")], ["no_primary", "no_primary"]),
        ([("1", "a"), ("1", "a")], [True, "duplicate_line"]),
        ([("1", "a", "vielleicht"), ("1", "b", "0")], ["bad_primary", False]),
    ],
)
def test_each_line_says_who_is_primary_or_what_is_wrong(rows, expected):
    assert settle(lines(*rows)) == expected


def test_one_wrong_line_keeps_the_customer_s_others_out():
    given_lines = lines(("1", "a"), ("1", "b"), ("2", "a"))
    assert with_their_like(given_lines, ["", "unknown_staff", ""]) == ["other_line", "unknown_staff", ""]


texts = st.tuples(st.sampled_from("12"), st.sampled_from("abc"), st.sampled_from(["", "1", "0", "?"]))


@given(st.lists(texts, max_size=8))
def test_what_is_left_has_one_primary_and_nobody_twice(rows):
    given_lines = lines(*rows)
    says = settle(given_lines)
    codes = with_their_like(given_lines, [each if isinstance(each, str) else "" for each in says])
    kept = [(line, first) for line, first, code in zip(given_lines, says, codes, strict=True) if not code]
    for customer in {line.customer_number for line, _ in kept}:
        mine = [(line.owner, first) for line, first in kept if line.customer_number == customer]
        assert sum(first for _, first in mine) == 1
        assert len({owner for owner, _ in mine}) == len(mine)
