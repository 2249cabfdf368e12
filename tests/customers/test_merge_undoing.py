"""What a merge joins of two customers, and what its undoing gives back to each, whatever happened in between."""

from datetime import date

import pytest
from django.db import connection

from customers.enums import CustomerStatus, Verification
from customers.errors import NotUndoable
from customers.models import Customer, DuplicatePair
from customers.selectors.merging import merge_asked_by, merge_facts
from customers.services import amend_customer, approve, ask_for_standing, ask_for_undo, open_customer, reject
from tellerdesk.audit.verification import verify
from tests.customers.merges import EVIDENCE, ask, make_two, manager, merge, reread, undo
from tests.factories import make_check, make_customer, make_particulars, make_resident_number, make_staff

pytestmark = pytest.mark.django_db
NAME_OF_OTHER = {"name": "absorbed", "sex": "absorbed", "birth_date": "absorbed", "document": "absorbed"}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


def suspend(customer: Customer, kind: str = "suspension") -> None:
    approve(amendment=ask_for_standing(customer=customer, kind=kind, reason="可疑", by=make_staff()), by=manager())
    reread(customer)


def change(customer: Customer, *, number: str = "", name: str = "", **changes) -> None:
    """At the counter, by the document itself where number or name is the matter."""
    teller, act = customer.opened_by, {"in_person": True, "reason": "更正"}
    if number or name:
        paper = number or customer.documents.primary().get().number
        check = make_check(paper, by=teller, name=name or customer.name, business="amend_customer")
        changes |= ({"document_number": number} if number else {}) | ({"name": name} if name else {})
        act["check_id"] = check.pk
    reread(customer)
    asked = amend_customer(customer=customer, changes=changes, **act, by=teller)
    if asked.status != "applied":
        approve(amendment=asked, by=make_staff(position="supervisor"))
    reread(customer)


def reasons(request) -> list[str]:
    with pytest.raises(NotUndoable) as refused:
        ask_for_undo(merge=request.merge, reason="两人", by=request.customer.opened_by)
    return refused.value.context["reasons"]


def deferred() -> Customer:
    """Opened while the system was away; the check is still owed."""
    teller, number = make_staff(), make_resident_number(sequence=905)
    check = make_check(number, by=teller)
    return open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller).customer


def owed(customer: Customer) -> int:
    return customer.checks.owed().count()


def test_one_persons_key_never_has_two_customers():
    survivor, absorbed = make_two()
    number = absorbed.documents.get().number
    request = merge(survivor, absorbed)
    change(survivor, number=number)
    assert reasons(request) == ["number_taken_over"]


def test_what_came_in_between_stands_against_the_approval_too():
    survivor, absorbed = make_two()
    request = merge(survivor, absorbed)
    asked = ask_for_undo(merge=request.merge, reason="两人", by=survivor.opened_by)
    keys = list(survivor.keys.order_by("pk").values_list("pk", flat=True))
    request.merge.moved["keys"] = keys
    request.merge.save(update_fields=["moved"])
    with pytest.raises(NotUndoable) as refused:
        approve(amendment=asked, by=manager())
    assert refused.value.context["reasons"] == ["number_taken_over"]


@pytest.mark.parametrize("place", [0, 1])
def test_a_merge_lifts_no_suspension_and_an_undoing_restores_both(place):
    two = make_two()
    survivor, absorbed = two
    suspend(two[place])
    request = merge(survivor, absorbed)
    assert (survivor.status, absorbed.status) == (CustomerStatus.SUSPENDED, CustomerStatus.MERGED)
    assert request.changes.get("status") == (["active", "suspended"] if place else None)
    undone = undo(request)
    reread(survivor, absorbed)
    wanted = ["active", "active"]
    wanted[place] = "suspended"
    assert [survivor.status, absorbed.status] == wanted
    assert undone.changes.get("status") == (["suspended", "active"] if place else None)


def test_what_was_suspended_since_stays_so():
    survivor, absorbed = make_two()
    suspend(absorbed)
    request = merge(survivor, absorbed)
    suspend(survivor, "reinstatement")
    suspend(survivor)
    undo(request)
    reread(survivor, absorbed)
    assert (survivor.status, absorbed.status) == (CustomerStatus.SUSPENDED, CustomerStatus.SUSPENDED)


def test_what_another_merge_suspended_stays_so():
    survivor, absorbed = make_two()
    third = make_customer(by=survivor.opened_by)
    suspend(absorbed)
    suspend(third)
    first = merge(survivor, absorbed)
    merge(survivor, third)
    undo(first)
    reread(survivor)
    assert survivor.status == CustomerStatus.SUSPENDED


def test_nobody_is_left_without_telephone():
    teller = make_staff()
    survivor = make_customer(by=teller, mobile="13900000128", phone="", email="")
    absorbed = make_customer(by=teller, mobile="", phone="0571-80000188", email="")
    request = merge(survivor, absorbed, phone="absorbed")
    change(survivor, mobile="")
    assert reasons(request) == ["no_contact_left"]
    change(survivor, email="a@example.com")
    undo(request)
    reread(survivor)
    assert (survivor.phone, survivor.email) == ("", "a@example.com")


