"""1002 and 1003 over HTTP."""

import html

import pytest

from customers.enums import CheckDecision
from customers.models import Amendment, Customer, IdentityCheck, Receipt
from tests.customers.pages import logged_in
from tests.factories import make_customer, make_resident_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller(client):
    return logged_in(client)


def page(response) -> str:
    return html.unescape(response.content.decode())


def amend(client, customer, *, version=None, **fields):
    names = ("occupation", "occupation_detail", "address", "phone", "email", "mobile")
    kept = {name: getattr(customer, name) for name in names}
    typed = kept | {"comes": "person", "reason": "客户搬家", "version": version or customer.version} | fields
    return client.post(f"/customers/{customer.customer_number}/amend/", typed)


def test_a_change_is_applied_at_once_with_a_receipt(client, teller):
    customer = make_customer()
    response = amend(client, customer, address="杭州市样例路 2 号")
    assert Customer.objects.get().address == "杭州市样例路 2 号"
    assert response.headers["Location"] == f"/customers/receipts/{Receipt.objects.latest('pk').pk}/"
    assert list(Amendment.objects.get().changes) == ["address"]


def test_what_comes_by_document_is_shown_and_not_changed_here(client, teller):
    words = page(client.get(f"/customers/{make_customer().customer_number}/amend/"))
    assert 'name="mobile"' in words
    assert 'name="birth_date"' not in words
    assert "<dt>证件类型</dt><dd>居民身份证</dd>" in words


def test_a_change_of_the_mobile_waits_with_all_that_was_changed_beside_it(client, teller):
    customer = make_customer()
    response = amend(client, customer, mobile="13911112222", phone="0571-87654321")
    assert (Customer.objects.get().mobile, Customer.objects.get().phone) == ("13900000128", "")
    assert Amendment.objects.get().status == "pending_review"
    assert "待复核" in page(client.get(response.headers["Location"]))
    mine = page(client.get("/customers/requests/"))
    assert "撤回" in mine
    client.post(f"/customers/requests/{Amendment.objects.get().pk}/withdraw/")
    assert Amendment.objects.get().status == "withdrawn"


def test_a_field_that_comes_by_document_is_not_taken(client, teller):
    customer = make_customer()
    amend(client, customer, birth_date="1999-09-09", phone="0571-87654321")
    assert (Customer.objects.get().birth_date, Customer.objects.get().phone) == (customer.birth_date, "0571-87654321")


def test_every_change_of_a_cheque_account_holder_waits_and_takes_the_person(client, teller):
    customer = make_customer(has_cheque_account=True)
    kept = {"has_cheque_account": "on", "address": "杭州市新样例路3号"}
    assert "须客户本人持证件到场办理" in page(amend(client, customer, comes="neither", **kept))
    amend(client, customer, **kept)
    assert Amendment.objects.get().status == "pending_review"
    assert Customer.objects.get().address == customer.address


def test_standing_is_asked_for_and_decided(client, teller):
    customer = make_customer()
    path = f"/customers/{customer.customer_number}/standing/"
    words = page(client.get(path))
    assert 'value="suspension"' in words
    assert 'value="reinstatement"' not in words
    assert "请从列表中选择" in page(client.post(path, {"kind": "reinstatement", "reason": "x"}))
    assert "事由：请填写" in page(client.post(path, {"kind": "suspension", "reason": " "}))
    response = client.post(path, {"kind": "suspension", "reason": "证件过期"})
    assert Receipt.objects.latest("pk").transaction_code == "1010"
    assert "中止" in page(client.get(response.headers["Location"]))
    manager = logged_in(client, position="branch_manager")
    review = f"/customers/review/{Amendment.objects.get().pk}/"
    assert "证件过期" in page(client.get(review))
    client.post(review, {"do": "approve"})
    assert Customer.objects.get().status == "suspended"
    assert Amendment.objects.get().checker == manager


