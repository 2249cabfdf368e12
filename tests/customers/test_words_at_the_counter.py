"""What receipts, reviews and files say of a request: in the right transaction, in words, as it was and as it is."""

import html
from datetime import date, timedelta

import pytest
from django.utils import timezone

from customers.models import Amendment, Customer, Draft, Look, Receipt
from customers.rules.further import FurtherPaper
from customers.services import add_document, amend_customer, approve, ask_for_undo, keep_draft, reject, withdraw
from customers.services.requesting import open_request
from tellerdesk.core.api import keyset_page, not_before
from tests.customers import merges
from tests.customers.pages import logged_in
from tests.factories import make_check, make_customer, make_staff, sign_in

pytestmark = pytest.mark.django_db
LICENCE = {"document_type": "driving_licence", "valid_from": date(2022, 1, 1), "valid_until": date(2032, 1, 1)}


@pytest.fixture(autouse=True)
def _today(business_date, settings):
    """The courses have tests of their own."""
    settings.AUTHENTICATION_BACKENDS = [
        each for each in settings.AUTHENTICATION_BACKENDS if each != "training.backends.QualificationBackend"
    ]
    return business_date


@pytest.fixture
def customer():
    return make_customer()


@pytest.fixture
def checker():
    return make_staff(position="supervisor", name="方砚")


def page(response) -> str:
    return html.unescape(response.content.decode())


def renewed(customer) -> Amendment:
    document = customer.documents.primary().get()
    check = make_check(document.number, by=customer.opened_by, name=customer.name, business="amend_customer")
    changes = {"valid_from": "2026-01-01", "valid_until": "2046-01-01"}
    asked = {"in_person": True, "check_id": check.pk, "reason": "换领新证", "by": customer.opened_by}
    return amend_customer(customer=customer, changes=changes, **asked)


def mobile_changed(customer) -> Amendment:
    changes = {"mobile": "13911112222"}
    return amend_customer(customer=customer, changes=changes, in_person=True, reason="换号", by=customer.opened_by)


def licence_added(customer) -> Amendment:
    paper = FurtherPaper(document_number=customer.documents.primary().get().number, **LICENCE)
    return add_document(customer=customer, further=paper, in_person=True, reason="补登", by=customer.opened_by)


def receipt_of(amendment, client) -> str:
    return page(client.get(f"/customers/receipts/{amendment.receipts.get().pk}/"))


def test_a_renewal_is_a_transaction_1005_and_drops_the_draft_of_1005(customer):
    teller = customer.opened_by
    for code in ("1002", "1005"):
        keep_draft(transaction_code=code, about=customer.customer_number, fields={"reason": ["换领"]}, by=teller)
    assert renewed(customer).receipts.get().transaction_code == "1005"
    assert list(Draft.objects.values_list("transaction_code", flat=True)) == ["1002"]


def test_a_change_of_the_mobile_stays_a_transaction_1002(customer):
    assert mobile_changed(customer).receipts.get().transaction_code == "1002"


def test_the_review_names_the_transaction_of_a_renewal(customer, checker, client):
    words = page(sign_in(checker, client).get(f"/customers/review/{renewed(customer).pk}/"))
    assert '<span class="code">1005</span>' in words


def test_a_receipt_says_what_was_so_when_it_was_issued_and_the_page_what_came_of_it(customer, checker, client):
    amendment = mobile_changed(customer)
    client = sign_in(customer.opened_by, client)
    before = receipt_of(amendment, client)
    approve(amendment=amendment, by=checker)
    after = receipt_of(amendment, client)
    assert "提交时：待复核" in before
    assert "方砚" not in before
    assert "提交时：待复核" in after
    assert "已生效" in after.partition("<article")[0]
    assert "方砚" in after.partition("<article")[0]
    assert "方砚" not in after.partition("<article")[2]


def test_a_returned_and_a_withdrawn_request_say_so(customer, checker, client):
    client, returned = sign_in(customer.opened_by, client), mobile_changed(customer)
    reject(amendment=returned, reason="不清", by=checker)
    taken_back = mobile_changed(customer)
    withdraw(amendment=taken_back, by=customer.opened_by)
    assert "已退回" in receipt_of(returned, client).partition("<article")[0]
    assert "已撤回" in receipt_of(taken_back, client).partition("<article")[0]


def test_the_receipt_of_a_merge_names_both_numbers(client):
    survivor, absorbed = merges.make_two()
    amendment = merges.ask(survivor, absorbed)
    words = receipt_of(amendment, sign_in(survivor.opened_by, client)).replace("</span><span>", "")
    assert survivor.customer_number in words
    assert absorbed.customer_number in words


def test_a_licence_is_an_auxiliary_document_wherever_it_is_named(customer, checker, client):
    amendment = licence_added(customer)
    assert list(amendment.changes)[0] == "auxiliary_document"
    teller, number = sign_in(customer.opened_by), customer.documents.primary().get().number
    assert "新增辅助证件：机动车驾驶证" in receipt_of(amendment, teller)
    assert "新增辅助证件" in page(teller.get("/customers/requests/"))
    review = page(sign_in(checker, client).get(f"/customers/review/{amendment.pk}/"))
    assert "新增辅助证件" in review
    assert number in review
    assert "2022-01-01 至 2032-01-01" in review
    assert 'class="diff"' not in review
    history = page(client.get(f"/customers/{customer.customer_number}/history/"))
    assert "机动车驾驶证" in history
    assert "driving_licence" not in history
    approve(amendment=amendment, by=checker)
    assert customer.documents.filter(role="auxiliary").count() == 1