def test_nobody_is_left_without_address():
    teller = make_staff()
    survivor = make_customer(by=teller, employer_address="")
    absorbed = make_customer(by=teller, employer_address="杭州市单位路1号")
    request = merge(survivor, absorbed, employer_address="absorbed")
    change(survivor, address="")
    assert reasons(request) == ["no_address_left"]


def test_an_occupation_and_its_words_stay_together():
    teller = make_staff()
    survivor = make_customer(by=teller, occupation="other", occupation_detail="个体")
    absorbed = make_customer(by=teller, occupation="other", occupation_detail="手艺人")
    request = merge(survivor, absorbed, occupation="absorbed")
    assert [field for field, *_ in merge_facts(request.merge).changes] == ["occupation_detail"]
    change(survivor, occupation="student")
    kept = (survivor.occupation, survivor.occupation_detail)
    undone = undo(request)
    reread(survivor)
    assert (survivor.occupation, survivor.occupation_detail) == kept
    assert set(undone.changes) == {"customer_number"}


def test_a_name_never_goes_apart_from_its_document():
    survivor, absorbed = make_two(name="顾青苗")
    request = merge(survivor, absorbed, **NAME_OF_OTHER)
    change(survivor, name="顾青兰")
    assert reasons(request) == ["identity_changed"]


def test_a_name_changed_by_the_document_that_stays_is_no_obstacle():
    survivor, absorbed = make_two(name="顾青苗")
    request = merge(survivor, absorbed)
    change(survivor, name="顾青兰")
    undo(request)
    reread(survivor, absorbed)
    assert (survivor.name, absorbed.name) == ("顾青兰", "顾青苗")


@pytest.mark.parametrize("choice", ["survivor", "absorbed"])
@pytest.mark.parametrize("place", [0, 1])
def test_who_holds_a_cheque_account_holds_it_after_the_merge(place, choice):
    teller = make_staff()
    two = [make_customer(by=teller, has_cheque_account=place == each) for each in (0, 1)]
    request = merge(*two, has_cheque_account=choice)
    assert two[0].has_cheque_account
    undo(request)
    reread(*two)
    assert [each.has_cheque_account for each in two] == [place == 0, place == 1]


def test_what_is_owed_stays_in_sight_and_goes_back():
    survivor, absorbed = make_customer(), deferred()
    request = merge(survivor, absorbed)
    assert (survivor.verification, owed(survivor)) == (Verification.DEFERRED, 1)
    undo(request)
    reread(survivor, absorbed)
    assert (survivor.verification, owed(survivor)) == (Verification.VERIFIED, 0)
    assert (absorbed.verification, owed(absorbed)) == (Verification.DEFERRED, 1)


@pytest.mark.parametrize("document", ["survivor", "absorbed"])
def test_nobody_is_deferred_with_nothing_owed(document):
    survivor, absorbed = make_customer(), deferred()
    request = merge(survivor, absorbed, document=document)
    survivor.checks.owed().update(follow_up_due_on=None)
    undo(request)
    reread(survivor, absorbed)
    assert (survivor.verification, absorbed.verification) == (Verification.VERIFIED, Verification.VERIFIED)


def test_the_check_of_the_other_says_nothing_of_the_survivor():
    survivor, absorbed = make_customer(), deferred()
    Customer.objects.filter(pk=survivor.pk).update(verification=Verification.MIGRATED)
    request = merge(survivor, absorbed)
    Customer.objects.filter(pk=survivor.pk).update(verification=Verification.VERIFIED)
    survivor.checks.owed().update(follow_up_due_on=None)
    undo(request)
    reread(survivor, absorbed)
    assert (survivor.verification, absorbed.verification) == (Verification.MIGRATED, Verification.VERIFIED)


@pytest.mark.django_db(transaction=True)
def test_the_undone_are_dismissed_as_a_pair_though_nobody_suspected_them():
    survivor, absorbed = make_two()
    undo(merge(survivor, absorbed), reason="核实为两人")
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.status) == (survivor, absorbed, DuplicatePair.Status.DISMISSED)
    assert pair.reason == "核实为两人"
    assert verify().faults == []


def test_an_undoing_that_was_returned_still_says_what_it_was_about():
    survivor, absorbed = make_two()
    request = merge(survivor, absorbed)
    first = ask_for_undo(merge=request.merge, reason="两人", by=survivor.opened_by)
    reject(amendment=first, reason="证据不足", by=manager())
    second = ask_for_undo(merge=request.merge, reason="确为两人", by=survivor.opened_by)
    found = [merge_asked_by(each) for each in (first, second, request)]
    assert found == [request.merge] * 3
    assert found[0].evidence == EVIDENCE
    approve(amendment=second, by=manager())
    again = merge(survivor, absorbed)
    assert merge_asked_by(second) == request.merge
    assert merge_asked_by(again) == again.merge


def test_a_merge_that_waits_is_asked_for_by_its_request():
    request = ask(*make_two())
    assert merge_asked_by(request) == request.merge


def test_whoever_comes_after_waits_for_locks_as_before():
    def timeout() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            return cursor.fetchone()[0]

    before = timeout()
    request = merge(*make_two())
    assert timeout() == before
    undo(request)
    assert timeout() == before
