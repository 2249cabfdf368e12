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
    status_after,
    verification_apart,
    verification_owing,
    with_companions,
)
from customers.rules.particulars import Particulars

ABSORB_ALL = dict.fromkeys(CHOSEN, "absorbed")


def person(**changes) -> SimpleNamespace:
    values = Particulars(name="顾青禾", sex="female", address="样例路1号", mobile="13900000128").customer_fields()
    return SimpleNamespace(**(values | {"birth_date": "1985-03-12", "status": "active"} | changes))


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
    other = person(name="顾青苗", sex="male", birth_date="1985-03-21", status="suspended")
    assert merge_warnings(person(), person(), {}) == ()
    everything = ("birth_date_differs", "sex_differs", "name_differs", "suspension_stays")
    assert merge_warnings(person(), other, {}) == everything
    assert merge_warnings(person(status="suspended"), person(status="suspended"), {}) == ()
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
        ({"keeps_a_number": True}, (Obstacle.NUMBER_TAKEN_OVER,)),
        ({"identity_changed": True}, (Obstacle.IDENTITY_CHANGED,)),
        ({"left_without": ("contact_required",)}, (Obstacle.NO_CONTACT_LEFT,)),
        ({"left_without": ("address_required",)}, (Obstacle.NO_ADDRESS_LEFT,)),
        ({"left_without": ("detail_required",)}, (Obstacle.NO_OCCUPATION_LEFT,)),
    ],
)
def test_what_stands_against_undoing(changes, found):
    assert obstacles(Merged(**(vars(STANDING) | changes))) == found


def test_only_what_is_still_as_merged_goes_back():
    merged = {"address": "乙路", "phone": "1"}
    assert fields_given_back(merged, {"address": "丙路", "phone": "1"}) == (["phone"], ["address"])


@pytest.mark.parametrize("changed", [{"occupation": "student"}, {"occupation_detail": "厨师"}])
def test_what_belongs_together_goes_back_together(changed):
    merged = dict(zip(with_companions(["occupation_detail"]), ("other", "个体"), strict=True))
    assert fields_given_back(merged, merged) == (["occupation", "occupation_detail"], [])
    assert fields_given_back(merged, merged | changed) == ([], ["occupation", "occupation_detail"])


@pytest.mark.parametrize("one", ["active", "suspended"])
@pytest.mark.parametrize("other", ["active", "suspended"])
def test_a_suspension_of_either_stays(one, other):
    assert status_after(one, other) == ("suspended" if "suspended" in (one, other) else "active")


@pytest.mark.parametrize("choices", [{}, {"has_cheque_account": "survivor"}, {"has_cheque_account": "absorbed"}])
def test_a_cheque_account_of_either_stays(choices):
    holder, other = person(has_cheque_account=True), person()
    assert chosen_fields(other, holder, choices) == ("has_cheque_account",)
    assert chosen_fields(holder, other, choices) == ()


def test_the_weakest_of_what_is_owed_says_how_far_somebody_is_verified():
    assert verification_owing(["follow_up", "deferred_check"], "verified") == "deferred"
    assert verification_owing(["follow_up", "police_report"], "verified") == "follow_up"
    assert verification_owing(["police_report"], "migrated") == "migrated"
    assert [verification_apart([], each) for each in ("deferred", "migrated")] == ["verified", "migrated"]
    assert verification_apart(["follow_up"], "verified") == "follow_up"