def test_nothing_changed_and_no_reason_are_told(client, teller):
    customer = make_customer()
    assert "与档案相比没有变更" in page(amend(client, customer))
    assert "事由：请填写" in page(amend(client, customer, address="新址", reason=" "))
    assert Amendment.objects.count() == 0


def test_all_faults_are_told_at_once(client, teller):
    words = page(amend(client, make_customer(), mobile="1380013", reason=""))
    assert 'href="#id_mobile"' in words
    assert 'href="#id_reason"' in words


def test_a_stale_page_shows_what_the_file_says_now(client, teller):
    customer = make_customer()
    amend(client, customer, address="第一个新址")
    stale = page(amend(client, customer, address="第二个新址"))
    assert "档案已被他人改动" in stale
    assert "<dd>第一个新址</dd>" in stale
    assert 'value="第二个新址"' in stale
    assert f'name="version" value="{customer.version + 1}"' in stale
    assert Customer.objects.get().address == "第一个新址"


def test_errors_are_by_field_and_what_was_typed_stays(client, teller):
    words = page(amend(client, make_customer(), email="not an address"))
    assert 'href="#id_email"' in words
    assert 'value="not an address"' in words


def test_an_agent_may_not_make_the_customers_own_statement(client, teller):
    agent = {
        "agent_name": "何棠", "agent_document_type": "resident_id", "agent_document_number": make_resident_number(),
        "agent_mobile": "13900000129", "agent_relation": "spouse", "agent_reason": "客户住院",
        "agent_authority": "委托书",
    }  # fmt: skip
    response = amend(client, make_customer(), comes="agent", tax_residency="both", **agent)
    assert "此项业务不得代办" in page(response)


def test_the_customer_is_asked_for_first(client, teller):
    customer = make_customer()
    response = client.post("/customers/amend/", {"customer_number": customer.customer_number})
    assert response.headers["Location"] == f"/customers/{customer.customer_number}/amend/"


def test_a_check_stands_on_its_own(client, teller):
    number = make_resident_number(sequence=900)
    typed = {"business": "close_customer", "document_type": "resident_id", "document_number": number, "name": "顾青禾"}
    client.post("/customers/open/check/?check=run", typed)
    check = IdentityCheck.objects.get()
    decided = typed | {"identity_check": check.pk, "decision": "proceed_and_follow_up"}
    response = client.post("/customers/checks/new/", decided)
    check.refresh_from_db()
    assert (check.business, check.decision) == ("close_customer", CheckDecision.PROCEED_AND_FOLLOW_UP)
    assert response.headers["Location"] == f"/customers/checks/{check.pk}/"
    assert "号码存在，姓名不匹配" in page(client.get(response.headers["Location"]))


def test_a_receipt_number_that_cannot_be_kept_is_told_by_its_field(client, teller):
    number = make_resident_number(sequence=900)
    typed = {"business": "recheck", "document_type": "resident_id", "document_number": number, "name": "顾青禾"}
    client.post("/customers/open/check/?check=run", typed)
    decided = {"identity_check": IdentityCheck.objects.get().pk, "decision": "proceed", "police_receipt": "回\x00执"}
    words = page(client.post("/customers/checks/new/", typed | decided))
    assert 'href="#id_police_receipt"' in words
    assert IdentityCheck.objects.get().decision == ""


def test_the_check_of_a_customer_knows_name_and_document(client, teller):
    number = make_resident_number()
    customer = make_customer(number=number)
    words = page(client.get(f"/customers/{customer.customer_number}/check/"))
    assert (f'value="{number}"' in words, 'value="顾青禾"' in words) == (True, True)


def test_the_register_is_by_day_and_counts(client, teller):
    make_customer(by=teller)
    make_customer(by=teller, number=make_resident_number(sequence=905))
    words = page(client.get("/customers/checks/"))
    other_day = page(client.get("/customers/checks/?day=2020-01-01"))
    assert "系统无法连接 <span" in words
    assert "当日没有核查" in other_day
    assert client.get("/customers/checks/?day=2020-13-45&after=x").status_code == 200
