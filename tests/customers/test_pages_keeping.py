"""Nothing typed is lost: drafts, expired logins, stale tokens, another person's login (ui.md 6)."""

import html

import pytest
from django.test import Client

from customers.models import Customer, Draft
from customers.services import held_draft
from tests.customers.pages import LOGIN, checked, form, logged_in, mark_of
from tests.factories import make_customer, make_resident_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller(client):
    return logged_in(client)


def typed(staff, **fields) -> dict:
    return form(make_resident_number(), typed_by=mark_of(staff), **fields)


def held(staff) -> dict:
    found = held_draft(transaction_code="1001", by=staff)
    return found[1] if found else {}


def test_autosave_keeps_what_is_typed_and_says_when(client, teller):
    response = client.post("/customers/drafts/", typed(teller, name="顾青"))
    assert response.json()["saved"].startswith("草稿")
    assert held(teller)["name"] == ["顾青"]
    assert "typed_by" not in held(teller)


def test_the_draft_is_sealed_and_comes_back_as_it_was(client, teller):
    fields = typed(teller, name="顾青", has_agent="on", agent_name="何棠", occupation="other")
    client.post("/customers/drafts/", fields)
    page = html.unescape(client.get("/customers/open/").content.decode())
    assert 'value="何棠"' in page
    assert f'value="{fields["document_number"]}"' in page
    assert '<option value="other" selected>' in page
    assert fields["document_number"].encode() not in bytes(Draft.objects.get().ciphertext)


def test_the_check_comes_back_with_the_draft(client, teller):
    number = make_resident_number(sequence=900)
    check = checked(client, number)
    client.post("/customers/drafts/", form(number, check, typed_by=mark_of(teller), police_receipt="回执 7 号"))
    page = client.get("/customers/open/").content.decode()
    assert f'name="identity_check" value="{check.pk}"' in page
    assert 'value="回执 7 号"' in page


def test_an_expired_login_keeps_the_form_for_its_writer_only(client, teller):
    fields = typed(teller, name="顾青禾")
    other = logged_in(Client())
    response = Client().post("/customers/open/", fields)
    assert response.headers["Location"] == "/accounts/login/?next=/customers/open/"
    assert held(teller)["name"] == ["顾青禾"]
    assert held(other) == {}
    assert Customer.objects.count() == 0


def test_a_stale_token_keeps_the_form_and_shows_it_again(client, teller):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(teller, backend=LOGIN)
    response = strict.post("/customers/open/", typed(teller, name="顾青禾"), follow=True)
    page = html.unescape(response.content.decode())
    assert response.redirect_chain == [("/customers/open/", 302)]
    assert "您已重新登录" in page
    assert 'value="顾青禾"' in page


def test_another_persons_login_never_sends_it(client, teller):
    fields = typed(teller, name="顾青禾")
    other = logged_in(client)
    response = client.post("/customers/open/", fields, follow=True)
    page = html.unescape(response.content.decode())
    assert "另一位员工" in page
    assert "顾青禾" not in page
    assert (held(teller)["name"], held(other)) == (["顾青禾"], {})


def test_autosave_under_another_login_is_told_so(client, teller):
    fields = typed(teller)
    logged_in(client)
    assert client.post("/customers/drafts/", fields, headers={"X-Autosave": "1"}).status_code == 403


def test_a_part_of_the_page_leads_to_the_login_whole(teller):
    response = Client().post("/customers/open/check/", typed(teller), headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/customers/open/")


def test_a_mark_made_elsewhere_keeps_nothing(teller):
    Client().post("/customers/open/", typed(teller) | {"typed_by": "forged"})
    assert held(teller) == {}


def test_a_form_larger_than_any_honest_one_is_not_kept(client, teller):
    response = client.post("/customers/drafts/", typed(teller, address="楼" * 110_000))
    assert (response.status_code, held(teller)) == (204, {})


def test_begin_anew_throws_the_draft_away(client, teller):
    client.post("/customers/drafts/", typed(teller))
    response = client.post("/customers/drafts/throw-away/", {"typed_by": mark_of(teller)})
    assert (response.headers["Location"], held(teller)) == ("/customers/open/", {})


def test_the_form_of_one_customer_is_kept_apart_from_another(client, teller):
    first, second = make_customer(by=teller), make_customer(by=teller)
    address = f"/customers/{first.customer_number}/amend/"
    mark = mark_of(teller, "1002", first.customer_number, address)
    Client().post(address, {"typed_by": mark, "address": "旧样路 5 号", "reason": "搬家"})
    shown = client.get(address).content.decode()
    assert 'value="旧样路 5 号"' in shown
    assert "旧样路" not in client.get(f"/customers/{second.customer_number}/amend/").content.decode()
