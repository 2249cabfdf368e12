import json

import pytest
from django.test import Client

from tellerdesk.staff.models import Branch
from tests.factories import make_branch, make_entity, make_limit, make_staff, sign_in

pytestmark = pytest.mark.django_db
CHANGES = "/api/v1/limits/expiry_grace_days/changes/"


def person(position="head_office", entity=None):
    branch = Branch.objects.get(legal_entity=entity or make_entity(), code="000")
    return sign_in(make_staff(position=position, branch=branch), Client(raise_request_exception=False))


def post(client, address, body=None):
    answer = client.post(address, json.dumps(body or {}), content_type="application/json")
    return answer.status_code, answer.json()


def asked(client, value=60):
    status, body = post(client, CHANGES, {"value": value, "reason": "监管意见"})
    assert status == 201
    return body["id"]


def grace(client) -> dict:
    return next(each for each in client.get("/api/v1/limits/").json()["results"] if each["name"] == "expiry_grace_days")


def test_asked_for_approved_and_read():
    maker, checker = person(), person("deputy_president")
    pk = asked(maker)
    assert (grace(checker)["value"], grace(checker)["pending_change"]["after"]) == (90, 60)
    assert post(checker, f"/api/v1/limits/changes/{pk}/approve/")[1]["status"] == "applied"
    found = grace(person("auditor"))
    assert (found["value"], found["default"], found["least"], found["most"]) == (60, 90, 0, 365)
    assert (found["pending_change"], found["last_change"]["id"]) == (None, pk)


def test_the_maker_is_told_so():
    maker = person()
    pk = asked(maker)
    status, body = post(maker, f"/api/v1/limits/changes/{pk}/approve/")
    assert (status, body["code"]) == (403, "same_person")


def test_a_second_decision_and_a_second_change_are_conflicts():
    maker, checker = person(), person()
    pk = asked(maker)
    assert post(checker, CHANGES, {"value": 30, "reason": "x"})[1]["code"] == "request_pending"
    assert post(checker, f"/api/v1/limits/changes/{pk}/reject/", {"reason": "依据不足"})[0] == 200
    status, body = post(checker, f"/api/v1/limits/changes/{pk}/approve/")
    assert (status, body["code"]) == (409, "already_decided")


def test_only_its_maker_withdraws():
    maker, other = person(), person()
    pk = asked(maker)
    assert post(other, f"/api/v1/limits/changes/{pk}/withdraw/")[1]["code"] == "not_withdrawable"
    assert post(maker, f"/api/v1/limits/changes/{pk}/withdraw/")[1]["status"] == "withdrawn"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"value": 366, "reason": "x"}, "value"),
        ({"value": 10**30, "reason": "x"}, "value"),
        ({"value": "60", "reason": "x"}, "value"),
        ({"value": True, "reason": "x"}, "value"),
        ({"value": 60.5, "reason": "x"}, "value"),
        ({"value": [60], "reason": "x"}, "value"),
        ({"reason": "x"}, "value"),
        ({"value": 60}, "reason"),
        ({"value": 60, "reason": 1}, "reason"),
        ({"value": 60, "reason": "a\x00"}, "reason"),
        ({"value": 60, "reason": "\ud83d"}, "reason"),
        ({"value": 60, "reason": "由" * 100_000}, "reason"),
    ],
)
def test_bad_input_names_the_field(body, field):
    status, answer = post(person(), CHANGES, body)
    assert (status, list(answer["errors"])) == (400, [field])


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_a_body_that_is_no_object(body):
    answer = person().post(CHANGES, json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_a_returned_change_says_why():
    pk = asked(person())
    status, answer = post(person(), f"/api/v1/limits/changes/{pk}/reject/", {"reason": " "})
    assert (status, list(answer["errors"])) == (400, ["reason"])


def test_nothing_of_another_legal_entity():
    make_branch()
    stranger = person(entity=make_entity("NB", "甬江农村商业银行"))
    pk = asked(person())
    for act in ("approve", "reject", "withdraw"):
        assert post(stranger, f"/api/v1/limits/changes/{pk}/{act}/", {"reason": "x"})[0] == 404
    assert grace(stranger)["pending_change"] is None
    make_limit("expiring_days", 30)
    assert {each["value"] for each in stranger.get("/api/v1/limits/").json()["results"]} >= {90}


def test_nothing_is_removed():
    pk = asked(person())
    assert person().delete(f"/api/v1/limits/changes/{pk}/approve/").status_code == 405
    assert person().delete("/api/v1/limits/").status_code == 405


def test_a_number_beyond_any_id():
    assert post(person(), f"/api/v1/limits/changes/{2**63 - 1}/approve/")[0] == 404
    assert post(person(), f"/api/v1/limits/changes/{10**25}/approve/")[0] == 404
