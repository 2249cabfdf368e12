"""From the file of the day to the branch's customers: head office loads it, the manager works with it."""

import csv

import pytest
from playwright.sync_api import expect

from tests.factories import make_branch, make_customer, make_entity, make_qualified, make_staff
from tests.tiering.sending import DAY, work
from tests.training.makers import make_course
from tiering.models import NightlyRun, OwnerAssignment, TierAssignment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]

HEADER = "客户号,个人金融资产,卡级别"
RUN = "**/tiering/runs/*/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = DAY


@pytest.fixture
def branch():
    make_course()
    return make_branch()


@pytest.fixture
def manager(branch):
    return make_qualified(make_staff("manager", position="branch_manager", branch=branch), "customer-maintenance")


@pytest.fixture
def advisor(branch):
    return make_staff("advisor", position="financial_advisor", branch=branch, name="苏晚晴")


@pytest.fixture
def customers(branch):
    teller = make_staff("teller", branch=branch)
    return [make_customer(by=teller) for _ in range(3)]


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_entity().branch_set.get(code="000"))


def snapshot(customers, *amounts: str, more: str = "") -> dict:
    lines = [f"{each.customer_number},{aum},无" for each, aum in zip(customers, amounts, strict=True)]
    data = "\r\n".join([HEADER, *lines, more]).encode("gb18030")
    return {"name": "日终快照.csv", "mimeType": "text/csv", "buffer": data}


def send(page, file: dict, day: str) -> None:
    """As far as the page of the run; the worker has not begun."""
    page.goto("/tiering/runs/")
    page.set_input_files("[name=file]", file)
    page.fill("[name=as_of]", day)
    page.keyboard.press("F9")
    page.wait_for_url(RUN)


def test_head_office_loads_the_day_and_the_manager_works_with_it(
    open_page, log_in, accessible, head, manager, advisor, customers
):
    desk, board = open_page(), open_page()
    log_in(desk, head)
    log_in(board, manager)

    send(desk, snapshot(customers, "66000.00", "120000.00", "8000.00"), "2026-11-20")
    work()
    desk.wait_for_selector("text=批处理报告")
    board.goto("/tiering/")
    found = accessible(board)
    before = board.locator("main").inner_text()

    send(desk, snapshot(customers, "66000.00", "350000.00", "8000.00", more="100000000000,1.00,无"), "2026-11-22")
    expect(desk.locator("#run-state [role=status]")).to_contain_text("等待后台处理")
    found += accessible(desk)
    work()
    desk.wait_for_selector("text=批处理报告")  # by itself, without a reload
    expect(desk.locator("#run-state")).to_contain_text("本法人行社无此客户号")
    found += accessible(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="下载全部退回行").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.reader(file))
    assert rejected[0] == ["客户号", "个人金融资产", "卡级别", "line 行号", "code 错误码", "message 说明"]
    assert rejected[1][:5] == ["100000000000", "1.00", "无", "5", "unknown_customer"]

    board.reload()
    found += accessible(board)
    assert board.locator("main").inner_text() != before
    risen = customers[1]
    assert TierAssignment.objects.get(customer=risen).get_tier_display() == "理财客户"

    board.goto("/tiering/customers/?tier=wealth_management")
    found += accessible(board)
    board.get_by_role("link", name="理财客户").first.click()
    board.wait_for_url(f"**/tiering/customers/{risen.customer_number}/")
    found += accessible(board)
    board.select_option("[name=owner]", "advisor")
    board.fill("[name=reason]", "客户指定由该理财经理服务")
    board.keyboard.press("F9")
    board.wait_for_selector("text=客户指定由该理财经理服务")
    found += accessible(board)
    now = OwnerAssignment.objects.current().get(customer=risen, is_primary=True)
    assert (now.note, now.by, now.owner) == ("客户指定由该理财经理服务", manager, advisor)
    assert found == []


def test_a_dry_run_is_loaded_for_real_with_one_key(open_page, log_in, accessible, head, customers):
    desk = open_page()
    log_in(desk, head)
    desk.goto("/tiering/runs/")
    desk.set_input_files("[name=file]", snapshot(customers, "66000.00", "120000.00", "8000.00"))
    desk.check("[name=dry_run]")
    desk.keyboard.press("F9")
    desk.wait_for_url(RUN)
    work()
    desk.wait_for_selector("text=正式装载")
    found = accessible(desk)
    desk.keyboard.press("F9")
    desk.wait_for_url(lambda url: not url.endswith(f"/{NightlyRun.objects.earliest('pk').pk}/"))
    work()
    desk.wait_for_selector("text=批处理报告")
    assert TierAssignment.objects.count() == 2
    assert found == []


def test_all_of_it_works_without_script(open_page, log_in, head, customers):
    desk = open_page(scripts=False)
    log_in(desk, head)
    desk.goto("/tiering/runs/")
    desk.set_input_files("[name=file]", snapshot(customers, "66000.00", "120000.00", "8000.00"))
    desk.click("button[data-key=F9]")
    desk.wait_for_url(RUN)
    work()
    desk.wait_for_selector("text=批处理报告", timeout=10_000)  # the page refreshes itself
