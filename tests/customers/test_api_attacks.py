"""What a program may send by mistake or on purpose: the answer names the field, never a 500, nothing is written."""

import json

import pytest

from tests.customers.attacks import (
    BLANK,
    CALLS,
    WORDS,
    WRONG,
    Caller,
    amendment_call,
    check_call,
    decision_call,
    opening_call,
    parse_call,
    rows,
    undone,
)
from tests.factories import (
    make_qualified,
    make_staff,
)

pytestmark = pytest.mark.django_db

EVERY_FIELD = [(make, field) for make, fields in CALLS.items() for field in fields]
TRUTH = {"type true", "type false"}
READABLE = BLANK | WORDS | {"text emoji", "text bell", "text rtl", "text long", "text private use", "text huge"}
ACCEPTED = {
    (parse_call, "document_number"): READABLE,  # an answer about the number, not a refusal of the call
    (check_call, "name"): {"text unknown word"},
    (decision_call, "reason"): BLANK | WORDS,
    (decision_call, "photo_matches"): TRUTH | {"type null"},
    (decision_call, "reader_genuine"): TRUTH | {"type null"},
    (decision_call, "police_receipt"): BLANK | WORDS | {"type null"},
    (decision_call, "auxiliary"): {"type empty list"},
    (decision_call, "auxiliary.0.same_name"): TRUTH,
    (opening_call, "name"): {"text unknown word"},
    (opening_call, "nationality"): BLANK,
    (opening_call, "sex"): {"text blank"},
    (opening_call, "birth_date"): {"type null"},
    (opening_call, "agent"): {"type null"},
    (opening_call, "address"): WORDS,
    (opening_call, "agent.name"): {"text unknown word"},
    (opening_call, "agent.reason"): WORDS,
    (opening_call, "agent.authority"): WORDS,
    **{
        (opening_call, name): BLANK | WORDS
        for name in ("occupation_detail", "employer_address", "issuing_authority", "ethnic_group")
    },
    **{(opening_call, name): BLANK for name in ("phone", "email")},
    **{
        (opening_call, name): {"text blank"}
        for name in ("marital_status", "education", "income_band", "tax_residency", "risk_level")
    },
    **{(opening_call, name): TRUTH for name in ("has_cheque_account", "settled_abroad", "unit_proof")},
    (opening_call, "long_term"): {"type false"},
    (amendment_call, "in_person"): TRUTH,
    (amendment_call, "agent"): {"type null"},
    (amendment_call, "reason"): WORDS,
    (amendment_call, "version"): {"type null", "type int"},
    (amendment_call, "agent.name"): {"text unknown word"},
    (amendment_call, "agent.reason"): WORDS,
    (amendment_call, "agent.authority"): WORDS,
}
ANSWERS = {  # not a success, and rightly so
    (decision_call, "reader_genuine", "type false"): "decision_not_allowed",
    (opening_call, "name", "text unknown word"): "check_mismatch",
    (amendment_call, "version", "type int"): "stale",
}


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


def with_value(body: dict, path: str, value) -> dict:
    """A copy in which what stands at the dotted path is another value."""
    copied = json.loads(json.dumps(body))
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = copied
    for step in steps:
        place = place[step]
    place[last] = value
    return copied


@pytest.mark.parametrize("make", CALLS, ids=lambda make: make.__name__)
def test_the_call_itself_is_right(call, teller, make):
    path, body = make(teller)
    assert call("POST", path, body)[0] in (200, 201)


@pytest.mark.parametrize(("make", "field"), EVERY_FIELD, ids=lambda each: getattr(each, "__name__", each))
def test_a_wrong_value_is_refused_by_the_name_of_its_field(call, teller, make, field):
    path, body = make(teller)
    before, surprises = rows(), {}
    for label, value in WRONG.items():
        with undone():
            status, answer = call("POST", path, with_value(body, field, value))
            surprise = judged(make, field, label, status, answer)
            if status >= 400 and rows() != before:
                surprise = "something was written"
        surprises |= {label: surprise} if surprise else {}
    assert surprises == {}


def judged(make, field: str, label: str, status: int, answer: dict):
    """None where the answer is the due one."""
    if expected := ANSWERS.get((make, field, label)):
        return None if (status, answer["code"]) == (409, expected) else (status, answer)
    if label in ACCEPTED.get((make, field), ()):
        return None if status in (200, 201) else (status, answer)
    return None if status == 400 and names(answer, field) else (status, answer)


def names(answer: dict, field: str) -> bool:
    """Every error is at the field or inside of it; what `changes` holds is named by itself."""
    inside = tuple(answer["errors"])
    at_field = all(name == field or name.startswith(f"{field}.") for name in inside)
    shaped = all(set(each) == {"code", "message"} and each["message"] for each in sum(answer["errors"].values(), []))
    return answer["code"] == "invalid" and bool(inside) and shaped and (at_field or field == "changes")


AGENT_NEEDS = (
    "agent.name",
    "agent.document_type",
    "agent.document_number",
    "agent.mobile",
    "agent.relation",
    "agent.reason",
)
OBLIGATORY = {
    parse_call: ("document_type", "document_number"),
    check_call: ("name", "document_type", "document_number", "business"),
    decision_call: ("decision",),
    opening_call: ("identity_check", "name", "occupation", "document_type", "document_number", *AGENT_NEEDS),
    amendment_call: ("changes", "in_person", "reason", *AGENT_NEEDS),
}
EVERY_OBLIGATORY = [(make, field) for make, fields in OBLIGATORY.items() for field in fields]


@pytest.mark.parametrize(("make", "field"), EVERY_OBLIGATORY, ids=lambda each: getattr(each, "__name__", each))
def test_a_missing_field_is_named(call, teller, make, field):
    path, body = make(teller)
    whole, _, part = field.partition(".")
    body = body | {whole: without(body[whole], part)} if part else without(body, whole)
    status, answer = call("POST", path, body)
    assert (status, list(answer["errors"])) == (400, [field])


def without(body: dict, name: str) -> dict:
    return {key: value for key, value in body.items() if key != name}


def test_a_change_of_every_wrong_value_is_refused_by_name(call, teller):
    path, body = amendment_call(teller)
    surprises = {}
    fields = (
        "address",
        "occupation",
        "email",
        "birth_date",
        "long_term",
        "document_type",
        "customer_number",
        "shoe",
        "risk_level",
    )
    for field in fields:
        for label, value in WRONG.items():
            with undone():
                status, answer = call("POST", path, body | {"changes": {field: value}, "agent": None})
                fine = status == 400 and answer["code"] == "invalid" and field in answer["errors"]
                fine = fine or (status == 409 and answer["code"] in ("document_expired", "in_person_required"))
                fine = fine or (status == 201 and label in WORDS | BLANK)
                as_it_was = label in BLANK or (field, label) == ("long_term", "type false")
                fine = fine or (as_it_was and list(answer["errors"]) == ["changes"])
            surprises |= {} if fine else {(field, label): (status, answer)}
    assert surprises == {}
