"""2005 by page and interface: three ways to the preview, who may see it, what is refused."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_entity, make_qualified, make_staff, sign_in
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import Tier
from tiering.models import OwnerBatch, RosterEntry, TierAssignment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
PAGE, FILE, BATCHES = "/tiering/adoption/", "/tiering/adoption/file/", "/tiering/adoption/batches/"
API = "/api/v1/tiering/owner-batches/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def opener():
    return make_staff("opener", position="supervisor")


@pytest.fixture
def manager():
    make_course()
    return make_qualified(make_staff("manager", position="branch_manager", name="方砚"))


@pytest.fixture
def lobby(manager):
    return make_qualified(make_staff("lobby", position="lobby_manager", name="程小满"))


def numbers(*standings) -> list[str]:
    return [each.customer.customer_number for each in standings]


def owners() -> set:
    return set(TierAssignment.objects.values_list("owner__username", flat=True))


def send(client, body, **options):
    return client.post(API, json.dumps(body), content_type="application/json", **options)


def test_by_hand_from_the_list_to_the_result(manager, opener):
    make_staff("teller", name="许知微")
    standings = [make_standing(by=opener) for _ in range(2)]
    client = sign_in(manager)
    page = client.get(PAGE).content.decode()
    assert all(number in page for number in numbers(*standings))
    assert "许知微" in page
    sent = {"customer": numbers(*standings), "owner": "teller", "note": "季末领养", "way": "hand"}
    answer = client.post(PAGE, sent)
    batch = OwnerBatch.objects.get()
    assert answer["Location"] == f"{BATCHES}{batch.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "执行" in page
    assert "+2" in page
    done = client.post(f"{BATCHES}{batch.pk}/apply/", follow=True).content.decode()
    assert "已执行" in done
    assert owners() == {"teller"}
    assert numbers(*standings)[0] not in client.get(PAGE).content.decode()


@pytest.mark.parametrize(("address", "tier"), [(PAGE, Tier.BRANCH_STAFF), (f"{PAGE}pool/", Tier.UNBANDED)])
def test_who_closed_since_the_night_is_offered_to_nobody(manager, opener, address, tier):
    live, closed = (make_standing(by=opener, tier=tier) for _ in range(2))
    Customer.objects.filter(pk=closed.pk).update(status="closed")
    page = sign_in(manager).get(address).content.decode()
    assert [each.customer.customer_number in page for each in (live, closed)] == [True, False]


def test_evenly_over_all_of_the_filter(manager, opener):
    for name in ("one", "two"):
        make_staff(name)
    for _ in range(4):
        make_standing(by=opener)
    make_standing(tier=Tier.BRANCH_LEAD, by=opener)
    sent = {"all": "on", "people": ["one", "two"], "note": "均分", "way": "spread"}
    sign_in(manager).post(f"{PAGE}?tier=branch_staff", sent)
    batch = OwnerBatch.objects.get()
    assert (batch.kind, batch.customers, batch.errors) == ("spread", 4, 0)


def test_by_file_with_the_rejects_as_a_file_to_send_again(manager, opener):
    make_staff("teller")
    good, bad = make_standing(by=opener), make_standing(by=opener)
    [a, b] = numbers(good, bad)
    text = f"客户号,责任人,备注\n{a},teller,\n{b},=nobody,“老”客户\n"
    client = sign_in(manager)
    sent = {"file": SimpleUploadedFile("领养.csv", text.encode("gb18030")), "note": "下发"}
    answer = client.post(FILE, sent)
    batch = OwnerBatch.objects.get()
    assert (answer.status_code, batch.file_name, batch.customers, batch.errors) == (302, "领养.csv", 1, 1)
    page = client.get(f"{BATCHES}{batch.pk}/").content.decode()
    assert "没有这个工号" in page
    rejected = b"".join(client.get(f"{BATCHES}{batch.pk}/rejects/").streaming_content)
    assert "'=nobody" in rejected.decode("utf-8-sig")
    again = client.post(FILE, {"file": SimpleUploadedFile("again.csv", rejected), "note": "下发"})
    assert again.status_code == 302
    assert list(OwnerBatch.objects.order_by("pk").last().lines.values_list("code", flat=True)) == ["unknown_staff"]
    assert AuditEvent.objects.filter(action="tiering.batch_exported").count() == 1


def test_a_form_says_at_once_all_that_it_lacks(manager, opener):
    standing = make_standing(by=opener)
    make_staff("teller")
    client = sign_in(manager)
    answer = client.post(PAGE, {"customer": standing.customer.customer_number, "way": "hand", "note": ""})
    assert {*answer.context["form"].errors} == {"owner", "note"}
    assert {*client.post(FILE, {"note": ""}).context["form"].errors} == {"file", "note"}


@pytest.mark.parametrize("sent", [{}, {"note": "x"}, {"note": "\x00"}])
def test_a_form_that_lacks_something_says_so(manager, opener, sent):
    make_standing(by=opener)
    for address in (PAGE, FILE):
        answer = sign_in(manager).post(address, sent)
        assert answer.status_code == 200
        assert "错误" in answer.content.decode()
    assert OwnerBatch.objects.count() == 0


def test_more_than_the_roster_allows_is_warned_of(manager, opener):
    teller = make_staff("teller")
    RosterEntry.objects.create(
        legal_entity=teller.legal_entity,
        branch=make_branch(),
        tier=Tier.BRANCH_STAFF,
        staff=teller,
        position="teller",
        capacity=1,
        since=TODAY,
        by=manager,
    )
    standings = [make_standing(by=opener) for _ in range(3)]
    client = sign_in(manager)
    body = {"note": "x", "lines": [{"customer_number": each, "owner": "teller"} for each in numbers(*standings)]}
    [share] = send(client, body).json()["people"]
    assert (share["before"], share["gets"], share["after"], share["capacity"], share["over"]) == (0, 3, 3, 1, 2)
    page = client.get(f"{BATCHES}{OwnerBatch.objects.get().pk}/").content.decode()
    assert "超出名册容量" in page
    client.post(f"{BATCHES}{OwnerBatch.objects.get().pk}/apply/")
    [share] = client.get(f"{API}{OwnerBatch.objects.get().pk}/").json()["people"]
    assert (share["before"], share["gets"], share["after"]) == (0, 3, 3)


def test_whoever_adopts_for_himself_is_offered_nobody_else(lobby, opener):
    standing = make_standing(tier=Tier.BRANCH_LEAD, by=opener)
    client = sign_in(lobby)
    page = client.get(PAGE).content.decode()
    assert 'name="owner"' not in page
    client.post(PAGE, {"customer": numbers(standing), "note": "本人领养", "way": "spread", "all": "on"})
    batch = OwnerBatch.objects.get()
    assert (batch.kind, batch.customers) == ("hand", 1)
    client.post(f"{BATCHES}{batch.pk}/apply/")
    assert owners() == {"lobby"}


def test_a_batch_is_its_maker_s_and_the_managers_of_its_branch(manager, lobby, opener):
    standing = make_standing(tier=Tier.BRANCH_LEAD, by=opener)
    sign_in(lobby).post(PAGE, {"customer": numbers(standing), "note": "x"})
    pk = OwnerBatch.objects.get().pk
    strangers = [
        make_qualified(make_staff("advisor", position="financial_advisor")),
        make_qualified(make_staff("manager2", position="branch_manager", branch=make_branch("002"))),
        make_qualified(
            make_staff("head3", position="head_office", branch=make_branch("101", entity=make_entity("LX", "临溪")))
        ),
    ]
    for person in strangers:
        client = sign_in(person)
        for address in (f"{BATCHES}{pk}/", f"{API}{pk}/", f"{BATCHES}{pk}/rejects/"):
            assert client.get(address).status_code == 404
        for address in (
            f"{BATCHES}{pk}/apply/",
            f"{BATCHES}{pk}/discard/",
            f"{API}{pk}/apply/",
            f"{BATCHES}{pk}/export/",
        ):
            assert client.post(address).status_code == 404
        assert client.get(API).json()["results"] == []
    assert sign_in(manager).post(f"{API}{pk}/apply/").json()["status"] == "applied"


def test_the_interface_previews_applies_and_says_what_is_stale(manager, opener):
    make_staff("teller"), make_staff("helper")
    first, second = make_standing(by=opener), make_standing(by=opener)
    [a, b] = numbers(first, second)
    lines = [
        {"customer_number": a, "owner": "teller", "primary": True, "note": "老客户"},
        {"customer_number": a, "owner": "helper", "primary": False},
        {"customer_number": b, "owner": "nobody"},
    ]
    client = sign_in(manager)
    answer = send(client, {"note": "下发", "lines": lines})
    body = answer.json()
    assert (answer.status_code, body["customers"], body["error_count"]) == (201, 1, 1)
    assert [(each["owner"], each["primary"]) for each in body["lines"]] == [("teller", True), ("helper", False)]
    assert [(each["line"], each["code"]) for each in body["errors"]] == [(3, "unknown_staff")]
    other = send(client, {"note": "另一批", "lines": lines[:1]}).json()["id"]
    assert client.post(f"{API}{body['id']}/apply/").json()["status"] == "applied"
    stale = client.post(f"{API}{other}/apply/")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["context"]["customers"] == [{"customer_number": a, "code": "already_owned"}]
    page = client.post(f"{BATCHES}{other}/apply/")
    assert (page.status_code, a in page.content.decode()) == (409, True)
    assert client.post(f"{API}{other}/discard/").json()["status"] == "discarded"
    assert client.post(f"{API}{other}/apply/").json()["code"] == "already_decided"


def test_the_interface_spreads(manager, opener):
    make_staff("one"), make_staff("two")
    standings = [make_standing(by=opener) for _ in range(2)]
    body = {"note": "均分", "spread": {"customers": numbers(*standings), "people": ["one", "two"]}}
    people = send(sign_in(manager), body).json()["people"]
    assert [(each["staff"], each["gets"]) for each in people] == [("one", 1), ("two", 1)]


def test_the_interface_takes_a_file(manager, opener):
    make_staff("teller")
    [number] = numbers(make_standing(by=opener))
    file = SimpleUploadedFile("a.csv", f"customer_number|owner\n{number}|teller\n".encode())
    answer = sign_in(manager).post(API, {"note": "下发", "file": file})
    assert (answer.status_code, answer.json()["customers"]) == (201, 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"note": "x"},
        {"note": "x", "lines": []},
        {"note": "x", "lines": [{}]},
        {"note": "x", "lines": ["a"]},
        {"note": "x", "lines": [{"customer_number": 5, "owner": "a"}]},
        {"note": "x", "lines": [{"customer_number": "1", "owner": "a", "primary": "yes"}]},
        {"note": "x", "lines": [{"customer_number": "1", "owner": "a"}], "spread": {}},
        {"note": "x", "spread": []},
        {"note": "x", "spread": {"tier": "nobody"}},
        {"note": "x", "spread": {"people": [["a"]]}},
        {"note": "\x00", "spread": {}},
        {"note": "", "spread": {}},
        {"note": "x", "spread": {}, "branch": "\x00"},
        {"note": "x", "spread": {}, "branch": "002"},
        {"note": "x", "spread": {}, "branch": 7},
    ],
)
def test_what_is_no_batch_is_400(manager, body):
    make_branch("002")
    assert send(sign_in(manager), body).status_code == 400
    assert OwnerBatch.objects.count() == 0


@pytest.mark.parametrize("text", ["\x00", "😀", "\ud83d", "1' OR '1'='1", "9" * 64, "٣٣"])
def test_odd_texts_are_somebody_unknown(manager, text):
    answer = send(sign_in(manager), {"note": "x", "lines": [{"customer_number": text, "owner": text, "note": text}]})
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        assert [each["code"] for each in answer.json()["errors"]] == ["unknown_customer"]


@pytest.mark.parametrize("page", ["1", "-1", "x", "9" * 30, "²"])
def test_a_page_number_that_is_none_begins_anew(manager, opener, page):
    make_standing(by=opener)
    assert sign_in(manager).get(PAGE, {"page": page, "tier": "\x00"}).status_code == 200


def test_as_many_queries_for_three_as_for_one(manager, opener):
    make_staff("teller")
    client, counts = sign_in(manager), []
    make_standing(by=opener)
    client.get(PAGE)
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            client.get(PAGE)
        counts.append(len(counted))
        make_standing(by=opener)
    assert counts[0] == counts[1]


def test_excel_of_a_batch(manager, opener):
    make_staff("teller")
    body = {"note": "x", "lines": [{"customer_number": numbers(make_standing(by=opener))[0], "owner": "teller"}]}
    client = sign_in(manager)
    answer = client.post(f"{BATCHES}{send(client, body).json()['id']}/export/")
    assert answer["Content-Type"].endswith("sheet")
    assert b"".join(answer.streaming_content)
