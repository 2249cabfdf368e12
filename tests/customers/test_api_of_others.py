"""Checks and requests of others: another teller's, branch's, legal entity's, and one's own once more."""

import pytest
from django.test import Client

from customers.models import Amendment, Customer, IdentityCheck
from tests.customers.attacks import (
    AGENT,
    NAME,
    OPENING,
    WORDS,
    WRONG,
    Caller,
    amendment_call,
    decision_call,
)
from tests.factories import (
    make_branch,
    make_check,
    make_entity,
    make_qualified,
    make_resident_number,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller():
    return make_qualified(make_staff())


@pytest.fixture
def supervisor():
    return make_qualified(make_staff(position="supervisor"))


@pytest.fixture
def call(client, teller):
    return Caller(client, teller).send


def opening_with(check: IdentityCheck, number: str) -> dict:
    sex = "male" if int(number[16]) % 2 else "female"
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return OPENING | {
        "document_number": number,
        "identity_check": check.pk,
        "sex": sex,
        "birth_date": born,
        "agent": None,
    }


def colleague(where: str):
    """Another teller: at the same counter, of another branch, of another legal entity."""
    branches = {"counter": make_branch, "branch": lambda: make_branch("002"), "entity": in_another_entity}
    return make_qualified(make_staff(branch=branches[where]()))


def in_another_entity():
    return make_branch("101", entity=make_entity("LX", "临溪农村信用社"))


@pytest.mark.parametrize(
    ("where", "expected"),
    [("counter", (409, "check_mismatch")), ("branch", (409, "check_mismatch")), ("entity", (400, "invalid"))],
)
def test_the_check_of_another_teller_opens_nobody(call, where, expected):
    number = make_resident_number()
    check = make_check(number, by=colleague(where), name=NAME)
    status, answer = call("POST", "customers/", opening_with(check, number))
    assert (status, answer["code"], Customer.objects.count()) == (*expected, 0)


@pytest.mark.parametrize(("where", "expected"), [("counter", 409), ("branch", 404), ("entity", 404)])
def test_the_check_of_another_teller_cannot_be_decided(call, where, expected):
    check = make_check(make_resident_number(sequence=900), by=colleague(where), name=NAME)
    status, _ = call("POST", f"identity-checks/{check.pk}/decision/", {"decision": "proceed", "reader_genuine": True})
    check.refresh_from_db()
    assert (status, check.decision) == (expected, "")


@pytest.mark.parametrize(("where", "expected"), [("counter", 200), ("branch", 404), ("entity", 404)])
def test_checks_are_read_in_their_own_branch(call, where, expected):
    check = make_check(make_resident_number(), by=colleague(where), name=NAME)
    assert call("GET", f"identity-checks/{check.pk}/", b"")[0] == expected


def test_a_check_is_good_for_one_opening(call, teller):
    number, other = make_resident_number(), make_resident_number()
    check = make_check(number, by=teller, name=NAME)
    first = call("POST", "customers/", opening_with(check, number))
    replayed = call("POST", "customers/", opening_with(check, number))
    turned = call("POST", "customers/", opening_with(check, other))
    assert [status for status, _ in (first, replayed, turned)] == [201, 409, 409]
    assert [answer["code"] for _, answer in (replayed, turned)] == ["check_consumed", "check_consumed"]
    assert Customer.objects.count() == 1


def test_a_decided_check_is_not_decided_again(call, teller):
    path, body = decision_call(teller)
    assert call("POST", path, body)[0] == 200
    status, answer = call("POST", path, body | {"decision": "refuse", "reason": "forged"})
    assert (status, answer["code"], Amendment.objects.count()) == (409, "already_decided", 0)


def test_a_check_for_something_else_opens_nobody(call, teller):
    number, other = make_resident_number(), make_resident_number()
    check = make_check(number, by=teller, name=NAME)
    wrong = [
        opening_with(check, other),
        opening_with(check, number) | {"name": "另一人"},
        opening_with(check, number) | {"document_type": "temporary_resident_id"},
        opening_with(make_check(number, by=teller, name=NAME, business="recheck"), number),
    ]
    answers = [call("POST", "customers/", body) for body in wrong]
    assert [(status, answer["code"]) for status, answer in answers] == [(409, "check_mismatch")] * len(wrong)
    assert Customer.objects.count() == 0


def pending(by) -> Amendment:
    number = make_resident_number()
    check = make_check(number, by=by, name=NAME)
    return Amendment.objects.get(customer__customer_number=opened_by_agent(check, number, by))


def opened_by_agent(check, number, by) -> str:
    client = APIClient(by)
    status, answer = client.send("POST", "customers/", opening_with(check, number) | {"agent": AGENT})
    assert (status, answer["status"]) == (201, "pending_review")
    return answer["customer_number"]


class APIClient(Caller):
    def __init__(self, staff):
        super().__init__(Client(), staff)


@pytest.mark.parametrize("where", ["branch", "entity"])
@pytest.mark.parametrize("act", ["approve", "reject"])
def test_a_request_of_another_branch_cannot_be_decided(client, supervisor, where, act):
    request = pending(colleague(where))
    status, _ = Caller(client, supervisor).send("POST", f"amendments/{request.pk}/{act}/", {"reason": "x"})
    request.refresh_from_db()
    assert (status, request.status) == (404, "pending_review")


@pytest.mark.parametrize("act", ["approve", "reject"])
def test_a_teller_decides_nothing(call, teller, act):
    request = pending(teller)
    status, answer = call("POST", f"amendments/{request.pk}/{act}/", {"reason": "x"})
    assert (status, answer["permission"]) == (403, "customers.approve_amendment")


def test_a_decision_replayed_changes_nothing(client, teller, supervisor):
    request = pending(teller)
    call = Caller(client, supervisor).send
    answers = [
        call("POST", f"amendments/{request.pk}/{act}/", {"reason": "x"}) for act in ("reject", "reject", "approve")
    ]
    assert [status for status, _ in answers] == [200, 409, 409]
    assert Customer.objects.get().status == "closed"


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_reason_to_return_is_a_line_of_text(client, teller, supervisor, value):
    request = pending(teller)
    status, answer = Caller(client, supervisor).send("POST", f"amendments/{request.pk}/reject/", {"reason": value})
    good = isinstance(value, str) and value in [WRONG[word] for word in WORDS]
    assert (status, list(answer.get("errors", []))) == ((200, []) if good else (400, ["reason"]))


def test_an_agent_of_a_change_is_recorded_and_named_by_field(call, teller):
    path, body = amendment_call(teller)
    assert call("POST", path, body)[0] == 201
    assert Amendment.objects.get(kind="amendment").agents.get().name == AGENT["name"]
