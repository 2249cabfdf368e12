"""The interface of the counter, call by call."""

import json
from pathlib import Path

import pytest

from customers.models import Customer
from tests.factories import (
    make_branch,
    make_customer,
    make_entity,
    make_limit,
    make_qualified,
    make_resident_number,
    make_staff,
)

pytestmark = pytest.mark.django_db
VECTORS = json.loads((Path(__file__).parent / "rules" / "vectors" / "id_vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


class Caller:
    """JSON in and out as one member of staff, in English."""

    def __init__(self, client, staff):
        self.client, self.staff = client, staff

    def call(self, method, path, data=None):
        self.client.force_login(self.staff, backend="tellerdesk.staff.backends.PositionBackend")
        options = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/v1/{path}", headers={"Accept-Language": "en"}, **options)
        return answer.status_code, answer.json()

    def get(self, path):
        return self.call("get", path)

    def post(self, path, data=None):
        return self.call("post", path, {} if data is None else data)


@pytest.fixture
def teller(client):
    return Caller(client, make_qualified(make_staff()))


@pytest.fixture
def supervisor(client):
    return Caller(client, make_qualified(make_staff(position="supervisor")))


def check(caller, number, name="测试", **more):
    body = {"name": name, "document_type": "resident_id", "document_number": number, "business": "open_customer"}
    return caller.post("identity-checks/", body | more)


def opening(number, check_id, **more):
    return {
        "identity_check": check_id,
        "name": "测试",
        "sex": "male" if int(number[16]) % 2 else "female",
        "nationality": "CHN",
        "occupation": "agriculture",
        "address": "浙江省杭州市样例路1号",
        "mobile": "13900000128",
        "document_type": "resident_id",
        "document_number": number,
        "valid_from": "2020-01-01",
        "valid_until": "2040-01-01",
        "long_term": False,
    } | more


def register(number, *, same_name):
    return {"document_type": "household_register", "document_number": number, "same_name": same_name}


def open_one(caller, number=None, **more):
    number = number or make_resident_number()
    status, found = check(caller, number)
    assert status == 201
    return caller.post("customers/", opening(number, found["id"], **more))


@pytest.mark.parametrize("vector", VECTORS["resident_id"], ids=lambda v: v["id"])
def test_parse_answers_every_vector(teller, vector):
    status, got = teller.post("documents/parse/", {"document_type": "resident_id", "document_number": vector["input"]})
    expected = vector["expected"]
    assert status == 200
    assert {key: got[key] for key in ("valid", "normalized", "errors", "warnings")} == {
        key: expected[key] for key in ("valid", "normalized", "errors", "warnings")
    }
    assert (got["birth_date"], got["sex"]) == (expected["birth_date"], expected["sex"])


def test_parse_of_a_blank_is_an_answer_and_of_a_wrong_type_is_not(teller):
    assert teller.post("documents/parse/", {"document_type": "resident_id", "document_number": ""})[1]["errors"] == [
        "empty"
    ]
    for wrong in (None, 5, [], {}, True, 1.5):
        status, body = teller.post("documents/parse/", {"document_type": "resident_id", "document_number": wrong})
        assert (status, list(body["errors"])) == (400, ["document_number"])


def test_open_look_up_and_again(teller):
    number = make_resident_number()
    status, customer = open_one(teller, number)
    assert (status, customer["status"], customer["document_number"]) == (201, "active", number)
    status, again = open_one(teller, number)
    assert (status, again["code"], again["context"]["customer_number"]) == (
        409,
        "customer_exists",
        customer["customer_number"],
    )
    assert teller.get(f"customers/?customer_number={customer['customer_number']}")[0] == 200
    assert teller.get(f"customers/?document_type=resident_id&document_number={number}")[1]["name"] == "测试"
    assert teller.get(f"customers/{customer['customer_number']}/")[1]["owed"] == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?document_number=11010519491231002X",
        "?mobile=13800000000",
        "?name=%E6%B5%8B",
        "?customer_number=1&mobile=2",
    ],
)
def test_any_other_look_up_is_refused(teller, query):
    status, body = teller.get(f"customers/{query}")
    assert (status, body["code"]) == (400, "lookup_not_allowed")


def test_a_miss_is_404(teller):
    assert teller.get("customers/?customer_number=123456789012")[0] == 404
    assert teller.get("customers/123456789012/")[0] == 404


def test_nothing_is_deleted(teller):
    number = make_customer().customer_number
    assert teller.call("delete", f"customers/{number}/")[0] == 405
    assert teller.call("delete", "customers/")[0] == 405


def test_another_legal_entity_gets_404(client):
    customer = make_customer()
    branch = make_branch("101", entity=make_entity("NB", "甬江农村商业银行"))
    stranger = Caller(client, make_qualified(make_staff(branch=branch)))
    assert stranger.get(f"customers/?customer_number={customer.customer_number}")[0] == 404
    assert stranger.get(f"customers/{customer.customer_number}/history/")[0] == 404


