"""2007 over the API: the whole way, who may, and what hostile or careless programs send."""

import json

import pytest
from django.utils import timezone

from tellerdesk.core.masking import mask_name
from tests.factories import make_branch, make_entity, make_qualified, make_staff, sign_in
from tests.tiering.handing import TODAY, begun, make_people, make_portfolio, submitted
from tiering.enums import Tier
from tiering.models import HandOver, TierAssignment
from tiering.services.hand_over_deciding import approve_hand_over

pytestmark = pytest.mark.django_db
ALL = "/api/v1/tiering/hand-overs/"
START = {"leaver": "leaver", "reason": "moving", "note": "调任湖滨支行", "last_day": "2026-11-30"}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def people():
    return make_people(courses=True)


@pytest.fixture
def clients(people):
    return {name: sign_in(each) for name, each in people.items()}


def send(client, address: str, sent=None):
    answer = client.post(address, json.dumps({} if sent is None else sent), content_type="application/json")
    return answer.status_code, answer.json()


def one(pk, act: str = "") -> str:
    return f"{ALL}{pk}/{act}/" if act else f"{ALL}{pk}/"


def test_the_whole_way(people, clients):
    numbers = [each.customer.customer_number for each in make_portfolio(people, 4)]
    manager, head = clients["manager"], clients["head"]
    status, made = send(manager, ALL, START)
    assert (status, made["status"], made["customers"], made["branch"]) == (201, "draft", 4, "001")
    assert [(each["staff"], each["customers"], each["load"], each["after"]) for each in made["receivers"]] == [
        ("one", 2, 0, 2),
        ("two", 2, 0, 2),
    ]
    pk = made["id"]
    status, split = send(manager, one(pk, "split"), {"rule": "one", "receiver": "two"})
    assert (status, [each["staff"] for each in split["receivers"]]) == (200, ["two"])
    rows = [{"customer_number": numbers[0], "receiver": "one"}, {"customer_number": numbers[1], "receiver": None}]
    status, split = send(manager, one(pk, "split"), {"rule": "rows", "rows": rows})
    assert {each["staff"]: each["customers"] for each in split["receivers"]} == {"one": 1, "two": 2, None: 1}
    assert send(manager, one(pk, "submit"))[1]["status"] == "submitted"
    assert send(manager, one(pk, "approve"))[0] == 403
    status, done = send(head, one(pk, "approve"))
    assert (status, done["status"], done["checker"]) == (200, "approved", "head")
    assert done["number"] == f"001-261124-{pk:06d}"
    page = head.get(f"{one(pk)}rows/?receiver=queue").json()
    queued = [(row["customer_number"], row["why"], row["name"]) for row in page["results"]]
    assert queued == [(numbers[1], "chosen", mask_name("顾青禾"))]
    status, undone = send(head, one(pk, "undo"), {"reason": "选错了人"})
    assert (status, undone["status"]) == (200, "undone")
    assert set(TierAssignment.objects.values_list("owner__username", flat=True)) == {"leaver"}


def test_the_tier_split(people, clients):
    make_portfolio(people, 2)
    hand_over = begun(people)
    sent = {"rule": "tier", "tier": "branch_staff", "receiver": None}
    status, split = send(clients["manager"], one(hand_over.pk, "split"), sent)
    assert (status, [(each["staff"], each["customers"]) for each in split["receivers"]]) == (200, [(None, 2)])


def test_returned_and_withdrawn(people, clients):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    assert send(clients["head"], one(pk, "return"), {"reason": "请分给两人"})[1]["status"] == "draft"
    assert send(clients["manager"], one(pk, "withdraw"))[1]["status"] == "withdrawn"
    assert send(clients["manager"], one(pk, "withdraw"))[0] == 409


def test_the_list_by_status_and_by_page(people, clients):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    client = clients["head"]
    assert [each["id"] for each in client.get(ALL).json()["results"]] == [pk]
    assert [each["id"] for each in client.get(f"{ALL}?status=submitted").json()["results"]] == [pk]
    assert client.get(f"{ALL}?status=draft").json()["results"] == []
    assert client.get(f"{ALL}?status=x").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_file_costs_the_same_whatever_its_size(people, clients, count, django_assert_num_queries):
    make_portfolio(people, count)
    pk = begun(people).pk
    clients["head"].get(one(pk))
    with django_assert_num_queries(20):
        clients["head"].get(one(pk))


