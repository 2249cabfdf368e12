"""1007, own requests, receipts, and the home page over HTTP."""

import html

import pytest

from customers.enums import AmendmentStatus, CustomerStatus
from customers.models import Amendment, Customer, Receipt, ReceiptCopy
from tests.customers.pages import checked, form, logged_in
from tests.factories import make_branch, make_customer, make_qualified, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def waiting(client):
    """An opening that waits for a second person, made by a supervisor."""
    logged_in(client, position="supervisor", name="程小满")
    number = make_resident_number(sequence=900)
    paper = {"auxiliary_type_0": "driving_licence", "auxiliary_number_0": number, "auxiliary_same_name_0": "on"}
    client.post("/customers/open/", form(number, checked(client, number), decision="proceed", **paper))
    return Amendment.objects.get()


def page(response) -> str:
    return html.unescape(response.content.decode())


def test_another_supervisor_of_the_branch_sees_the_grounds_and_approves(client, waiting):
    checker = logged_in(client, position="supervisor")
    words = page(client.get("/customers/review/", follow=True))
    response = client.post(f"/customers/review/{waiting.pk}/", {"do": "approve"})
    assert "机动车驾驶证" in words
    assert "号码存在，姓名不匹配" in words
    assert response.headers["Location"] == "/customers/review/"
    assert (Customer.objects.get().status, Customer.objects.get().approved_by) == (CustomerStatus.ACTIVE, checker)


def test_a_return_needs_a_reason(client, waiting):
    logged_in(client, position="branch_manager")
    refused = client.post(f"/customers/review/{waiting.pk}/", {"do": "reject", "reason": ""})
    client.post(f"/customers/review/{waiting.pk}/", {"do": "reject", "reason": "照片不清"})
    waiting.refresh_from_db()
    assert 'href="#id_reason"' in page(refused)
    assert (waiting.status, waiting.decision_reason) == (AmendmentStatus.REJECTED, "照片不清")


def test_the_maker_finds_it_locked(client, waiting):
    words = page(client.get("/customers/review/", follow=True))
    refused = client.post(f"/customers/review/{waiting.pk}/", {"do": "approve"})
    assert "本人经办，由他人复核" in words
    assert "本人经办的申请须由他人复核" in page(refused)
    assert Amendment.objects.get().status == AmendmentStatus.PENDING_REVIEW


def test_a_stale_tab_is_told(client, waiting):
    logged_in(client, position="supervisor")
    client.post(f"/customers/review/{waiting.pk}/", {"do": "approve"})
    assert "该申请已处理" in page(client.post(f"/customers/review/{waiting.pk}/", {"do": "approve"}))


def test_another_branch_does_not_see_it(client, waiting):
    logged_in(client, position="supervisor", branch=make_branch("002", name="城西支行"))
    assert client.get(f"/customers/review/{waiting.pk}/").status_code == 404


@pytest.mark.parametrize(
    "sent", [{}, {"do": "destroy"}, {"do": "reject", "reason": "\x00"}, {"do": "reject", "reason": "长" * 9999}]
)
def test_nonsense_decides_nothing(client, waiting, sent):
    logged_in(client, position="supervisor")
    assert client.post(f"/customers/review/{waiting.pk}/", sent).status_code == 200
    assert Amendment.objects.get().status == AmendmentStatus.PENDING_REVIEW


def test_own_requests_say_what_became_of_them(client, waiting):
    words = page(client.get("/customers/requests/?status=pending_review"))
    assert "顾*禾" in words
    assert "没有申请" in page(client.get("/customers/requests/?status=applied"))


