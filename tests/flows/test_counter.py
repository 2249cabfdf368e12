"""The counter in a real browser: by keyboard alone, through the gate, past a mismatch, over an expired login."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from customers.enums import CustomerStatus
from customers.models import Customer, Draft, IdentityCheck
from tests.factories import PASSWORD, make_customer, make_qualified, make_resident_number, make_staff
from tests.flows.conftest import DESK
from tests.flows.test_quiz_flow import tick
from tests.training.makers import make_course

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_KEYS = 71  # an ordinary opening; 49 of them are the characters of its data
RECEIPT = "**/customers/receipts/*/"


class Keyboard:
    """Presses and counts: every character and every key is one."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def type(self, text: str):
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def press(self, *keys: str):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


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


def start(keys: Keyboard, code: str):
    """From the command bar."""
    keys.press("/")
    keys.type(code)
    keys.press("Enter")


def fill_document(keys: Keyboard, number: str, name: str = "顾青禾"):
    """Number and name: the rest of the document follows, and the check runs."""
    expect(keys.page.locator("#id_document_number")).to_be_focused()
    keys.type(number)
    keys.page.wait_for_selector("#answer .up >> text=本行社无此客户")
    keys.press("Enter")
    keys.type(name)
    keys.press("Enter")
    keys.page.wait_for_selector("#check [name=identity_check]", state="attached")


def fill_rest(keys: Keyboard):
    keys.press("Enter")
    keys.type("20190520")
    keys.press("Enter")
    expect(keys.page.locator("#id_valid_until")).to_have_value("2039-05-20")
    keys.press("Enter", "Enter")
    keys.press("ArrowDown", "ArrowDown", "Enter")
    keys.type("13900000128")
    keys.press("Enter")
    keys.type("杭州市样例路18号")
    keys.press("Enter", "Enter", "Enter", "Enter")


def focused(page) -> str:
    return page.evaluate("document.activeElement.name")


def test_a_customer_is_opened_with_the_keyboard_alone(desk, accessible):
    number = make_resident_number(sequence=101)
    keys = Keyboard(desk)
    start(keys, "1001")
    fill_document(keys, number)
    found = accessible(desk)
    fill_rest(keys)
    assert focused(desk) == "photo_matches"
    keys.press(" ")
    desk.wait_for_load_state("networkidle")
    keys.press("F9")
    desk.wait_for_url(RECEIPT)
    found += accessible(desk)
    customer = Customer.objects.get()
    assert customer.status == CustomerStatus.ACTIVE
    assert (customer.occupation, str(customer.documents.get().valid_until)) == ("professional", "2039-05-20")
    assert keys.pressed <= MOST_KEYS
    assert Draft.objects.count() == 0
    assert found == []


def test_a_number_that_is_known_shows_the_file_before_anything_else(desk):
    number = make_resident_number()
    customer = make_customer(number=number)
    desk.goto("/customers/open/")
    desk.keyboard.type(number)
    desk.click("#answer a")
    desk.wait_for_url(f"**/customers/{customer.customer_number}/")
    assert IdentityCheck.objects.count() == 1


def test_a_number_of_another_type_offers_to_switch(desk):
    desk.goto("/customers/open/")
    desk.keyboard.type("810000199408230021")
    desk.click("[data-switch-type]")
    expect(desk.locator("#id_birth_date")).to_have_value("1994-08-23")
    assert desk.input_value("#id_document_type") == "hmt_residence_permit"
    assert desk.locator("#id_sex").evaluate("element => element.matches('[readonly][tabindex=\"-1\"]')")


def test_a_scanner_that_ends_each_line_with_enter_fills_the_form(desk):
    desk.goto("/customers/open/")
    expect(desk.locator("#id_document_number")).to_be_focused()
    for line in ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"):
        desk.keyboard.type(line)
        desk.keyboard.press("Enter")
    expect(desk.locator("#id_document_number")).to_have_value("L898902C3")
    assert desk.input_value("#id_document_type") == "foreign_passport"
    assert desk.input_value("#id_name") == "ERIKSSON ANNA MARIA"
    assert focused(desk) == "name"


