"""A manager's five minutes: the board, who has no owner, an owner for one of them; on a phone; without script."""

import re

import pytest
from playwright.sync_api import expect

from customers.models import Customer
from tests.factories import make_staff
from tests.flows.conftest import PHONE
from tests.tiering.bank import TODAY, make_bank
from tiering.models import OwnerAssignment

UNOWNED = re.compile(r"^\s*无责任人")  # the overdue have a count of their own beside it

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def bank(settings):
    settings.BUSINESS_DATE = TODAY
    return make_bank(courses=True)


@pytest.fixture
def desk(open_page, log_in, bank):
    page = open_page()
    log_in(page, bank.staff["manager2"])
    return page


def test_from_the_board_to_an_owner(desk, bank, accessible):
    make_staff("teller2", branch=bank.branches["002"], name="何棠")
    number = bank.customers["staff of 002"]
    desk.keyboard.press("/")
    desk.keyboard.type("2001")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/tiering/")
    found = {"board": accessible(desk)}
    unowned = desk.locator(".stat", has_text=UNOWNED)
    expect(unowned).to_contain_text("私行 0、理财 0、潜力 1")
    unowned.get_by_role("link", name="1").click()
    expect(desk.locator("h2").first).to_have_text("002 湖滨支行 · 有对应层 · 无责任人")
    found["list"] = accessible(desk)
    desk.get_by_role("link", name="无，去指定").click()
    desk.wait_for_url(f"**/tiering/customers/{number}/#owners")
    found["customer"] = accessible(desk)
    desk.select_option("[name=owner]", label="何棠 · 柜员 · 现管 0 户")
    desk.keyboard.press("F9")
    expect(desk.locator("#errors")).to_be_focused()  # a reason is wanted
    found["refused"] = accessible(desk)
    desk.fill("[name=reason]", "客户要求")
    desk.keyboard.press("F9")
    expect(desk.get_by_text("责任人已指定")).to_be_visible()
    row = OwnerAssignment.objects.current().get(customer=Customer.objects.get(customer_number=number))
    assert (row.owner.username, row.note, row.by.username) == ("teller2", "客户要求", "manager2")
    desk.goto(f"/customers/{number}/")
    found["file"] = accessible(desk)
    expect(desk.locator("#tier")).to_contain_text("何棠")
    desk.goto("/tiering/")
    expect(desk.locator(".stat", has_text=UNOWNED)).to_contain_text("有层客户均有责任人")
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_an_error_keeps_what_was_chosen(desk, bank, accessible):
    make_staff("teller2", branch=bank.branches["002"], name="何棠")
    desk.goto(f"/tiering/customers/{bank.customers['staff of 002']}/")
    desk.select_option("[name=owner]", "teller2")
    desk.fill("[name=reason]", "\u200b\u200b")
    desk.evaluate("document.querySelector('#owners').submit()")
    expect(desk.locator("#errors")).to_be_focused()
    assert desk.input_value("[name=owner]") == "teller2"
    assert accessible(desk) == []


@pytest.mark.parametrize("address", ["/tiering/", "/tiering/customers/?what=month", "/tiering/policy/"])
def test_whole_at_the_size_of_a_branch_screen(desk, address, accessible):
    desk.goto(address)
    assert desk.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1366, 768]
    assert accessible(desk) == []


def test_on_a_phone(open_page, log_in, bank, accessible):
    page = open_page(PHONE)
    log_in(page, bank.staff["headoffice"])
    for address in ("/tiering/", "/tiering/customers/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        assert accessible(page) == []


def test_in_the_dark(open_page, log_in, bank, accessible):
    page = open_page()
    page.emulate_media(color_scheme="dark")
    log_in(page, bank.staff["deputy"])
    for address in ("/tiering/", "/tiering/customers/?what=quarter", "/tiering/policy/"):
        page.goto(address)
        assert accessible(page) == []


def test_an_export_is_downloaded_as_often_as_it_is_asked_for(desk):
    desk.goto("/tiering/customers/")
    for _ in range(2):
        with desk.expect_download() as started:
            desk.get_by_role("button", name="导出 Excel").click()
        assert started.value.suggested_filename == "客户名单-002-20261123.xlsx"
    desk.goto("/tiering/")
    with desk.expect_download() as started:
        desk.get_by_role("button", name="导出 Excel").click()
    assert started.value.suggested_filename == "分层看板-002-20261123.xlsx"


def test_without_script(open_page, log_in, bank):
    page = open_page(scripts=False)
    log_in(page, bank.staff["headoffice"])
    page.goto("/tiering/")
    page.select_option("[name=branch]", "002")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".page-head__sub")).to_contain_text("002 湖滨支行 及下属")
