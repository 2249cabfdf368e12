"""Which two may become one, and what is chosen (rules 1.6)."""

from types import SimpleNamespace

import pytest

from customers.enums import CustomerStatus
from customers.rules.merging import (
    CHOSEN,
    Merged,
    Obstacle,
    choice_problems,
    chosen_fields,
    fields_given_back,
    joint_problems,
    may_merge,
    merge_warnings,
    obstacles,
)
from customers.rules.particulars import Particulars

ABSORB_ALL = dict.fromkeys(CHOSEN, "absorbed")


def person(**changes) -> SimpleNamespace:
    values = Particulars(name="顾青禾", sex="female", address="样例路1号", mobile="13900000128").customer_fields()
    return SimpleNamespace(**(values | {"birth_date": "1985-03-12"} | changes))


@pytest.mark.parametrize("one", CustomerStatus)
@pytest.mark.parametrize("other", CustomerStatus)
def test_only_customers_in_use(one, other):
    assert may_merge(one, other) == ({one, other} <= {"active", "suspended"})


def test_only_what_differs_and_was_chosen_is_taken():
    survivor, absorbed = person(), person(address="样例路2号", phone="0571-80000188")
    assert chosen_fields(survivor, absorbed, {"address": "absorbed", "mobile": "absorbed"}) == ("address",)
    assert chosen_fields(survivor, absorbed, {"address": "survivor"}) == ()
    assert chosen_fields(survivor, absorbed, {}) == ()
    assert chosen_fields(survivor, absorbed, ABSORB_ALL) == ("address", "phone")


def test_the_words_of_an_occupation_follow_it():
    survivor, absorbed = person(occupation="clerical"), person(occupation="other", occupation_detail="个体")
    assert chosen_fields(survivor, absorbed, {"occupation": "absorbed"}) == ("occupation", "occupation_detail")
    assert chosen_fields(survivor, absorbed, {"occupation_detail": "absorbed"}) == ()


def test_wrong_choices_are_named():
    assert list(choice_problems({"name": "absorbed", "document": "survivor"})) == []
    assert list(choice_problems({"status": "absorbed"})) == [("choices.status", "unknown_field")]
    assert list(choice_problems({"name": "both"})) == [("choices.name", "not_in_list")]


def test_nobody_is_left_without_address_or_contact():
    survivor, absorbed = person(), person(address="", employer_address="单位路1号", mobile="", email="a@example.com")
    found = list(joint_problems(survivor, absorbed, {"address": "absorbed", "mobile": "absorbed"}))
    assert found == [("choices.address", "address_required"), ("choices.mobile", "contact_required")]
    assert list(joint_problems(survivor, absorbed, ABSORB_ALL)) == []


def test_what_is_to_be_looked_at_again():
    other = person(name="顾青苗", sex="male", birth_date="1985-03-21", has_cheque_account=True)
    assert merge_warnings(person(), person(), {}) == ()
    everything = ("birth_date_differs", "sex_differs", "name_differs", "cheque_account_lost")
    assert merge_warnings(person(), other, {}) == everything
    assert "cheque_account_lost" not in merge_warnings(person(), other, {"has_cheque_account": "absorbed"})
    assert "document_disagrees" in merge_warnings(person(), other, {"document": "absorbed"})
    of_the_other = {"document": "absorbed", "name": "absorbed", "sex": "absorbed", "birth_date": "absorbed"}
    assert "document_disagrees" not in merge_warnings(person(), other, of_the_other)


STANDING = Merged(True, False, "active", False, ("additional", "historic"), ("primary", "historic"), 1)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ()),
        ({"is_carried_out": False}, (Obstacle.NOT_CARRIED_OUT,)),
        ({"is_undone": True}, (Obstacle.ALREADY_UNDONE,)),
        ({"survivor_is_merged": True, "survivor_status": "merged"}, (Obstacle.SURVIVOR_MERGED,)),
        ({"survivor_status": "closed"}, (Obstacle.SURVIVOR_CLOSED,)),
        ({"is_built_on": True}, (Obstacle.LATER_MERGE,)),
        ({"documents": ("historic", "historic")}, (Obstacle.DOCUMENT_REPLACED,)),
        ({"primaries_left": 0}, (Obstacle.NO_DOCUMENT_LEFT,)),
    ],
)
def test_what_stands_against_undoing(changes, found):
    assert obstacles(Merged(**(vars(STANDING) | changes))) == found


def test_only_what_is_still_as_merged_goes_back():
    merged = {"address": "乙路", "phone": "1"}
    assert fields_given_back(merged, {"address": "丙路", "phone": "1"}) == (["phone"], ["address"])