def test_the_enter_that_chooses_a_candidate_does_nothing_else(desk):
    desk.goto("/customers/open/")
    desk.focus("#id_name")
    desk.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert focused(desk) == "name"


@pytest.fixture
def refusable(browser, live_server):
    """A page that may be refused: Chromium calls a 403 an error in its console."""
    context = browser.new_context(viewport=DESK, base_url=live_server.url, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_a_newcomer_passes_the_course_and_opens_a_customer(refusable, log_in, accessible):
    make_course()
    page = refusable
    log_in(page, make_staff("newcomer"))
    page.goto("/customers/open/")
    found = accessible(page)
    page.get_by_role("link", name="开始").first.click()
    page.get_by_role("button", name="开始测试").click()
    page.locator("button[name=go][value=all]").locator("visible=true").first.click()
    page.wait_for_selector("[data-question='7']")
    tick(page)
    page.locator("[data-key=F9]").first.click()
    page.wait_for_url("**/result/")
    keys = Keyboard(page)
    start(keys, "1001")
    fill_document(keys, make_resident_number(sequence=102))
    fill_rest(keys)
    keys.press(" ", "F9")
    page.wait_for_url(RECEIPT)
    assert Customer.objects.get().opened_by.username == "newcomer"
    assert found == []


def test_a_mismatch_is_corroborated_and_reviewed_by_another(desk, open_page, log_in, accessible):
    number = make_resident_number(sequence=900)
    keys = Keyboard(desk)
    start(keys, "1001")
    fill_document(keys, number)
    assert desk.locator("[name=decision][value=proceed]").is_disabled()
    desk.click("[data-way=way-papers]")
    desk.select_option("[name=auxiliary_type_0]", "driving_licence")
    desk.fill("[name=auxiliary_number_0]", number)
    desk.check("[name=auxiliary_same_name_0]")
    expect(desk.locator("[name=decision][value=proceed]")).to_be_enabled()
    desk.check("[name=decision][value=proceed]")
    found = accessible(desk)
    desk.focus("#id_name")
    keys.press("Enter")
    fill_rest(keys)
    keys.press("F9")
    desk.wait_for_url(RECEIPT)
    waiting = Customer.objects.get()

    checker = open_page()
    log_in(checker, make_qualified(make_staff(position="supervisor"), "counter-cif"))
    start(Keyboard(checker), "1007")
    checker.wait_for_url("**/customers/review/*/")
    found += accessible(checker)
    checker.keyboard.press("F9")
    checker.wait_for_selector("text=没有待复核的申请")
    assert waiting.status == CustomerStatus.PENDING_REVIEW
    assert Customer.objects.get().status == CustomerStatus.ACTIVE
    assert found == []


def log_in_again(page, staff):
    page.fill("[name=username]", staff.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/customers/open/")


def test_what_is_typed_after_the_login_ended_is_kept(desk, teller):
    number = make_resident_number(sequence=103)
    desk.goto("/customers/open/")
    fill_document(Keyboard(desk), number)
    desk.wait_for_timeout(1500)
    Session.objects.all().delete()
    desk.fill("#id_address", "杭州市样例路 18 号")
    desk.wait_for_selector("text=登录已失效")
    desk.reload()
    log_in_again(desk, teller)
    assert desk.input_value("#id_document_number") == number
    assert desk.input_value("#id_address") == "杭州市样例路 18 号"
    assert desk.locator("[name=identity_check]").count() == 1


def test_every_page_of_the_counter_is_accessible(desk, teller, accessible):
    customer = make_customer(by=teller, number=make_resident_number(sequence=905))
    file = f"/customers/{customer.customer_number}/"
    receipt = customer.receipts.get().pk
    check = customer.checks.get().pk
    found = {}
    for address in (
        "/", "/customers/", "/customers/open/", "/customers/amend/", "/customers/checks/", "/customers/checks/new/",
        f"/customers/checks/{check}/", "/customers/requests/", "/customers/receipts/",
        f"/customers/receipts/{receipt}/", file, f"{file}history/", f"{file}amend/", f"{file}check/",
    ):  # fmt: skip
        desk.goto(address)
        found[address] = accessible(desk)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 1366, address
    assert {address: faults for address, faults in found.items() if faults} == {}