def test_without_the_course_the_counter_is_closed_and_the_course_named(client):
    status, body = check(Caller(client, make_staff()), make_resident_number())
    assert (status, body["code"], body["permission"]) == (403, "not_permitted", "customers.check_identity")
    assert [each["code"] for each in body["courses"]] == ["counter-cif"]


def test_a_mismatch_needs_a_decision_and_the_guards_hold(teller, supervisor):
    number = make_resident_number(sequence=900)
    status, found = check(teller, number)
    assert (found["outcome"], found["decision_required"]) == ("name_mismatch", True)
    assert teller.post("customers/", opening(number, found["id"]))[1]["code"] == "decision_required"
    path = f"identity-checks/{found['id']}/decision/"
    for refused in (
        {"decision": "proceed"},
        {"decision": "refuse", "reason": "forged"},
        {"decision": "proceed", "auxiliary": [register(make_resident_number(), same_name=True)]},
        {"decision": "proceed", "auxiliary": [register(number, same_name=False)]},
    ):
        assert teller.post(path, refused)[1]["code"] == "decision_not_allowed"
    paper = {"document_type": "household_register", "document_number": number, "same_name": True}
    assert teller.post(path, {"decision": "proceed", "auxiliary": [paper]})[0] == 200
    status, customer = teller.post("customers/", opening(number, found["id"]))
    assert (status, customer["status"]) == (201, "pending_review")
    request = customer["pending_changes"][0]
    assert (request["kind"], request["maker"]) == ("opening", teller.staff.username)
    status, queue = supervisor.get("amendments/?status=pending_review")
    assert [each["id"] for each in queue["results"]] == [request["id"]]
    assert supervisor.post(f"amendments/{request['id']}/approve/")[0] == 200
    assert supervisor.post(f"amendments/{request['id']}/approve/")[1]["code"] == "already_decided"
    assert teller.get(f"customers/{customer['customer_number']}/")[1]["status"] == "active"


def test_the_maker_is_refused_as_the_same_person(client):
    maker = Caller(client, make_qualified(make_staff(position="supervisor")))
    number = make_resident_number(sequence=900)
    _, found = check(maker, number)
    maker.post(f"identity-checks/{found['id']}/decision/", {"decision": "proceed", "reader_genuine": True})
    _, customer = maker.post("customers/", opening(number, found["id"]))
    status, body = maker.post(f"amendments/{customer['pending_changes'][0]['id']}/approve/")
    assert (status, body["code"]) == (403, "same_person")


def test_amendments(teller):
    customer = make_customer()
    path = f"customers/{customer.customer_number}/amendments/"
    status, body = teller.post(path, {"changes": {"address": "新地址"}, "in_person": False, "reason": "搬家"})
    assert (status, body["status"]) == (201, "applied")
    status, body = teller.post(path, {"changes": {"mobile": "13912345678"}, "in_person": True, "reason": "换号"})
    assert (status, body["status"]) == (201, "pending_review")
    assert teller.post(f"amendments/{body['id']}/approve/")[0] == 403
    assert (
        teller.post(path, {"changes": {"mobile": "13912345679"}, "in_person": True, "reason": "换号"})[1]["code"]
        == "request_pending"
    )
    assert teller.post(f"amendments/{body['id']}/withdraw/")[1]["status"] == "withdrawn"
    status, body = teller.post(path, {"changes": {"shoe": "42"}, "in_person": True, "reason": "x"})
    assert (status, list(body["errors"])) == (400, ["shoe"])
    status, history = teller.get(f"customers/{customer.customer_number}/history/")
    assert [each["action"] for each in history["changes"]] == [
        "customers.request_withdrawn", "customers.amendment_requested", "customers.amended", "customers.opened",
    ]  # fmt: skip
    assert history["looks"][0]["staff"] == teller.staff.username


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mobile", "12345"),
        ("birth_date", "1985-02-30"),
        ("sex", "x"),
        ("occupation", "king"),
        ("identity_check", "abc"),
        ("valid_until", "2019-01-01"),
        ("nationality", "ZZZ"),
        ("name", "😀"),
        ("name", "a\x00b"),
        ("long_term", "yes"),
        ("address", "x" * 201),
        ("document_number", "110105194912310021"),
        ("email", "x@"),
        ("document_type", "library_card"),
        ("document_type", "driving_licence"),
    ],
)
def test_a_wrong_field_is_named(teller, field, value):
    number = make_resident_number()
    _, found = check(teller, number)
    status, body = teller.post("customers/", opening(number, found["id"], **{field: value}))
    assert (status, body["code"], list(body["errors"])) == (400, "invalid", [field])
    assert Customer.objects.count() == 0


def test_the_rate_is_limited(teller):
    make_limit("identity_checks_per_minute", 2)
    number = make_resident_number()
    assert [check(teller, number)[0] for _ in range(3)] == [201, 201, 429]
    status, body = check(teller, number)
    assert body["code"] == "rate_limited"
    assert 1 <= body["retry_after"] <= 60
