import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.customer_number import BODIES, customer_number, is_customer_number, is_issued_number

FIRST = ["102273753407", "484239765872", "866205778347"]
SERIALS = st.integers(1, BODIES)


@given(SERIALS)
def test_issued_numbers_are_twelve_digits_that_verify(serial):
    number = customer_number(serial)
    assert len(number) == 12
    assert is_issued_number(number)
    assert is_customer_number(number)


@given(SERIALS, SERIALS)
def test_no_two_serials_meet(one, other):
    assert (customer_number(one) == customer_number(other)) == (one == other)


@given(SERIALS, st.integers(0, 11), st.integers(1, 9))
def test_a_wrong_digit_is_no_issued_number(serial, place, shift):
    number = customer_number(serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_issued_number(wrong)


def test_the_first_numbers_stay_what_they_are():
    assert [customer_number(serial) for serial in (1, 2, 3)] == FIRST


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("123456", True),
        ("1" * 20, True),
        ("12345", False),
        ("1" * 21, False),
        ("12345a", False),
        ("１２３４５６", False),
        ("", False),
    ],
)
def test_numbers_taken_over_have_6_to_20_digits(text, is_one):
    assert is_customer_number(text) == is_one