def test_the_checker_compares_both_mobiles_and_the_look_is_recorded_once(customer, checker, client):
    amendment, client = mobile_changed(customer), sign_in(checker, client)
    words = page(client.get(f"/customers/review/{amendment.pk}/"))
    client.get(f"/customers/review/{amendment.pk}/")
    assert customer.mobile in words
    assert "13911112222" in words
    assert list(Look.objects.filter(staff=checker).values_list("customer", "reason")) == [(customer.pk, "复核")]


def test_recent_history_is_in_one_order_of_time(customer, checker, client):
    client = sign_in(checker, client)
    for _look in range(5):
        client.get(f"/customers/{customer.customer_number}/")
    lines = client.get(f"/customers/{customer.customer_number}/").context["history"]
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    assert len(lines) <= 6


def test_a_document_without_a_last_day_is_called_long_term(customer, client):
    customer.documents.update(valid_until=None, long_term=True)
    client = sign_in(customer.opened_by, client)
    assert "长期有效" in page(client.get(f"/customers/{customer.customer_number}/renew/"))
    assert "<dt>到期日</dt><dd>长期</dd>" in page(client.get(f"/customers/{customer.customer_number}/amend/"))


def test_a_differing_number_counts_among_what_differs_and_no_empty_card_stands_beside(client):
    survivor, absorbed = merges.make_two()
    client = sign_in(survivor.opened_by, client)
    response = client.get(f"/customers/merge/{survivor.customer_number}/{absorbed.customer_number}/")
    compared = response.context["compared"]
    assert compared.differing_count == len(compared.differing) + 1
    assert ("需要复看" in page(response)) == bool(compared.warnings)


def test_the_queue_begins_with_what_has_waited_longest(checker, client):
    teller = make_staff()
    waiting = [asked_for_days_ago(days, teller) for days in (0, 2, 1)]
    queue = sign_in(checker, client).get("/customers/review/", follow=True).context["queue"]
    assert [each.pk for each in queue] == [waiting[1].pk, waiting[2].pk, waiting[0].pk]


def asked_for_days_ago(days: int, teller) -> Amendment:
    made_at = timezone.now() - timedelta(days=days)
    changes = {"mobile": ["13900000128", "13911112222"]}
    return open_request(
        "amendment", make_customer(by=teller), changes=changes, reason="换号", made_at=made_at, by=teller
    )


@pytest.mark.parametrize(("status", "link"), [("suspended", "/renew/"), ("closed", "")])
def test_a_customer_not_in_use_has_no_form_of_changes(customer, client, status, link):
    Customer.objects.update(status=status)
    words = page(sign_in(customer.opened_by, client).get(f"/customers/{customer.customer_number}/amend/"))
    assert 'name="address"' not in words
    assert link in words


def test_a_closed_customer_has_no_form_of_documents_and_no_check(customer, client):
    Customer.objects.update(status="closed")
    words = page(sign_in(customer.opened_by, client).get(f"/customers/{customer.customer_number}/renew/"))
    assert 'name="document_number"' not in words
    assert 'id="check"' not in words


def test_a_form_about_a_customer_is_not_told_that_there_is_none(customer, client):
    logged_in(client)
    typed = {"document_type": "driving_licence", "document_number": customer.documents.get().number}
    assert "本行社无此客户" in page(client.post("/customers/open/answer/", typed))
    about = typed | {"about": customer.customer_number}
    assert "本行社无此客户" not in page(client.post("/customers/open/answer/", about))


def test_todays_receipts_count_a_renewal_under_its_own_code(customer, client):
    renewed(customer)
    client = sign_in(customer.opened_by, client)
    assert Receipt.objects.latest("pk").transaction_code == "1005"
    assert client.get("/").context["done"]["1005"] == 1


def test_decided_requests_go_by_their_decision_and_no_page_loses_one(customer, checker, client):
    """The one asked for first is decided last; pages of the keyset join without a gap."""
    first = mobile_changed(customer)
    second = mobile_changed(make_customer(by=customer.opened_by))
    for each in (second, first):
        approve(amendment=each, by=checker)
    found = Amendment.objects.filter(checker=checker)
    [newest], following = keyset_page(found, after=None, size=1, by="decided_at")
    [oldest], end = keyset_page(found, after=following, size=1, by="decided_at")
    assert (newest, oldest, end) == (first, second, None)
    assert list(not_before(found, second.pk, by="decided_at")) == [second]
    manager = sign_in(make_staff(position="branch_manager"), client)
    assert [row.pk for row in manager.get("/customers/lists/decided/?since=2026-01-01").context["rows"]] == [
        first.pk,
        second.pk,
    ]


def test_undoing_a_merge_is_reviewed_in_words(client):
    survivor, absorbed = merges.make_two()
    request = merges.merge(survivor, absorbed)
    asked = ask_for_undo(merge=request.merge, reason="核实为两人", by=survivor.opened_by)
    words = page(sign_in(merges.manager(), client).get(f"/customers/review/{asked.pk}/"))
    assert f"客户号 {absorbed.customer_number} 恢复为独立档案" in words
    assert f"<ins>{absorbed.customer_number}</ins>" not in words