def test_rows_by_page(people, clients):
    make_portfolio(people, 60, tier=Tier.BRANCH_STAFF)
    pk = begun(people).pk
    first = clients["head"].get(f"{one(pk)}rows/").json()
    second = clients["head"].get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (50, 10, None)
    numbers = {row["customer_number"] for page in (first, second) for row in page["results"]}
    assert len(numbers) == 60


@pytest.mark.parametrize("act", ["", "rows", "split", "submit", "approve", "return", "withdraw", "undo"])
def test_another_branch_or_entity_finds_nothing(people, act):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    far = make_branch("101", entity=make_entity("LN", "临安"))
    strangers = [
        make_qualified(make_staff("m2", position="branch_manager", branch=make_branch("002"))),
        make_qualified(make_staff("m3", position="branch_manager", branch=far)),
    ]
    for stranger in strangers:
        client = sign_in(stranger)
        bodies = {"split": {"rule": "even"}, "return": {"reason": "x"}, "undo": {"reason": "x"}}
        status = client.get(one(pk, act)).status_code if act in ("", "rows") else send(
            client, one(pk, act), bodies.get(act)
        )[0]  # fmt: skip
        assert status == 404
    assert HandOver.objects.get().status == "submitted"


def test_who_lacks_the_permission(people, clients):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    status, refused = send(clients["one"], one(pk, "approve"))
    assert (status, refused["permission"]) == (403, "tiering.hand_over")
    assert send(clients["leaver"], ALL, START)[0] == 403


def test_stale_names_what_changed(people, clients):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    come = make_portfolio(people, 1)[0].customer.customer_number
    status, refused = send(clients["head"], one(pk, "approve"))
    assert (status, refused["code"], refused["context"]["gained"]) == (409, "stale", [come])


def test_too_late_to_undo(people, clients):
    make_portfolio(people, 1)
    hand_over = approve_hand_over(hand_over=submitted(people), by=people["head"])
    HandOver.objects.update(decided_at=timezone.now().replace(year=2020))
    status, refused = send(clients["head"], one(hand_over.pk, "undo"), {"reason": "选错了人"})
    assert (status, refused["code"]) == (409, "undo_too_late")


HOSTILE = [None, 7, True, [], {}, "\x00", "😀" * 300, "\ud800", "x" * 5000, 10**400, ""]


@pytest.mark.parametrize("field", ["leaver", "reason", "note", "last_day"])
@pytest.mark.parametrize("value", HOSTILE)
def test_no_beginning_is_a_fault_of_ours(people, clients, field, value):
    make_portfolio(people, 1)
    status, refused = send(clients["manager"], ALL, START | {field: value})
    assert (status, field in refused["errors"]) == (400, True)


@pytest.mark.parametrize("value", HOSTILE)
def test_no_split_is_a_fault_of_ours(people, clients, value):
    make_portfolio(people, 1)
    pk = begun(people).pk
    manager = clients["manager"]
    row = {"customer_number": value, "receiver": "one"}
    sent = [
        {"rule": value},
        {"rule": "one", "receiver": value},
        {"rule": "tier", "tier": value},
        {"rule": "rows", "rows": value},
        {"rule": "rows", "rows": [value]},
        {"rule": "rows", "rows": [row]},
        value,
    ]
    assert {send(manager, one(pk, "split"), each)[0] for each in sent} == {400}
    for act in ("return", "undo"):
        assert send(clients["head"], one(pk, act), {"reason": value})[0] == 400


@pytest.mark.parametrize("value", ["\x00", "😀", "1" * 400, "-1", "x"])
def test_no_address_is_a_fault_of_ours(people, clients, value):
    make_portfolio(people, 1)
    pk = begun(people).pk
    client = clients["head"]
    for name in ("receiver", "tier", "after"):
        assert client.get(f"{one(pk)}rows/", {name: value}).status_code in (200, 400)
    for name in ("status", "after"):
        assert client.get(ALL, {name: value}).status_code in (200, 400)
    assert client.get(f"{ALL}9{'9' * 30}/").status_code == 404
