"""What a program may send by mistake or on purpose: the answer names the field, never a 500, nothing is written."""

import json
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from customers.models import Amendment, Customer, IdentityCheck, Look
from tests.factories import (
    make_branch,
    make_check,
    make_customer,
    make_entity,
    make_qualified,
    make_resident_number,
    make_staff,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/"
NAME = "顾青禾"
REFUSALS = {400, 401, 403, 404, 405, 409, 415, 429}
HUGE, DEEP = 10**400, 5000
WRONG_TYPES = {
    "null": None,
    "empty list": [],
    "list": ["x"],
    "nested list": [[["x"]]],
    "empty object": {},
    "object": {"a": {"b": 1}},
    "int": 7,
    "minus": -1,
    "float": 1.5,
    "huge": HUGE,
    "true": True,
    "false": False,
}
WRONG_TEXTS = {
    "blank": "",
    "spaces": "   ",
    "nul": "a\x00b",
    "lone surrogate": "\ud800",
    "emoji": "😀",
    "bell": "a\x07",
    "rtl": "a\u202eb",
    "unknown word": "no-such-value",
    "long": "长" * 10_001,
    "private use": "\ue000",
    "not a date": "2026-02-30",
    "huge": "9" * 400,
}
WRONG = {f"type {name}": value for name, value in WRONG_TYPES.items()} | {
    f"text {name}": value for name, value in WRONG_TEXTS.items()
}
TABLES = (
    "customers_customer",
    "customers_identitydocument",
    "customers_identitykey",
    "customers_identitycheck",
    "customers_auxiliarypaper",
    "customers_amendment",
    "customers_agent",
    "customers_receipt",
    "audit_auditevent",
)


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller():
    return make_qualified(make_staff())


@pytest.fixture
def supervisor():
    return make_qualified(make_staff(position="supervisor"))


class Caller:
    def __init__(self, client, staff):
        self.client = client
        client.raise_request_exception = False
        client.force_login(staff, backend="tellerdesk.staff.backends.PositionBackend")

    def send(self, method, path, body, content_type="application/json"):
        """`body` is JSON to be or bytes as they are. Answers status and parsed body."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.client.generic(method, API + path, data, content_type=content_type)
        return answer.status_code, json.loads(answer.content) if answer.content else None


@pytest.fixture
def call(client, teller):
    return Caller(client, teller).send


@contextmanager
def undone():
    """What a call wrote is taken back, so that the next one meets the same database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in TABLES))
        return dict(cursor.fetchall())


AGENT = {
    "name": "钱多多",
    "document_type": "resident_id",
    "document_number": "11010519491231002X",
    "mobile": "13800000127",
    "relation": "entrusted",
    "reason": "行动不便",
    "authority": "委托书",
}
OPENING = {
    "name": NAME,
    "nationality": "CHN",
    "occupation": "agriculture",
    "occupation_detail": "",
    "address": "浙江省杭州市样例路1号",
    "employer_address": "",
    "mobile": "13900000128",
    "phone": "",
    "email": "",
    "document_type": "resident_id",
    "valid_from": "2020-01-01",
    "valid_until": "2040-01-01",
    "long_term": False,
    "issuing_authority": "",
    "ethnic_group": "",
    "marital_status": "",
    "education": "",
    "income_band": "",
    "tax_residency": "",
    "risk_level": "",
    "has_cheque_account": False,
    "settled_abroad": False,
    "unit_proof": False,
    "agent": AGENT,
    "sex": "male",
    "birth_date": "1985-03-12",
    "document_number": "",
    "identity_check": 0,
}
DECISION = {
    "decision": "proceed",
    "reason": "",
    "photo_matches": True,
    "reader_genuine": True,
    "police_receipt": "",
    "auxiliary": [{"document_type": "driving_licence", "document_number": "", "same_name": True}],
}
AMENDMENT = {
    "changes": {"address": "浙江省杭州市样例路2号"},
    "in_person": False,
    "agent": AGENT,
    "reason": "搬家",
    "version": 1,
}


def opening_call(teller):
    number = make_resident_number()
    check = make_check(number, by=teller, name=NAME)
    sex = "male" if int(number[16]) % 2 else "female"
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return "customers/", OPENING | {
        "document_number": number,
        "identity_check": check.pk,
        "sex": sex,
        "birth_date": born,
    }


def check_call(teller):
    number = make_resident_number()
    body = {"name": NAME, "document_type": "resident_id", "document_number": number, "business": "open_customer"}
    return "identity-checks/", body


def parse_call(teller):
    return "documents/parse/", {"document_type": "resident_id", "document_number": make_resident_number()}


def decision_call(teller):
    number = make_resident_number(sequence=900)
    check = make_check(number, by=teller, name=NAME)
    paper = DECISION["auxiliary"][0] | {"document_number": number}
    return f"identity-checks/{check.pk}/decision/", DECISION | {"auxiliary": [paper]}


def amendment_call(teller):
    customer = make_customer(by=teller)
    return f"customers/{customer.customer_number}/amendments/", AMENDMENT


CALLS = {
    parse_call: ("document_type", "document_number"),
    check_call: ("name", "document_type", "document_number", "business"),
    decision_call: (
        *DECISION,
        "auxiliary.0",
        "auxiliary.0.document_type",
        "auxiliary.0.document_number",
        "auxiliary.0.same_name",
    ),
    opening_call: (*OPENING, *(f"agent.{name}" for name in AGENT)),
    amendment_call: (*AMENDMENT, *(f"agent.{name}" for name in AGENT)),
}
EVERY_FIELD = [(make, field) for make, fields in CALLS.items() for field in fields]


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


TRUTH = {"type true", "type false"}
BLANK = {"text blank", "text spaces"}
WORDS = {"text unknown word", "text not a date"}
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


