"""1006 and 1013 over HTTP."""

import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import Amendment, Draft, DuplicatePair, DuplicateSearch, Look
from tellerdesk.audit.models import AuditEvent
from tests.customers.merges import EVIDENCE, ask, make_two, merge, reread
from tests.customers.pages import logged_in, mark_of
from tests.factories import make_branch, make_customer, make_entity, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


def page(response) -> str:
    return html.unescape(response.content.decode())


def side_by_side(survivor, absorbed) -> str:
    return f"/customers/merge/{survivor.customer_number}/{absorbed.customer_number}/"


@pytest.fixture
def teller(client):
    return logged_in(client)


def test_two_are_found_by_number_and_by_document(client, teller):
    older, newer = make_two()
    paper = newer.documents.get()
    typed = {
        "first-document_type": paper.document_type,
        "first-document_number": paper.number,
        "second-customer_number": older.customer_number,
        "second-document_type": "resident_id",
    }
    answer = client.post("/customers/merge/", typed)
    assert answer.headers["Location"] == side_by_side(older, newer)
    assert Look.objects.filter(staff=teller).count() == 2
    client.get(answer.headers["Location"])
    assert Look.objects.filter(staff=teller).count() == 2


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first-customer_number": "12"},
        {"first-customer_number": "\x00", "second-document_number": "\x00", "second-document_type": "resident_id"},
        {"first-customer_number": "9" * 40, "second-customer_number": "😀"},
    ],
)
def test_nobody_is_found_and_the_page_says_so(client, teller, typed):
    answer = client.post("/customers/merge/", typed)
    assert answer.status_code == 200
    assert "data-errors" in page(answer)


def test_one_and_the_same_is_refused(client, teller):
    older, newer = make_two()
    merge(older, newer)
    typed = {"first-customer_number": older.customer_number, "second-customer_number": newer.customer_number}
    assert "data-errors" in page(client.post("/customers/merge/", typed))


def test_what_differs_is_chosen_field_by_field(client, teller):
    older, newer = make_two(address="杭州市新样例路2号", mobile="13900000999")
    words = page(client.get(side_by_side(older, newer)))
    assert Look.objects.filter(staff=teller).count() == 2
    assert 'name="choice-address"' in words
    assert 'name="choice-occupation"' not in words
    assert "13900000999" in words
    answer = client.post(side_by_side(older, newer), {"evidence": EVIDENCE, "choice-address": "absorbed"})
    request = Amendment.objects.get(kind="merge")
    assert answer.headers["Location"] == f"/customers/receipts/{request.receipts.get().pk}/"
    assert set(request.changes) == {"customer_number", "address"}
    assert client.get(answer.headers["Location"]).status_code == 200


def test_without_evidence_nothing_typed_is_lost(client, teller):
    older, newer = make_two(address="杭州市新样例路2号")
    words = page(client.post(side_by_side(older, newer), {"evidence": "", "choice-address": "absorbed"}))
    assert "data-errors" in words
    kept = words[words.index('name="choice-address" value="absorbed"') :]
    assert kept[: kept.index(">")].endswith("checked")
    assert Amendment.objects.count() == 0


def test_what_was_typed_survives_a_login_that_ended(client, teller):
    older, newer = make_two(address="杭州市新样例路2号")
    address = side_by_side(older, newer)
    typed = {"evidence": EVIDENCE, "choice-address": "absorbed"}
    answer = Client().post(address, typed | {"typed_by": mark_of(teller, "1006", older.customer_number, address)})
    assert answer.headers["Location"].startswith("/accounts/login/")
    words = page(client.get(address))
    assert EVIDENCE in words
    kept = words[words.index('name="choice-address" value="absorbed"') :]
    assert kept[: kept.index(">")].endswith("checked")
    assert client.get("/").status_code == 200
    client.post(address, typed)
    assert Draft.objects.count() == 0


def test_a_customer_who_is_busy_says_so_on_the_page(client, teller):
    older, newer = make_two()
    ask(older, newer)
    words = page(client.post(side_by_side(older, newer), {"evidence": EVIDENCE}))
    assert "data-errors" in words
    assert Amendment.objects.filter(kind="merge").count() == 1


def test_who_is_not_in_use_is_shown_and_not_sent(client, teller):
    older, newer = make_two()
    merge(older, newer)
    assert 'data-key="F9"' not in page(client.get(side_by_side(older, newer))).split("</form>")[-2]


def test_the_manager_sees_both_sides_and_decides(client):
    boss = logged_in(client, position="branch_manager")
    older, newer = make_two(address="杭州市新样例路2号", name="顾青苗")
    request = ask(older, newer, address="absorbed")
    words = page(client.get(f"/customers/review/{request.pk}/"))
    assert "杭州市新样例路2号" in words
    assert EVIDENCE in words
    assert "顾青苗" in words
    client.post(f"/customers/review/{request.pk}/", {"do": "approve"})
    reread(newer)
    assert (newer.merged_into, Amendment.objects.get(kind="merge").checker) == (older, boss)
    assert client.get(f"/customers/review/{request.pk}/").status_code == 200


