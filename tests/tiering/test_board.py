"""The board's numbers after real nights, by page and interface, and the lists behind every one of them."""

from datetime import date
from urllib.parse import urlencode

import pytest

from customers.models import Customer
from tests.factories import make_branch, make_entity, make_posting, make_staff, sign_in
from tests.tiering.bank import DAY, MONTH_END, QUARTER_END, TODAY, make_bank
from tiering.enums import IN_SCOPE
from tiering.messages import WHAT
from tiering.selectors.board import board_of
from tiering.selectors.days import days_of
from tiering.selectors.list_filter import NOBODY, Filter
from tiering.selectors.list_sources import source_of
from tiering.selectors.lists import every_line, page, totals
from tiering.selectors.near import nearest
from tiering.selectors.scope import scope_of
from tiering.services import set_owners

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
URL = "/api/v1/tiering/dashboard/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def read(staff, **query) -> dict:
    answer = sign_in(staff).get(URL, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def by_tier(body: dict, *names: str) -> dict:
    return {row["tier"]: tuple(row[name] for name in names) for row in body["rows"]}


def test_the_board_of_a_branch(bank):
    body = read(bank.staff["manager"])
    assert {name: body[name] for name in ("as_of", "branch", "policy_version", "below", "own", "compared_with")} == {
        "as_of": "2026-11-23",
        "branch": "001",
        "policy_version": 1,
        "below": False,
        "own": False,
        "compared_with": {"month": "2026-10-31", "quarter": "2026-09-30"},
    }
    assert by_tier(body, "customers", "aum", "unowned") == {
        "private_wealth": (1, "2600000.00", 0),
        "wealth_management": (2, "455000.00", 0),
        "branch_lead": (1, "150000.00", 0),
        "branch_staff": (3, "218000.00", 0),
        "unbanded": (1, "1000.00", 1),
    }


def test_movement_is_from_the_last_day_of_the_month_and_of_the_quarter(bank):
    body = read(bank.staff["manager"])
    assert by_tier(body, "moved_up", "moved_down", "change_month") == {
        "private_wealth": (0, 0, 0),
        "wealth_management": (1, 0, 1),
        "branch_lead": (0, 1, -2),
        "branch_staff": (1, 1, 1),
        "unbanded": (0, 0, 0),
    }
    assert by_tier(body, "moved_up_quarter", "moved_down_quarter", "change_quarter", "aum_change_quarter") == {
        "private_wealth": (0, 0, 0, "100000.00"),
        "wealth_management": (1, 1, 0, "0.00"),
        "branch_lead": (0, 0, 0, "0.00"),
        "branch_staff": (1, 1, 0, "0.00"),
        "unbanded": (0, 0, 0, "0.00"),
    }


def test_who_is_near(bank):
    assert by_tier(read(bank.staff["manager"]), "near_up", "near_down") == {
        "private_wealth": (0, 0),
        "wealth_management": (0, 1),
        "branch_lead": (0, 0),
        "branch_staff": (1, 0),
        "unbanded": (0, 0),
    }
    board = board_of(scope_of(bank.staff["manager"]))
    assert (board.near_up, board.near_down, board.entering.near_up) == (2, 1, 1)
    found = [(each.rises, each.customer_number, each.distance, each.name) for each in nearest(board.scope)]
    assert found == [
        (True, bank.customers["near the next"], 200, "欧**娜"),
        (True, bank.customers["about to enter"], 400, "欧**娜"),
        (False, bank.customers["near the last"], 250, "欧**娜"),
    ]


def test_the_tree(bank):
    """Everybody sees what the position sees: the bank, one branch with those below it, one branch."""
    customers = {code: sum(row["customers"] for row in read(bank.staff["headoffice"], branch=code)["rows"]) for code in
                 ("000", "001", "011", "002")}  # fmt: skip
    assert customers == {"000": 11, "001": 9, "011": 1, "002": 2}
    alone = read(bank.staff["headoffice"], branch="001", below="false")
    assert sum(row["customers"] for row in alone["rows"]) == 8
    assert read(bank.staff["deputy"])["rows"] == read(bank.staff["headoffice"])["rows"]
    assert sum(row["customers"] for row in read(bank.staff["manager2"])["rows"]) == 2
    middle = make_staff("middle", position="deputy_president", branch=bank.branches["001"])
    assert sum(row["customers"] for row in read(middle)["rows"]) == 9


NOT_ONES_OWN = (
    ("manager", "002"), ("manager", "011"), ("manager", "000"), ("teller", "002"), ("headoffice", "999"),
    ("manager", "a\x00b"), ("manager", "城东"), ("headoffice", "x" * 300), ("middle", "002"),
)  # fmt: skip


def test_branches_that_are_not_ones_own(bank):
    bank.staff["middle"] = make_staff("middle", position="deputy_president", branch=bank.branches["001"])
    for who, branch in NOT_ONES_OWN:
        client = sign_in(bank.staff[who])
        assert client.get(URL, {"branch": branch}).status_code == (400 if "\x00" in branch else 404)
        for address in ("/tiering/", "/tiering/customers/"):
            assert client.get(address, {"branch": branch}).status_code == 404
        for address in ("/tiering/export/", "/tiering/customers/export/"):
            assert client.post(f"{address}?{urlencode({'branch': branch})}").status_code == 404


def test_another_legal_entity_sees_nothing(bank):
    foreign = make_staff(
        "foreign", position="head_office", branch=make_branch("101", entity=make_entity("LX", "临溪联社"))
    )
    body = read(foreign)
    assert (body["as_of"], body["compared_with"], body["policy_version"]) == (None, None, None)
    assert [row["customers"] for row in body["rows"]] == [0] * 5
    assert sign_in(foreign).get(URL, {"branch": "001"}).status_code == 404


def test_what_is_no_day(bank):
    client = sign_in(bank.staff["manager"])
    for query in ({"as_of": "gestern"}, {"as_of": "2026-02-30"}, {"below": "vielleicht"}):
        answer = client.get(URL, query)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


def test_before_the_first_night():
    bank = make_bank(nights=0)
    body = read(bank.staff["manager"])
    assert (body["as_of"], [row["tier"] for row in body["rows"]]) == (None, [tier.code for tier in IN_SCOPE])
    assert by_tier(body, "customers", "aum", "unowned", "change_month")["unbanded"] == (0, "0.00", 0, None)
    pages = {who: sign_in(bank.staff[who]).get("/tiering/").content.decode() for who in ("manager", "headoffice")}
    assert "尚未装载数据" in pages["manager"]
    assert "装载快照文件" in pages["headoffice"]
    assert "装载快照文件" not in pages["manager"]
    assert "尚未装载数据" in sign_in(bank.staff["teller"]).get("/tiering/customers/").content.decode()


def test_after_one_night_there_is_nothing_to_compare_with():
    body = read(make_bank(nights=1).staff["manager"])
    assert body["compared_with"] == {"month": None, "quarter": None}
    assert by_tier(body, "moved_up", "change_month", "aum_change_quarter")["branch_staff"] == (0, None, None)


def test_an_earlier_day(bank):
    body = read(bank.staff["manager"], as_of="2026-11-05")
    assert (body["as_of"], body["compared_with"]) == ("2026-10-31", {"month": "2026-09-30", "quarter": "2026-09-30"})
    assert by_tier(body, "customers", "change_month")["branch_lead"] == (3, 2)
    assert read(bank.staff["manager"], as_of="2026-09-01")["as_of"] is None


def test_a_day_filled_in_later_does_not_know_who_was_unowned(bank):
    bank.night(1, date(2026, 11, 10))
    body = read(bank.staff["manager"], as_of="2026-11-10")
    assert (body["as_of"], {row["unowned"] for row in body["rows"]}) == ("2026-11-10", {None})
    assert read(bank.staff["manager"])["as_of"] == "2026-11-23"
    page = sign_in(bank.staff["manager"]).get("/tiering/", {"as_of": "2026-11-10"}).content.decode()
    assert "仅最新日可知" in page
    assert 'list-link" href="/tiering/customers/' not in page


def test_the_tellers_board_is_of_the_customers_he_owns(bank):
    body = read(bank.staff["teller"])
    assert (body["own"], body["branch"]) == (True, "001")
    names = ("customers", "aum", "unowned", "moved_up", "moved_down", "change_month", "near_up")
    assert by_tier(body, *names) == {
        "private_wealth": (0, "0.00", 0, 0, 0, 0, 0),
        "wealth_management": (0, "0.00", 0, 0, 0, 0, 0),
        "branch_lead": (0, "0.00", 0, 0, 1, -1, 0),
        "branch_staff": (3, "218000.00", 0, 1, 1, 1, 1),
        "unbanded": (0, "0.00", 0, 0, 0, 0, 0),
    }


def test_a_second_posting_widens_the_view(bank):
    """Teller in 001 and manager of 002: the whole of 002, one's own in 001."""
    teller = bank.staff["teller"]
    make_posting(teller, position="branch_manager", branch=bank.branches["002"])
    assert sum(row["customers"] for row in read(teller, branch="002")["rows"]) == 2
    assert read(teller, branch="001")["own"] is True
    assert read(teller, branch="002")["own"] is False
    assert sign_in(teller).get("/tiering/", {"branch": "011"}).status_code == 404


VIEWS = (
    ("manager", "", True), ("manager2", "", True), ("headoffice", "", True), ("headoffice", "", False),
    ("headoffice", "001", True), ("headoffice", "001", False), ("deputy", "002", True), ("teller", "", True),
)  # fmt: skip


def test_every_number_is_the_length_of_its_list(bank):
    for who, branch, below in VIEWS:
        scope = scope_of(bank.staff[who], code=branch, below=below)
        board, days = board_of(scope), days_of(bank.staff[who])
        for row in board.rows:
            check_row(row, scope, days)
        sums = board.total.sums
        assert board.unowned == length(scope, days, "banded", owner=NOBODY)
        assert sums.customers == length(scope, days, "")
        assert board.near_up == length(scope, days, "", what="near_up")
        assert board.near_down == length(scope, days, "", what="near_down")
        for what in MOVED:
            assert getattr(sums, what) == length(scope, days, "", what=what)


MOVED = ("month_up", "month_down", "quarter_up", "quarter_down")


def check_row(row, scope, days) -> None:
    code = row.tier.code
    behind = totals(source_of(Filter(scope, days, code)))
    assert (row.sums.customers, row.sums.aum) == (behind.customers, behind.aum)
    assert row.sums.unowned == length(scope, days, code, owner=NOBODY)
    for what in (*MOVED, "near_up", "near_down"):
        assert getattr(row.sums, what) == length(scope, days, code, what=what), (code, what)


def length(scope, days, tier: str, *, what: str = "", owner=None) -> int:
    """As the page counts and as the lines are."""
    source = source_of(Filter(scope, days, tier, owner, what))
    lines = list(every_line(source))
    assert len({line.customer_number for line in lines}) == len(lines) == totals(source).customers
    return len(lines)


def test_an_owner_that_a_manager_sets_is_counted_at_once(bank):
    manager = bank.staff["headoffice"]
    scope = scope_of(manager)
    assert (board_of(scope).unowned, board_of(scope).total.sums.unowned) == (2, 3)
    line = next(every_line(source_of(Filter(scope, days_of(manager), "branch_staff", NOBODY))))
    make_staff("teller2", branch=bank.branches["002"])
    customer = Customer.objects.get(customer_number=line.customer_number)
    set_owners(customer=customer, owner="teller2", reason="x", by=manager)
    assert (board_of(scope).unowned, length(scope, days_of(manager), "banded", owner=NOBODY)) == (1, 1)
    set_owners(customer=customer, owner="teller2", reason="again", by=manager)
    assert board_of(scope).unowned == 1


def test_paging_goes_by_money_then_by_number_and_misses_nobody(bank):
    scope = scope_of(bank.staff["headoffice"])
    for what in ("", *WHAT):
        source = source_of(Filter(scope, days_of(bank.staff["headoffice"]), "", None, what))
        whole = [line.customer_number for line in every_line(source)]
        paged, after = [], ""
        while after is not None:
            lines, after = page(source, after, size=2)
            paged += [line.customer_number for line in lines]
        assert paged == whole
        assert source.after("no key").count() == source.after("1").count() == len(whole)
    amounts = [line.aum for line in every_line(source_of(Filter(scope, days_of(bank.staff["headoffice"]))))]
    assert amounts == sorted(amounts, reverse=True)


def test_days(bank):
    days = days_of(bank.staff["manager"])
    assert (days.as_of, days.month, days.quarter, days.is_newest) == (DAY, MONTH_END, QUARTER_END, True)
    assert days_of(bank.staff["manager"], asked=MONTH_END).is_newest is False
    assert days_of(bank.staff["manager"], asked=date(2026, 12, 31)).is_newest is True