@pytest.mark.parametrize("make", CALLS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    ("raw", "content_type", "expected"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": Infinity}', "application/json", 400),
        (b"[" * DEEP + b"]" * DEEP, "application/json", 400),
        (b'{"name":' * DEEP + b"1" + b"}" * DEEP, "application/json", 400),
        (b'{"a": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"null", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"12", "application/json", 400),
        (b"true", "application/json", 400),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json; charset=no-such-set", 400),
    ],
    ids=str,
)
def test_a_body_that_is_no_object_is_refused(call, teller, make, raw, content_type, expected):
    path, _ = make(teller)
    before = rows()
    status, answer = call("POST", path, raw, content_type)
    assert (status, bool(answer["code"]), bool(answer["message"]), rows()) == (expected, True, True, before)


@pytest.mark.parametrize("size", [1_000_000, 10_000_000])
@pytest.mark.parametrize(
    ("make", "field"),
    [(check_call, "name"), (opening_call, "address"), (decision_call, "reason"), (amendment_call, "reason")],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_megabytes_of_text_are_refused_by_name(call, teller, make, field, size):
    path, body = make(teller)
    text = json.dumps(body | {field: "长" * (size // 3)}, ensure_ascii=False)
    status, answer = call("POST", path, text.encode())
    assert (status, list(answer["errors"])) == (400, [field])
    assert len(json.dumps(answer)) < 2000


def test_megabytes_of_a_document_number_are_an_answer(call):
    status, answer = call(
        "POST", "documents/parse/", {"document_type": "resident_id", "document_number": "1" * 10_000_000}
    )
    assert (status, answer["errors"]) == (200, ["length"])
    assert len(answer["normalized"]) <= 1000


def test_more_than_the_largest_body_is_refused(call):
    status, answer = call("POST", "documents/parse/", b'"' + b"x" * 17_000_000 + b'"')
    assert (status, answer["code"]) == (400, "too_large")


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
                fine = fine or (status == 409 and answer["code"] in ("needs_checker", "in_person_required"))
                fine = fine or (status == 201 and label in WORDS | BLANK)
                fine = fine or (label in BLANK and list(answer["errors"]) == ["changes"])  # blank already
            surprises |= {} if fine else {(field, label): (status, answer)}
    assert surprises == {}


QUERIES = (
    "",
    "?",
    "?customer_number=",
    "?customer_number=%00",
    "?customer_number=abc",
    "?customer_number=1%202",
    "?document_type=resident_id",
    "?document_type=x&document_number=1",
    "?document_type=%00&document_number=1",
    "?customer_number=" + "9" * 400,
    "?document_number=110105",
    "?customer_number=123456&document_type=resident_id&document_number=1",
    "?customer_number=123456&customer_number=&page=1",
    "?customer_number=%F0%9F%98%80",
    "?customer_number[]=1",
    "?document_type=resident_id&document_number=",
    "?customer_number=%ED%A0%80",
)


@pytest.mark.parametrize("query", QUERIES)
def test_a_wrong_look_up_is_refused(call, query):
    status, answer = call("GET", f"customers/{query}", b"")
    assert (status, answer["code"]) == (400, "lookup_not_allowed")


REASONS = {"": 404, "%00": 400, "%ED%A0%80": 400, "x" * 201: 400, "%F0%9F%98%80": 400, "a%0Ab": 400, "%E6%9F%A5": 404}
KEYS = (
    "customer_number=123456789012",
    "document_type=other&document_number=abcdefgh%00",
    "document_type=other&document_number=%F0%9F%98%80",
    "document_type=military_id&document_number=" + "%00" * 20,
    "document_type=resident_id&document_number=" + "1" * 5000,
)


@pytest.mark.parametrize("key", KEYS, ids=range(len(KEYS)))
def test_a_look_up_takes_any_text_without_breaking(call, key):
    assert {reason: call("GET", f"customers/?{key}&reason={reason}", b"")[0] for reason in REASONS} == REASONS
    assert Look.objects.count() == 2


NUMBERS = ["0", "-1", "1", "9" * 30, "abc", "1.5", "%00", "1e9", "٣"]
PATHS = [
    ("GET", "customers/{}/"),
    ("POST", "customers/{}/amendments/"),
    ("GET", "customers/{}/history/"),
    ("GET", "amendments/{}/"),
    ("POST", "amendments/{}/approve/"),
    ("POST", "amendments/{}/reject/"),
    ("GET", "identity-checks/{}/"),
    ("POST", "identity-checks/{}/decision/"),
    ("GET", "amendments/?status={}"),
    ("GET", "amendments/?after={}"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_addresses_of_nothing(client, supervisor, method, path):
    call = Caller(client, supervisor).send
    bodies = {
        "amendments/": AMENDMENT | {"agent": None},
        "reject/": {"reason": "x"},
        "decision/": {"decision": "proceed"},
    }
    body = next((body for ending, body in bodies.items() if path.endswith(ending)), {})
    found = {number: call(method, path.format(number), body if method == "POST" else b"")[0] for number in NUMBERS}
    allowed = {400, 404} if "?" not in path else {200, 400}
    assert {number: status for number, status in found.items() if status not in allowed} == {}


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
@pytest.mark.parametrize(
    "path",
    [
        "documents/parse/",
        "identity-checks/",
        "customers/",
        "customers/123456789012/",
        "amendments/",
        "amendments/1/approve/",
    ],
)
def test_a_method_that_a_thing_does_not_have_is_405(call, method, path):
    status, answer = call(method, path, {})
    assert (status, answer["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["documents/parse/", "identity-checks/", "customers/", "amendments/1/approve/"])
def test_a_stranger_is_401(client, path):
    answer = client.post(API + path, "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


# Checks and requests of others


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