def test_a_merged_number_says_where_it_went_and_may_be_undone(client, teller):
    older, newer = make_two()
    merge(older, newer)
    address = f"/customers/{newer.customer_number}/merged/"
    assert older.customer_number[:4] in page(client.get(address))
    led = client.get(f"/customers/{newer.customer_number}/").headers["Location"]
    assert led == f"/customers/{older.customer_number}/"
    assert address in page(client.get(f"/customers/{older.customer_number}/"))
    assert "data-errors" in page(client.post(f"{address}undo/", {"reason": ""}))
    assert client.post(f"{address}undo/", {"reason": "核实为两人"}).status_code == 302
    request = Amendment.objects.get(kind="merge_undo")
    assert (request.customer, request.other, request.reason) == (older, newer, "核实为两人")
    looks = Look.objects.filter(customer=newer).count()
    assert "data-errors" in page(client.post(f"{address}undo/", {"reason": "再一次"}))
    assert Look.objects.filter(customer=newer).count() == looks + 1
    assert client.get(f"/customers/{older.customer_number}/merged/").status_code == 404


@pytest.mark.parametrize("place", [0, 1])
def test_a_cheque_account_is_no_matter_of_choice(client, teller, place):
    two = [make_customer(by=teller, has_cheque_account=each == place) for each in (0, 1)]
    found = page(client.get(side_by_side(*two)))
    row = found.partition('id="c-has_cheque_account"')[2].partition("</tr>")[0]
    cells = row.split("<td")[1:]
    assert 'type="radio"' not in row
    assert ["is-kept" in cell for cell in cells] == [place == 0, place == 1]


def test_a_reader_may_not_ask_to_undo(client):
    logged_in(client, position="auditor")
    older, newer = make_two()
    merge(older, newer)
    assert client.get(f"/customers/{newer.customer_number}/merged/").status_code == 200
    assert client.post(f"/customers/{newer.customer_number}/merged/undo/", {"reason": "x"}).status_code == 403


def test_nobody_of_another_legal_entity(client):
    logged_in(client, branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    older, newer = make_two()
    assert client.get(side_by_side(older, newer)).status_code == 404
    typed = {"first-customer_number": older.customer_number, "second-customer_number": newer.customer_number}
    assert "data-errors" in page(client.post("/customers/merge/", typed))


@pytest.fixture
def pairs():
    teller = make_staff()
    people = [make_customer(by=teller) for _ in range(4)]
    made = {"legal_entity": people[0].legal_entity, "grounds": ["number_digit:15", "same_mobile"]}
    return [
        DuplicatePair.objects.create(first=people[0], second=people[place + 1], strength=strength, **made)
        for place, strength in enumerate((100, 60, 20))
    ]


def test_pairs_are_listed_by_strength_masked(client, pairs):
    logged_in(client, position="supervisor")
    words = page(client.get("/customers/duplicates/"))
    places = [words.index(f'id="pair-{each.pk}"') for each in pairs]
    assert places == sorted(places)
    person = pairs[0].second
    assert person.documents.get().number not in words
    assert person.name not in words
    assert side_by_side(pairs[0].first, person) in words
    assert f'id="pair-{pairs[1].pk}"' not in page(client.get("/customers/duplicates/?band=strong"))
    assert client.get("/customers/duplicates/?band=%00&status=gone&after=%F0%9F%98%80").status_code == 200


def test_a_pair_is_found_to_be_two(client, pairs):
    logged_in(client, position="supervisor")
    address = f"/customers/duplicates/{pairs[0].pk}/dismiss/"
    assert "data-errors" in page(client.post(address, {"reason": ""}))
    assert client.post(address, {"reason": "同名同生日两人"}).status_code == 302
    assert client.post(address, {"reason": "再一次"}).status_code == 302
    pairs[0].refresh_from_db()
    assert (pairs[0].status, pairs[0].reason) == ("dismissed", "同名同生日两人")
    assert "同名同生日两人" in page(client.get("/customers/duplicates/?status=dismissed"))


def test_an_export_is_recorded(client, pairs):
    logged_in(client, position="auditor")
    answer = client.post("/customers/duplicates/export/?band=strong")
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert AuditEvent.objects.get(action="customers.duplicates_exported").detail["rows"] == 1


def test_a_search_is_started_and_followed(client):
    logged_in(client, position="branch_manager")
    assert client.get("/customers/duplicates/").status_code == 200
    for _ in range(2):
        assert client.post("/customers/duplicates/search/").status_code == 302
    assert DuplicateSearch.objects.count() == 1
    for status in ("running", "failed", "succeeded"):
        DuplicateSearch.objects.update(status=status)
        assert client.get("/customers/duplicates/").status_code == 200


def test_a_list_asks_the_same_few_questions_however_long(client, pairs):
    logged_in(client, position="supervisor")
    client.get("/customers/duplicates/")
    asked = []
    for band in ("strong", ""):
        with CaptureQueriesContext(connection) as found:
            client.get(f"/customers/duplicates/?band={band}")
        asked.append(len(found))
    assert asked[0] == asked[1]
