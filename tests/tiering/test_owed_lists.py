"""Overdue, incomplete and warned: the board's numbers after real nights, the lists behind them, what a change does."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from customers.models import Customer
from tests.factories import make_staff, sign_in
from tests.tiering.bank import TODAY, make_bank
from tests.tiering.standing import make_owner
from tiering.enums import Tier
from tiering.models import OwnerAssignment, RolloutPlan, TierAssignment, TierSummary
from tiering.selectors.board import board_of
from tiering.selectors.days import days_of
from tiering.selectors.list_filter import Filter
from tiering.selectors.list_sources import source_of
from tiering.selectors.lists import page, totals
from tiering.selectors.scope import scope_of
from tiering.services import set_owners
from tiering.services.owed_counts import count_overdue
from tiering.services.rollout import PlannedDays, plan_rollout

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
OWED = ("overdue", "incomplete", "warned")


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def numbers(staff, **scope) -> dict[str, int]:
    sums = board_of(scope_of(staff, **scope)).total.sums
    return {name: getattr(sums, name) for name in OWED}


def lines_of(staff, what: str, **scope) -> list:
    found, _ = page(source_of(Filter(scope_of(staff, **scope), days_of(staff), what=what)))
    return found


def names(bank, lines) -> list[str]:
    by_number = {number: name for name, number in bank.customers.items()}
    return [by_number[line.customer_number] for line in lines]


def customer(bank, name: str) -> Customer:
    return Customer.objects.get(customer_number=bank.customers[name])


def put(bank, name: str, owner: str, co_owners=None, by: str = "headoffice"):
    set_owners(customer=customer(bank, name), owner=owner, co_owners=co_owners, reason="分户", by=bank.staff[by])


def agree(staff, **scope) -> dict[str, int]:
    """The board's numbers, which are those of the lists."""
    found = numbers(staff, **scope)
    chosen = {name: Filter(scope_of(staff, **scope), days_of(staff), what=name) for name in OWED}
    assert found == {name: totals(source_of(each)).customers for name, each in chosen.items()}
    return found


def test_the_numbers_of_the_night_are_those_of_the_lists(bank):
    head = bank.staff["headoffice"]
    assert agree(head) == {"overdue": 2, "incomplete": 0, "warned": 1}
    assert agree(bank.staff["manager"]) == {"overdue": 0, "incomplete": 0, "warned": 1}
    assert agree(bank.staff["manager2"]) == {"overdue": 1, "incomplete": 0, "warned": 0}
    lead, staff = lines_of(head, "overdue")
    assert names(bank, [lead, staff]) == ["lead of 011", "staff of 002"]
    assert (lead.due_on, lead.days_over(date(2026, 11, 23))) == (date(2026, 10, 30), 24)
    (warned,) = lines_of(head, "warned")
    assert names(bank, [warned]) == ["fell in October"]
    assert warned.missing(days_of(head).policy) == "缺网点主任、大堂经理"


def test_who_is_given_an_owner_by_hand_leaves_the_counts_at_once(bank):
    make_staff("teller002", position="teller", branch=bank.branches["002"])
    put(bank, "staff of 002", "teller002")
    assert agree(bank.staff["headoffice"]) == {"overdue": 1, "incomplete": 0, "warned": 1}
    put(bank, "fell in October", "manager", ["lobby"])
    assert agree(bank.staff["headoffice"]) == {"overdue": 1, "incomplete": 0, "warned": 0}
    put(bank, "private", "wealth", ["president"])
    assert agree(bank.staff["headoffice"]) == {"overdue": 1, "incomplete": 1, "warned": 0}
    (private,) = lines_of(bank.staff["manager"], "incomplete")
    assert private.missing(days_of(bank.staff["manager"]).policy) == "缺主管行长"
    put(bank, "private", "wealth", ["president", "deputy"])
    assert agree(bank.staff["headoffice"]) == {"overdue": 1, "incomplete": 0, "warned": 0}


def test_the_month_begins_anew_with_the_go_live_and_with_the_end_of_an_owner(bank):
    live = {"legal_entity": bank.entity, "planned_by": bank.staff["headoffice"]}
    RolloutPlan.objects.create(branch=bank.branches["002"], go_live_on=date(2026, 10, 23), **live)
    RolloutPlan.objects.create(branch=bank.branches["011"], go_live_on=date(2026, 10, 22), **live)
    bank.night(2)
    assert agree(bank.staff["headoffice"])["overdue"] == 1
    assert names(bank, lines_of(bank.staff["headoffice"], "overdue")) == ["lead of 011"]
    standing = TierAssignment.objects.get(customer=customer(bank, "lead of 011"))
    row = make_owner(standing, bank.staff["manager"], position="branch_manager")
    row.until, row.end_reason = date(2026, 11, 1), "left"
    row.save(update_fields=["until", "end_reason"])
    bank.night(2)
    assert agree(bank.staff["headoffice"])["overdue"] == 0


def test_a_go_live_that_is_planned_is_counted_at_once(bank):
    head, first, second = bank.staff["headoffice"], bank.branches["002"], bank.branches["011"]

    def planned(live: date, *branches) -> dict[str, int]:
        plan_rollout(branches=branches, days=PlannedDays(live, live, live, live), by=head)
        return agree(head)

    assert planned(date(2026, 10, 23), first)["overdue"] == 1
    assert names(bank, lines_of(head, "overdue")) == ["lead of 011"]
    assert planned(date(2026, 12, 1), first, second)["overdue"] == 0
    assert planned(date(2026, 10, 22), first, second) == {"overdue": 2, "incomplete": 0, "warned": 1}
    for branches in ([first], list(bank.branches.values())):
        with CaptureQueriesContext(connection) as found, transaction.atomic():
            count_overdue(branches)
        assert len([each for each in found if "tiering_" in each["sql"]]) == 3


