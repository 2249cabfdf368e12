"""What makes two customers look like one person."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.duplicates import (
    MOST_IN_A_BLOCK,
    Person,
    are_near_names,
    blocks,
    body_parts,
    grounds,
    likely_duplicates,
    slip,
    strength,
)
from tellerdesk.core.masking import mask_number

ONE = Person(1, "顾青禾", "female", date(1985, 3, 12), "resident_id", region="330106", sequence="124")


def other(**changes) -> Person:
    return replace(ONE, **({"pk": 2, "sequence": "348", "region": "330206"} | changes))


def found(person: Person, *, common_name: bool = False) -> list[str]:
    return grounds(ONE, person, common_name=common_name)


@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        ("110105", "110105", None),
        ("110105", "110108", ("digit", 6)),
        ("110105", "110150", ("swap", 5)),
        ("110105", "101105", ("swap", 2)),
        ("110105", "110215", None),
        ("110105", "11010", None),
        ("", "", None),
    ],
)
def test_a_slip_and_its_place(one, two, said):
    assert slip(one, two) == slip(two, one) == said


@given(st.text("012", min_size=1, max_size=6), st.text("012", min_size=1, max_size=6))
def test_a_slip_is_one_replaced_or_two_exchanged(one, two):
    replaced = {one[:at] + sign + one[at + 1 :] for at in range(len(one)) for sign in "012"}
    exchanged = {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)}
    assert (slip(one, two) is not None) == (two != one and two in replaced | exchanged)


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("张三丰", "张山丰", True),
        ("张三丰", "张丰三", True),
        ("张三", "张三丰", True),
        ("张三丰", "张三丰", False),
        ("张三", "李四", False),
        ("张三丰年", "张三", False),
    ],
)
def test_names_one_character_apart(one, two, near):
    assert are_near_names(one, two) == are_near_names(two, one) == near


def test_the_masked_form_shows_region_and_sequence():
    assert body_parts("resident_id", mask_number("330106198503121249")) == ("330106", "124")
    assert body_parts("chinese_passport", mask_number("E12345678")) == ("", "")
    assert body_parts("permanent_residence_card", mask_number("KAZ110090123105")) == ("", "")


def test_same_person_under_two_papers():
    passport = other(document_type="chinese_passport", region="", sequence="", number="E12345678")
    assert found(passport) == ["same_name_birth_sex", "other_paper"]
    strong = replace(passport, mobile="13900000128", address="样例路1号")
    both = grounds(replace(ONE, mobile="13900000128", address="样例路1号"), strong, common_name=True)
    assert both == ["same_name_birth_sex", "other_paper", "same_mobile", "same_address"]
    assert strength(both) == 100
    assert strength(found(passport)) == 65 > strength(found(other())) == 45


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"region": "330106", "sequence": "128"}, "number_digit:17"),
        ({"region": "330106", "sequence": "142"}, "number_swap:16"),
        ({"region": "330108", "sequence": "124"}, "number_digit:6"),
        ({"region": "330106", "sequence": "224", "birth_date": date(1985, 3, 11)}, "number_swap:14"),
        ({"region": "330106", "sequence": "124", "birth_date": date(1986, 3, 12)}, "number_digit:10"),
    ],
)
def test_numbers_with_a_slip(changes, ground):
    assert found(other(**changes), common_name=True)[0] == ground
    assert found(other(**changes, name="顾青苗")) == []


def test_a_register_and_a_card_carry_the_same_kind_of_number():
    assert found(other(document_type="household_register", region="330106", sequence="128"))[0] == "number_digit:17"
    assert found(other(document_type="hmt_residence_permit", region="330106", sequence="128"))[0] != "number_digit:17"


def test_birth_dates_with_a_slip_count_under_a_rare_name_only():
    near, exchanged = other(birth_date=date(1985, 3, 13)), other(birth_date=date(1985, 3, 21))
    assert (found(near), found(exchanged)) == (["birth_digit"], ["birth_swap"])
    assert found(near, common_name=True) == []
    assert found(other(birth_date=date(1985, 3, 13), sex="male")) == []


def test_passports_with_a_slip():
    one = replace(ONE, document_type="foreign_passport", region="", sequence="", number="X1234567")
    two = replace(one, pk=2, number="X1234576", birth_date=date(1990, 1, 1))
    assert grounds(one, two, common_name=True) == ["paper_swap:7"]
    assert grounds(one, replace(two, document_type="chinese_passport"), common_name=True) == []
    assert grounds(one, replace(two, number="X1934567"), common_name=True) == ["paper_character:3"]


def test_the_same_telephone_and_birth_date():
    one, two = replace(ONE, mobile="13900000128"), other(mobile="13900000128", name="顾清禾")
    assert grounds(one, two, common_name=True) == ["near_name"]
    assert grounds(one, replace(two, name="李明"), common_name=False) == []


def crowd(count: int) -> list[Person]:
    """Of one name and birth date, with numbers far apart."""
    return [other(pk=place, region=f"{110000 + place * 111}", sequence=f"{place * 7:03d}") for place in range(count)]


def test_blocks_that_are_too_large_are_passed_over():
    assert len(likely_duplicates(crowd(MOST_IN_A_BLOCK))) == MOST_IN_A_BLOCK * (MOST_IN_A_BLOCK - 1) // 2
    assert likely_duplicates(crowd(MOST_IN_A_BLOCK + 1)) == {}


def test_a_slip_is_found_under_the_commonest_name():
    people = crowd(MOST_IN_A_BLOCK + 1)
    people += [replace(ONE, pk=100), replace(ONE, pk=101, sequence="128")]
    assert likely_duplicates(people) == {(100, 101): ["number_digit:17", "same_name_birth_sex"]}


@given(st.data())
def test_whoever_has_a_slip_in_the_number_shares_a_block(data):
    region, sequence = data.draw(st.text("0123456789", min_size=6, max_size=6)), data.draw(st.integers(0, 999))
    born = data.draw(st.dates(date(1900, 1, 1), date(2030, 1, 1)))
    one = replace(ONE, region=region, sequence=f"{sequence:03d}", birth_date=born)
    two = data.draw(st.sampled_from(list(slipped(one)) or [one]))
    assert set(blocks(one)) & set(blocks(replace(two, sex="male"))) - {("name", one.name)}


def slipped(one: Person):
    """Everybody whose number has one slip against this one's, as far as it is a number."""
    body = one.body
    bodies = {body[:at] + digit + body[at + 1 :] for at in range(17) for digit in "0123456789"}
    bodies |= {body[:at] + body[at + 1] + body[at] + body[at + 2 :] for at in range(16)}
    for text in sorted(bodies - {body}):
        try:
            born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
        except ValueError:
            continue
        if 1880 < born.year < 2040:
            yield replace(one, pk=2, region=text[:6], birth_date=born, sequence=text[14:])
