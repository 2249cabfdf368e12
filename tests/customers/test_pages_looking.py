"""1004 and the file over HTTP."""

import html

import pytest

from customers.enums import CustomerStatus
from customers.models import Look
from customers.services import held_draft
from tests.customers.pages import logged_in
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller(client):
    return logged_in(client)


def page(response) -> str:
    return html.unescape(response.content.decode())


def test_by_document_leads_to_the_file_and_keeps_the_number_out_of_the_address(client, teller):
    number = make_resident_number()
    customer = make_customer(number=number)
    response = client.post("/customers/", {"document_type": "resident_id", "document_number": number, "reason": "办卡"})
    assert response.headers["Location"] == f"/customers/{customer.customer_number}/"
    assert Look.objects.get().reason == "办卡"


def test_one_look_up_is_one_look(client, teller):
    customer = make_customer()
    client.post("/customers/", {"customer_number": customer.customer_number}, follow=True)
    assert Look.objects.filter(customer=customer).count() == 1


def test_the_file_by_its_address_is_a_look_each_time(client, teller):
    customer = make_customer()
    for _ in range(2):
        client.get(f"/customers/{customer.customer_number}/")
    client.get(f"/customers/{customer.customer_number}/history/")
    assert Look.objects.filter(customer=customer).count() == 2


def test_a_miss_is_said_logged_and_carried_to_the_opening_in_the_draft(client, teller):
    number = make_resident_number()
    missed = client.post("/customers/", {"document_type": "temporary_resident_id", "document_number": number})
    carried = client.post(
        "/customers/open/with/", {"document_type": "temporary_resident_id", "document_number": number}
    )
    draft = held_draft(transaction_code="1001", by=teller)[1]
    assert "本行社无此客户" in page(missed)
    assert Look.objects.get().customer is None
    assert carried.headers["Location"] == "/customers/open/"
    assert draft == {"document_type": ["temporary_resident_id"], "document_number": [number]}


@pytest.mark.parametrize("typed", [{"customer_number": " "}, {"document_type": "resident_id", "document_number": ""}])
def test_an_empty_key_is_an_error_of_its_field(client, teller, typed):
    response = client.post("/customers/", typed)
    assert "请填写" in page(response)
    assert Look.objects.count() == 0


@pytest.mark.parametrize("reason", ["\x00", "长" * 9999, "😀"])
def test_a_reason_that_cannot_be_kept_is_an_error_of_its_field(client, teller, reason):
    response = client.post("/customers/", {"customer_number": make_customer().customer_number, "reason": reason})
    assert 'href="#id_number_reason"' in page(response)
    assert Look.objects.count() == 0


@pytest.mark.parametrize("key", ["\x00", "9" * 100_000, "٣" * 12, "110105 19491231 002X"])
def test_nonsense_finds_nobody(client, teller, key):
    for typed in ({"customer_number": key}, {"document_type": "resident_id", "document_number": key}):
        assert client.post("/customers/", typed).status_code == 200


@pytest.mark.parametrize("typed", [{"customer_number": "六二〇三"}, {"document_type": "phone", "document_number": "1"}])
def test_any_other_key_is_not_allowed(client, teller, typed):
    assert "查询须凭客户号，或证件类型加证件号码" in page(client.post("/customers/", typed))


def test_the_file_shows_the_number_in_full_and_the_mobile_masked(client, teller):
    number = make_resident_number()
    customer = make_customer(number=number)
    words = page(client.get(f"/customers/{customer.customer_number}/"))
    assert f"<span>{number[:6]}</span><span>{number[6:14]}</span><span>{number[14:]}</span>" in words
    assert '<span id="mobile-clear" class="mono" hidden>13900000128</span>' in words


def test_what_is_owed_stands_on_top_with_the_way_to_settle_it(client, teller):
    customer = make_customer(number=make_resident_number(sequence=905), by=teller)
    words = page(client.get(f"/customers/{customer.customer_number}/"))
    assert "待补 1 项" in words
    assert f'href="/customers/{customer.customer_number}/check/"' in words


def test_a_merged_number_leads_to_the_survivor_with_a_word(client, teller):
    survivor, absorbed = make_customer(), make_customer()
    absorbed.status, absorbed.merged_into = CustomerStatus.MERGED, survivor
    absorbed.save()
    response = client.get(f"/customers/{absorbed.customer_number}/", follow=True)
    assert response.redirect_chain == [(f"/customers/{survivor.customer_number}/", 302)]
    assert page(response).count(f"客户号 {absorbed.customer_number} 已并入本客户") == 1


def test_another_legal_entity_is_not_there(client, teller):
    elsewhere = make_branch("101", entity=make_entity("NB", "甬城农村商业银行"))
    stranger = make_customer(by=make_staff(branch=elsewhere))
    for address in ("", "history/", "amend/", "check/"):
        assert client.get(f"/customers/{stranger.customer_number}/{address}").status_code == 404


def test_another_branch_of_the_entity_is_reached_by_key(client, teller):
    customer = make_customer(by=make_staff(branch=make_branch("002", name="城西支行")))
    assert client.get(f"/customers/{customer.customer_number}/").status_code == 200


def test_the_history_says_who_changed_and_who_looked(client, teller):
    customer = make_customer(by=make_staff(name="程小满"))
    client.post("/customers/", {"customer_number": customer.customer_number, "reason": "核对地址"})
    words = page(client.get(f"/customers/{customer.customer_number}/history/"))
    assert "程小满 开立客户" in words
    assert "核对地址" in words


def test_names_and_numbers_are_masked_in_the_register(client, teller):
    number = make_resident_number()
    make_customer(number=number, by=teller)
    words = page(client.get("/customers/checks/"))
    assert "顾*禾" in words
    assert (number in words, "顾青禾" in words) == (False, False)


def test_a_check_from_the_file_says_whose_and_is_made_up_only_where_owed(client, teller):
    customer = make_customer()
    words = page(client.get(f"/customers/{customer.customer_number}/check/"))
    assert f'href="/customers/{customer.customer_number}/"' in words
    assert '<option value="recheck" selected>' not in words


def test_a_request_that_waits_is_said_once_with_the_way_to_it(client, teller):
    customer = make_customer()
    typed = {"kind": "suspension", "reason": "客户申请"}
    address = f"/customers/{customer.customer_number}/standing/"
    client.post(address, typed)
    words = page(client.post(address, typed))
    assert words.count("该客户已有待复核的申请，请先复核或撤回。") == 1
    assert words.count("data-errors") == 1
    assert '<a href="/customers/requests/">' in words


def test_home_shows_the_rest_of_what_is_to_do(client, teller):
    for _ in range(7):
        number = make_customer().customer_number
        client.post(f"/customers/{number}/standing/", {"kind": "closure", "reason": "客户申请"})
    words = page(client.get("/"))
    assert 'href="?to_do=all"' in words
    assert '<a href="/customers/receipts/">' in words
    assert 'href="?to_do=all"' not in page(client.get("/?to_do=all"))
