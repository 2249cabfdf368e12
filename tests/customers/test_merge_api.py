"""Merges and likely duplicates through the interface."""

import json

import pytest

from customers.enums import CustomerStatus
from customers.models import DuplicatePair, DuplicateSearch, Look
from tests.customers.merges import EVIDENCE, make_two, reread
from tests.factories import make_branch, make_customer, make_entity, make_qualified, make_staff, sign_in

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/customers/merge-requests/"
PAIRS = "/api/v1/customers/duplicates/"


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller():
    return make_qualified(make_staff())


@pytest.fixture
def boss():
    return make_qualified(make_staff(position="branch_manager"))


def post(client, address, body):
    answer = client.post(address, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def asked(survivor, absorbed, /, **changes) -> dict:
    numbers = {"survivor": survivor.customer_number, "absorbed": absorbed.customer_number}
    return {**numbers, "evidence": EVIDENCE, "choices": {}} | changes


def test_asked_approved_found_and_undone(teller, boss):
    survivor, absorbed = make_two(address="杭州市新样例路2号", name="顾青苗")
    paper = absorbed.documents.get()
    counter, office = sign_in(teller), sign_in(boss)
    status, body = post(counter, REQUESTS, asked(survivor, absorbed, choices={"address": "absorbed"}))
    assert (status, body["status"], body["kind"]) == (201, "pending_review", "merge")
    assert (body["customer_number"], body["absorbed"]) == (survivor.customer_number, absorbed.customer_number)
    assert "name_differs" in body["warnings"]
    assert body["changes"]["address"] == ["浙江省杭州市样例路1号", "杭州市新样例路2号"]
    assert Look.objects.filter(staff=teller, customer__in=(survivor, absorbed)).count() == 2
    assert post(counter, f"/api/v1/amendments/{body['id']}/approve/", {})[0] == 403
    assert post(office, f"/api/v1/amendments/{body['id']}/approve/", {})[1]["status"] == "applied"

    keys = {"document_type": paper.document_type, "document_number": paper.number}
    for query in ({"customer_number": absorbed.customer_number}, keys):
        found = counter.get("/api/v1/customers/", query).json()
        assert (found["customer_number"], found["merged_from"]) == (
            survivor.customer_number,
            [absorbed.customer_number],
        )
    status, undo = post(counter, f"{REQUESTS}{body['id']}/undo/", {"reason": "核实为两人"})
    assert (status, undo["kind"], undo["status"]) == (201, "merge_undo", "pending_review")
    assert post(office, f"/api/v1/amendments/{undo['id']}/approve/", {})[0] == 200
    reread(absorbed)
    assert (absorbed.status, absorbed.address) == (CustomerStatus.ACTIVE, "杭州市新样例路2号")
    status, body = post(counter, f"{REQUESTS}{body['id']}/undo/", {"reason": "再一次"})
    assert (status, body["code"], body["context"]["reasons"]) == (409, "not_undoable", ["already_undone"])


def test_who_decides_by_interface_reads_what_the_page_shows(teller, boss):
    survivor, absorbed = make_two(name="顾青苗", mobile="13900000777")
    counter, office = sign_in(teller), sign_in(boss)
    evidence, choices = "双方证件均已当面核对" * 40, {"mobile": "absorbed", "document": "survivor"}
    _, asked_for = post(counter, REQUESTS, asked(survivor, absorbed, choices=choices, evidence=evidence))
    body = office.get(f"/api/v1/amendments/{asked_for['id']}/").json()
    assert (body["absorbed"], body["evidence"], body["choices"]) == (absorbed.customer_number, evidence, choices)
    assert "name_differs" in body["warnings"]
    assert Look.objects.filter(staff=boss, customer__in=(survivor, absorbed)).count() == 2
    post(office, f"/api/v1/amendments/{asked_for['id']}/approve/", {})
    _, undo = post(counter, f"{REQUESTS}{asked_for['id']}/undo/", {"reason": "核实为两人"})
    for number in (asked_for["id"], undo["id"]):
        body = office.get(f"/api/v1/amendments/{number}/").json()
        assert (body["absorbed"], body["evidence"], body["warnings"]) == (absorbed.customer_number, evidence, [])


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"survivor": 5}, {"survivor"}),
        ({"absorbed": None}, {"absorbed"}),
        ({"absorbed": ["1"]}, {"absorbed"}),
        ({"absorbed": "\x00"}, {"absorbed"}),
        ({"absorbed": "9" * 5000}, {"absorbed"}),
        ({"evidence": ""}, {"evidence"}),
        ({"evidence": "\ud800"}, {"evidence"}),
        ({"evidence": {}}, {"evidence"}),
        ({"choices": "absorbed"}, {"choices"}),
        ({"choices": []}, {"choices"}),
        ({"choices": {"name": "both"}}, {"choices.name"}),
        ({"choices": {"name": 1}}, {"choices.name"}),
        ({"choices": {"客户": "absorbed"}}, {"choices.客户"}),
    ],
)
def test_bad_bodies_name_their_field(teller, changes, fields):
    survivor, absorbed = make_two()
    status, body = post(sign_in(teller), REQUESTS, asked(survivor, absorbed, **changes))
    assert (status, set(body["errors"])) == (400, fields)


