"""Documents at the counter in a real browser: a reader's line, a renewal, a scan, the manager's list."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from customers.enums import CustomerStatus
from customers.jobs.propose_suspensions import propose_suspensions
from customers.models import Amendment, Customer, DocumentImage
from tellerdesk.core.business_date import today
from tests.customers.scans import png
from tests.factories import make_customer, make_qualified, make_resident_number, make_staff
from tests.training.makers import make_course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """text => {
  const field = document.activeElement;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true }));
}"""


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def teller():
    make_course()
    return make_qualified(make_staff(), "counter-cif")


@pytest.fixture
def desk(open_page, log_in, teller):
    page = open_page()
    log_in(page, teller)
    yield page
    page.goto("/commands/")
    page.wait_for_timeout(500)  # a draft may still be under way


def line_of(number: str, *, sign: str = "|", until: str = "20461101") -> str:
    fields = ("顾青禾", "女", "汉", number[6:14], "杭州市样例路1号", number, "杭州市公安局西湖分局", "20261101", until)
    return sign.join(fields)


def test_a_reader_types_its_line_and_enter_moves_on(desk):
    number = make_resident_number(sequence=104)
    desk.goto("/customers/open/")
    expect(desk.locator("#id_document_number")).to_be_focused()
    desk.keyboard.type(line_of(number))
    desk.keyboard.press("Enter")
    expect(desk.locator("#id_document_number")).to_have_value(number)
    assert desk.input_value("#id_name") == "顾青禾"
    assert (desk.input_value("#id_valid_from"), desk.input_value("#id_valid_until")) == ("2026-11-01", "2046-11-01")
    assert desk.input_value("#id_address") == "杭州市样例路1号"
    assert desk.evaluate("document.activeElement.name") == "name"
    desk.wait_for_selector("#check [name=identity_check]", state="attached")
    assert Customer.objects.count() == 0


def test_a_pasted_record_fills_at_once_and_a_later_card_replaces_it(desk):
    number, other = make_resident_number(sequence=105), make_resident_number(sequence=106)
    desk.goto("/customers/open/")
    desk.evaluate(PASTE, line_of(number, sign="\t", until="长期"))
    expect(desk.locator("#id_document_number")).to_have_value(number)
    assert (desk.is_checked("#id_long_term"), desk.input_value("#id_valid_until")) == (True, "")
    desk.focus("#id_document_number")
    desk.evaluate(PASTE, line_of(other, sign="^"))
    expect(desk.locator("#id_document_number")).to_have_value(other)
    assert (desk.is_checked("#id_long_term"), desk.input_value("#id_valid_until")) == (False, "2046-11-01")


def test_a_renewal_with_the_reader_and_its_scan(desk, teller, accessible, tmp_path):
    number = make_resident_number()
    customer = make_customer(by=teller, number=number)
    address = f"/customers/{customer.customer_number}/"
    desk.goto(f"{address}renew/")
    desk.keyboard.type(line_of(number))
    desk.keyboard.press("Enter")
    expect(desk.locator("#id_valid_until")).to_have_value("2046-11-01")
    desk.wait_for_selector("#check [name=identity_check]", state="attached")
    desk.check("[name=photo_matches][value=true]")
    desk.fill("#id_reason", "证件到期换证")
    found = accessible(desk)
    desk.keyboard.press("F9")
    desk.wait_for_url("**/customers/receipts/*/")
    assert "valid_until" in Amendment.objects.get().changes
    desk.goto(f"{address}images/")
    scan = tmp_path / "scan.png"
    scan.write_bytes(png())
    desk.set_input_files("#id_file", scan)
    found += accessible(desk)
    desk.keyboard.press("F9")
    desk.wait_for_selector(".scan img")
    expect(desk.locator(".scan img").first).to_have_js_property("naturalWidth", 8)
    found += accessible(desk)
    desk.goto(address)
    found += accessible(desk)
    assert DocumentImage.objects.get().customer == customer
    assert found == []


def test_the_manager_suspends_those_chosen(open_page, log_in, teller, accessible):
    customers = [make_customer(by=teller) for _ in range(3)]
    for customer in customers:
        customer.documents.update(valid_until=today() - timedelta(days=120))
    propose_suspensions()
    page = open_page()
    log_in(page, make_qualified(make_staff(position="branch_manager"), "counter-cif"))
    page.goto("/customers/expiring/?within=over")
    found = accessible(page)
    page.check("[data-choose-all]")
    page.locator("[name=proposal]").last.uncheck()
    for _ in range(2):  # those ticked, and once more with their number
        with page.expect_navigation():
            page.keyboard.press("F9")
        found += accessible(page)
    statuses = sorted(Customer.objects.values_list("status", flat=True))
    assert statuses == [CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED, CustomerStatus.SUSPENDED]
    page.locator("a[href*='/postpone/']").first.click()
    found += accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert found == []