class TestReceipts:
    @pytest.fixture
    def receipt(self, client):
        teller = logged_in(client)
        number = make_resident_number()
        client.post("/customers/open/", form(number, checked(client, number)))
        return Receipt.objects.get(staff=teller)

    def test_the_first_print_is_no_copy_and_every_later_one_is_numbered(self, client, receipt):
        first = page(client.get(f"/customers/receipts/{receipt.pk}/"))
        later = page(client.get(f"/customers/receipts/{receipt.pk}/"))
        again = client.post(f"/customers/receipts/{receipt.pk}/print/")
        copy = page(client.get(again.headers["Location"]))
        assert ("data-print" in first, "data-print" in later, "data-print" in copy) == (True, False, True)
        assert 'class="receipt no-print"' in later
        assert ['class="only-print"' in words for words in (first, later, copy)] == [False, True, False]
        assert again.headers["Location"] == f"/customers/receipts/{receipt.pk}/?copy=1"
        assert '<span class="receipt__copy">补打 1</span>' in copy
        assert ReceiptCopy.objects.get().number == 1

    def test_a_copy_that_was_never_made_is_not_shown(self, client, receipt):
        client.get(f"/customers/receipts/{receipt.pk}/")
        assert "receipt__copy" not in page(client.get(f"/customers/receipts/{receipt.pk}/?copy=7"))

    def test_it_is_found_by_serial_number_or_by_day(self, client, receipt):
        address = f"/customers/receipts/{receipt.pk}/"
        assert client.get("/customers/receipts/", {"serial": receipt.number}).headers["Location"] == address
        assert client.get("/customers/receipts/", {"serial": receipt.pk}).headers["Location"] == address
        assert receipt.number in page(client.get("/customers/receipts/?day=2026-11-24"))
        assert "没有这张回单" in page(client.get("/customers/receipts/", {"serial": "002-261124-000001"}))

    def test_another_branch_finds_nothing(self, client, receipt):
        logged_in(client, branch=make_branch("002", name="城西支行"))
        assert client.get(f"/customers/receipts/{receipt.pk}/").status_code == 404
        assert client.post(f"/customers/receipts/{receipt.pk}/print/").status_code == 404


class TestHome:
    def test_the_counter_has_its_day(self, client):
        teller = logged_in(client)
        make_customer(by=teller, number=make_resident_number(sequence=905))
        client.post("/customers/drafts/", {"name": "何棠"})
        words = page(client.get("/"))
        assert "今日 1 笔" in words
        assert "补联网核查" in words
        assert "待办 1 件" in words

    def test_what_waits_for_a_second_person_stands_on_the_spine_and_among_the_things_to_do(self, client, waiting):
        assert client.get("/").context["shell"].waiting == []
        logged_in(client, position="supervisor")
        answer = client.get("/")
        (item,) = answer.context["shell"].waiting
        assert (item.url, item.count) == ("/customers/review/", 1)
        assert "待办 1 件" in page(answer)
        client.post(f"/customers/review/{waiting.pk}/", {"do": "approve"})
        assert client.get("/").context["shell"].waiting == []
        logged_in(client, position="teller")
        assert client.get("/").context["shell"].waiting == []

    def test_a_newcomer_sees_which_course_is_missing(self, client):
        newcomer = make_staff()
        client.force_login(newcomer, backend="tellerdesk.staff.backends.PositionBackend")
        words = page(client.get("/"))
        assert words.count("tile--locked") >= 3
        assert "/training/courses/counter-cif/" in words

    @pytest.mark.parametrize("position", ["head_office", "auditor", "training_admin", "financial_advisor"])
    def test_other_positions_find_what_they_may_do(self, client, position):
        logged_in(client, position=position)
        words = page(client.get("/"))
        assert "我的待办" not in words
        assert "tile" in words

    @pytest.mark.parametrize("customers", [1, 3])
    def test_it_asks_a_fixed_number_of_questions(self, client, customers, django_assert_num_queries):
        teller = make_qualified(make_staff())
        client.force_login(teller, backend="tellerdesk.staff.backends.PositionBackend")
        for _ in range(customers):
            make_customer(by=teller, number=make_resident_number(sequence=905))
        client.get("/")
        with django_assert_num_queries(15):
            client.get("/")
