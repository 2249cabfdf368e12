"""Bodies that are no object, megabytes, wrong look-ups, addresses of nothing: refused in the interface's own shape."""

import json

import pytest

from customers.models import Look
from tests.customers.attacks import (
    AMENDMENT,
    CALLS,
    Caller,
    amendment_call,
    check_call,
    decision_call,
    opening_call,
    rows,
)
from tests.factories import (
    make_qualified,
    make_staff,
)

pytestmark = pytest.mark.django_db
DEEP = 5000  # levels


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
    answer = client.post(f"/api/v1/{path}", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