def test_what_cannot_be_merged_answers_with_its_state(teller):
    survivor, absorbed = make_two()
    type(absorbed).objects.filter(pk=absorbed.pk).update(status="closed")
    status, body = post(sign_in(teller), REQUESTS, asked(survivor, absorbed))
    assert (status, body["code"], body["context"]["status"]) == (409, "not_mergeable", "closed")
    status, body = post(sign_in(teller), REQUESTS, asked(survivor, survivor))
    assert [each["code"] for each in body["errors"]["absorbed"]] == ["same_customer"]


def test_another_legal_entity_is_never_there(teller):
    foreign = make_customer(by=make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社"))))
    survivor, absorbed = make_two()
    status, body = post(sign_in(teller), REQUESTS, asked(survivor, foreign))
    assert (status, body["errors"]["absorbed"][0]["code"]) == (400, "unknown")
    _, body = post(sign_in(teller), REQUESTS, asked(survivor, absorbed))
    stranger = make_qualified(make_staff(branch=foreign.home_branch))
    assert post(sign_in(stranger), f"{REQUESTS}{body['id']}/undo/", {"reason": "x"})[0] == 404


@pytest.fixture
def pairs():
    """Three of branch 001, the last with a customer of branch 002."""
    teller, elsewhere = make_staff(), make_staff(branch=make_branch("002", name="城西支行"))
    people = [make_customer(by=teller) for _ in range(4)]
    people.append(make_customer(by=elsewhere))
    made = {"legal_entity": people[0].legal_entity, "grounds": ["number_digit:15", "same_mobile"]}
    strengths = (100, 60, 20)
    return [
        DuplicatePair.objects.create(first=people[0], second=people[place + 2], strength=strength, **made)
        for place, strength in enumerate(strengths)
    ]


def test_the_list_is_masked_explained_and_of_ones_branches(pairs):
    boss = make_staff(position="branch_manager", branch=make_branch("002"))
    [line] = sign_in(boss).get(PAIRS).json()["results"]
    assert line["id"] == pairs[2].pk
    assert "15" in line["explanation"]
    assert line["first"]["name"] == "顾*禾"
    assert "*" in line["first"]["document_number"]
    everything = sign_in(make_staff(position="supervisor")).get(PAIRS).json()["results"]
    assert [each["strength"] for each in everything] == [100, 60, 20]
    strong = sign_in(make_staff(position="supervisor")).get(PAIRS, {"strength": "strong"}).json()["results"]
    assert [each["strength"] for each in strong] == [100]
    assert sign_in(make_staff(position="auditor")).get(PAIRS, {"strength": "loud"}).status_code == 400
    stranger = make_staff(position="supervisor", branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    assert sign_in(stranger).get(PAIRS).json()["results"] == []
    assert post(sign_in(stranger), f"{PAIRS}{pairs[0].pk}/dismiss/", {"reason": "x"})[0] == 404


def test_the_list_goes_on_by_its_key(pairs, monkeypatch):
    monkeypatch.setattr("customers.selectors.duplicates.page_of_pairs.__kwdefaults__", {"size": 2})
    client = sign_in(make_staff(position="supervisor"))
    first = client.get(PAIRS).json()
    assert [each["strength"] for each in first["results"]] == [100, 60]
    rest = client.get(first["next"]).json()
    assert ([each["strength"] for each in rest["results"]], rest["next"]) == ([20], None)


def test_a_pair_is_dismissed_once(pairs):
    client = sign_in(make_staff(position="supervisor"))
    address = f"{PAIRS}{pairs[0].pk}/dismiss/"
    assert post(client, address, {"reason": ""})[0] == 400
    assert post(client, address, {"reason": "\x00"})[0] == 400
    assert post(client, address, {"reason": "两人"})[1]["status"] == "dismissed"
    assert post(client, address, {"reason": "两人"})[0] == 409
    assert post(sign_in(make_staff(position="auditor")), address, {"reason": "两人"})[0] == 403
    assert [each["id"] for each in client.get(PAIRS, {"status": "dismissed"}).json()["results"]] == [pairs[0].pk]
    assert client.delete(address).status_code == 405


def test_a_search_is_queued_once():
    client = sign_in(make_staff(position="branch_manager"))
    status, body = post(client, f"{PAIRS}searches/", {})
    assert (status, body["status"]) == (202, "queued")
    assert post(client, f"{PAIRS}searches/", {}) == (202, body)
    assert DuplicateSearch.objects.get().pk == body["id"]
