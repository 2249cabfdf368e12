from hypothesis import given
from hypothesis import strategies as st

from customers.rules.check_digits import icao, mod_11_2, mod_11_10

BODIES = st.text("0123456789", min_size=17, max_size=17)


@given(BODIES, st.integers(0, 16), st.integers(1, 9))
def test_mod_11_2_catches_every_wrong_digit(body, place, shift):
    changed = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert mod_11_2(changed) != mod_11_2(body)


@given(BODIES, st.integers(0, 15))
def test_mod_11_2_catches_every_transposition(body, place):
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert (mod_11_2(swapped) != mod_11_2(body)) == (swapped != body)


@given(st.text("0123456789", min_size=1, max_size=20), st.data())
def test_mod_11_10_catches_every_wrong_digit(body, data):
    place, shift = data.draw(st.integers(0, len(body) - 1)), data.draw(st.integers(1, 9))
    changed = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert mod_11_10(changed) != mod_11_10(body)


def test_mod_11_10_agrees_with_the_example_of_the_standard():
    assert mod_11_10("0794") == "5"


def test_icao_counts_the_filler_as_nothing():
    assert icao("AB2134<<<") == icao("AB2134")