def test_the_list_behind_whom_the_rollout_has_to_allocate_has_as_many_as_it_says(bank):
    """Who closed since the night waits for no owner, and is in neither."""
    closed, unbanded = customer(bank, "wealth of 002"), customer(bank, "by card")
    TierAssignment.objects.filter(pk__in=[closed.pk, unbanded.pk]).update(owner=None, branch=bank.branches["002"])
    Customer.objects.filter(pk=closed.pk).update(status="closed")
    client = sign_in(bank.staff["headoffice"])
    for address in ("/tiering/rollout/", "/tiering/rollout/branches/002/"):
        text = client.get(address).content.decode()
        (behind,) = set(re.findall(r'href="(/tiering/customers/[^"]*branch=002[^"]*)">(?:1<|1 户无责任人<)', text))
        listed = client.get(unescape(behind)).content.decode()
        assert [name for name, number in bank.customers.items() if number in listed] == ["staff of 002"]


def test_the_lists_say_what_is_owed_on_the_page_and_on_the_sheet(bank):
    client = sign_in(bank.staff["headoffice"])
    overdue = client.get("/tiering/customers/", {"what": "overdue"}).content.decode()
    assert all(words in overdue for words in ("2026-10-30", "超期 24 天", "超期无责任人"))
    assert "缺网点主任、大堂经理" in client.get("/tiering/customers/", {"what": "warned"}).content.decode()
    head, *rows = sheet(client.post("/tiering/customers/export/?what=overdue"))
    assert head[-2:] == ("分配期限", "超期天数")
    assert [(row[-2], row[-1]) for row in rows] == [(date(2026, 10, 30), 24)] * 2
    head, *rows = sheet(client.post("/tiering/customers/export/?what=warned"))
    assert (head[-1], [row[-1] for row in rows]) == ("所缺岗位", ["缺网点主任、大堂经理"])


def sheet(answer) -> list[tuple]:
    """From the heading of the columns on."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [tuple(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    return rows[next(place for place, row in enumerate(rows) if row[0] == "客户号") :]


def test_the_board_shows_the_numbers_each_with_its_list(bank):
    page_text = sign_in(bank.staff["headoffice"]).get("/tiering/").content.decode()
    assert all(words in page_text for words in ("what=overdue", "what=warned", "已超过一个月期限"))
    assert "what=incomplete" not in page_text  # nothing to open
    rows = sign_in(bank.staff["headoffice"]).get("/api/v1/tiering/dashboard/").json()["rows"]
    assert {row["tier"]: tuple(row[name] for name in OWED) for row in rows} == {
        "private_wealth": (0, 0, 0),
        "wealth_management": (0, 0, 0),
        "branch_lead": (1, 0, 1),
        "branch_staff": (1, 0, 0),
        "unbanded": (0, 0, 0),
    }


def test_ones_own_customers_are_counted_alike(bank):
    """A teller who is a co-owner only: the customer's primary owner left long ago."""
    standing = TierAssignment.objects.get(customer=customer(bank, "staff of 002"))
    make_owner(standing, bank.staff["teller"], is_primary=False)
    assert agree(bank.staff["teller"]) == {"overdue": 1, "incomplete": 0, "warned": 0}


def test_an_earlier_day_knows_nothing_of_owners_where_it_came_late(bank):
    bank.night(0, date(2026, 10, 15))
    sums = board_of(scope_of(bank.staff["headoffice"]), as_of=date(2026, 10, 15)).total.sums
    assert {getattr(sums, name) for name in OWED} == {None}


def test_the_customers_page_and_its_twin_say_what_is_owed(bank):
    client, number = sign_in(bank.staff["headoffice"]), bank.customers["lead of 011"]
    assert "应于 2026-10-30 前确定责任人，已超期" in client.get(f"/tiering/customers/{number}/").content.decode()
    owed = client.get(f"/api/v1/customers/{number}/tier/").json()["owed"]
    assert owed == {
        "owner_due_on": "2026-10-30",
        "owner_overdue": True,
        "owners": "incomplete",
        "missing_positions": [],
    }
    number = bank.customers["fell in October"]
    assert "缺网点主任、大堂经理" in client.get(f"/tiering/customers/{number}/").content.decode()
    owed = client.get(f"/api/v1/customers/{number}/tier/").json()["owed"]
    assert (owed["owners"], owed["missing_positions"]) == ("warning", ["branch_manager", "lobby_manager"])
    complete = client.get(f"/api/v1/customers/{bank.customers['rose']}/tier/").json()["owed"]
    assert (complete["owners"], complete["owner_due_on"]) == ("complete", None)


def test_two_managers_at_once_are_both_counted(bank):
    """Each changes the owner of another customer of the same branch and tier."""
    tellers = [make_staff(f"t{place}", branch=bank.branches["001"]) for place in range(2)]
    own = ("entered", "up and down again")
    for name in own:
        pk = customer(bank, name).pk
        OwnerAssignment.objects.filter(customer=pk, until=None).update(until=TODAY, end_reason="left")
        TierAssignment.objects.filter(pk=pk).update(owner=None)
    summary = TierSummary.objects.filter(branch=bank.branches["001"], tier=Tier.BRANCH_STAFF, as_of=date(2026, 11, 23))
    summary.update(unowned=2)
    start = Barrier(2)

    def give(place: int) -> None:
        try:
            start.wait(30)
            put(bank, own[place], tellers[place].username)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(give, range(2)))
    assert summary.get().unowned == 0
