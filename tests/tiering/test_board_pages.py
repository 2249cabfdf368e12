"""What people see and carry away: numbers lead to lists, lists say what they are, Excel says who took it."""

import io
import re
from datetime import date, datetime
from html import unescape

import pytest
from django.db import connections
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tellerdesk.audit.models import AuditEvent
from tellerdesk.staff.models import Staff
from tests.factories import make_branch, make_staff, sign_in
from tests.tiering.bank import TODAY, make_bank
from tests.tiering.nights import run_lines
from tiering.services import exporting
from tiering.views import lists

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LINK = re.compile(r'<a class="list-link" href="(/tiering/customers/\?[^"]+)">([^<]+)</a>')
BOARD, LIST, EXPORT = "/tiering/", "/tiering/customers/", "/tiering/customers/export/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def sheet(answer) -> list[list]:
    assert answer.status_code == 200
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


PAGES = (
    ("manager", BOARD), ("headoffice", BOARD), ("headoffice", f"{BOARD}?branch=001"),
    ("headoffice", f"{BOARD}?branch=001&below=0"), ("teller", BOARD), ("manager2", BOARD),
)  # fmt: skip


def test_every_number_of_the_page_leads_to_so_many_customers(bank):
    for who, address in PAGES:
        client = sign_in(bank.staff[who])
        links = {(unescape(href), words) for href, words in LINK.findall(text(client, address))}
        assert len(links) > 5
        for href, words in links:
            expected = f'资产 <span class="strong ink">{words}</span>' if "." in words else f"共 {words} 户"
            assert expected in text(client, href), (href, words)


def test_a_list_says_in_words_what_it_shows(bank):
    client = sign_in(bank.staff["headoffice"])
    assert "000 总行 · 全行 · 全部在册" in text(client, LIST)
    page = text(client, f"{LIST}?branch=001&tier=branch_lead&what=month_down")
    assert "001 城东支行 及下属 · 潜力客户 10–20万 · 较上月末降层 (2026-10-31)" in page
    number = bank.customers["up and down again"]
    assert f'<a class="list-link" href="/customers/{number}/">{number}</a>' in page
    assert "潜力客户 10–20万" in page
    page = text(client, f"{LIST}?branch=001&owner=teller")
    assert "001 城东支行 及下属 · 全部在册 · 责任人 许知微" in page
    assert "共 3 户" in page


def test_names_are_masked_and_reasons_said(bank):
    page = text(sign_in(bank.staff["manager"]), f"{LIST}?tier=unbanded")
    assert ("欧**娜" in page, "欧阳娜娜" in page) == (True, False)
    assert "因信用卡年消费 6.2万 在册" in page


NO_FILTERS = (
    "tier=nothing&what=nothing&owner=nobody", "after=abc", "after=-1.5.2", "after=99999999999999999999.1", "tier=%00",
    "owner=%00", "as_of=gestern", "branch=001&branch=&after=1",
)  # fmt: skip


def test_what_is_no_filter_counts_as_none(bank):
    client = sign_in(bank.staff["manager"])
    for query in NO_FILTERS:
        assert "共 8 户" in text(client, f"{LIST}?{query}")
        assert "分层看板" in text(client, f"{BOARD}?{query}")


def test_who_may_set_an_owner_is_led_there(bank):
    client = sign_in(bank.staff["auditor"])
    assert "无，去指定" not in text(client, f"{LIST}?owner=none")
    bank_with_courses = sign_in(bank.staff["headoffice"])
    assert "无，去指定" not in text(bank_with_courses, f"{LIST}?owner=none")  # the course is not passed


def test_the_list_as_a_workbook(bank):
    client = sign_in(bank.staff["manager"])
    Staff.objects.filter(username="teller").update(name="=1+1")
    rows = sheet(client.post(f"{EXPORT}?tier=branch_staff"))
    assert rows[0][0] == "客户名单"
    told = {row[0]: row[1] for row in rows[1:7]}
    exported_at = datetime.fromisoformat(told.pop("导出时间"))
    assert abs(timezone.make_naive(timezone.now()) - exported_at).total_seconds() < 60
    assert told == {
        "筛选": "001 城东支行 · 潜力客户 5–10万",
        "截至": "2026-11-23",
        "客户数": 3.0,
        "金融资产（元）": "218,000.00",
        "导出人": "方砚 manager",
    }
    head = rows.index(next(row for row in rows if row[0] == "客户号"))
    assert rows[head] == [
        "客户号",
        "姓名（遮蔽）",
        "层级",
        "起始",
        "金融资产（元）",
        "在册原因",
        "责任人",
        "工号",
        "网点",
    ]
    lines = rows[head + 1 :]
    assert [line[0] for line in lines] == [
        bank.customers[name] for name in ("near the next", "entered", "up and down again")
    ] or [line[0] for line in lines][0] == bank.customers["near the next"]
    assert lines[0] == [
        bank.customers["near the next"],
        "欧**娜",
        "潜力客户 5–10万",
        date(2026, 9, 30),
        98000.0,
        "因个人金融资产 9.8万 在册",
        "=1+1",
        "teller",
        "001 城东支行",
    ]
    assert len(lines) == 3


def test_lists_of_movement_and_of_limits_as_workbooks(bank):
    client = sign_in(bank.staff["manager"])
    moved = sheet(client.post(f"{EXPORT}?what=month_up"))
    assert {row[-1] for row in moved[-2:]} == {"潜力客户 10–20万", "非维护对象"}
    assert {row[-2] for row in moved[-2:]} == {date(2026, 11, 23)}
    near = sheet(client.post(f"{EXPORT}?what=near_up"))
    assert near[-2][-3:] == ["潜力客户 10–20万", 100000.0, 0.02]
    assert near[-1][1:6] == ["欧**娜", "非维护对象", "", 48000.0, ""]
    assert near[-1][-3:] == ["潜力客户 5–10万", 50000.0, 0.04]


def test_an_export_is_recorded_and_an_export_by_get_is_none(bank):
    client = sign_in(bank.staff["manager"])
    assert client.get(EXPORT).status_code == 405
    client.post(f"{EXPORT}?tier=branch_staff&owner=none").close()
    event = AuditEvent.objects.get(action="tiering.list_exported")
    assert event.detail == {"rows": 0, "filter": "001 城东支行 · 潜力客户 5–10万 · 无责任人"}
    assert (event.actor, event.subject_label) == ("manager", "001 城东支行")


def test_total_and_rows_of_a_workbook_are_of_one_moment(bank, monkeypatch):
    """The next night commits while the first list is being written."""
    counted = lists.totals

    def then_comes_a_night(source):
        found = counted(source)
        with connections["owner"].copy().cursor() as cursor:
            cursor.execute("UPDATE tiering_tierassignment SET aum = aum + 100, tier = 2 WHERE tier > 0")
        return found

    monkeypatch.setattr(lists, "totals", then_comes_a_night)
    rows = sheet(sign_in(bank.staff["headoffice"]).post(f"{EXPORT}?tier=branch_staff"))
    head = rows.index(next(row for row in rows if row[0] == "客户号"))
    told = {row[0]: row[1] for row in rows[1:7]}
    assert (told["客户数"], len(rows[head + 1 :])) == (4.0, 4)
    assert told["金融资产（元）"] == f"{sum(row[4] for row in rows[head + 1 :]):,.2f}"


def test_a_list_too_long_for_a_workbook_is_refused(bank, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 7)
    answer = sign_in(bank.staff["manager"]).post(EXPORT)
    assert answer.status_code == 409
    assert "名单有 8 户，一个工作簿最多 7 户，请选定网点或层级" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="tiering.list_exported").exists()


def test_the_board_as_a_workbook(bank):
    client = sign_in(bank.staff["headoffice"])
    rows = sheet(client.post("/tiering/export/"))
    event = AuditEvent.objects.get(action="tiering.board_exported")
    assert (event.actor, event.subject_label) == ("headoffice", "000 总行")
    assert event.detail == {"as_of": "2026-11-23", "scope": "000 总行 · 全行"}
    assert client.get("/tiering/export/").status_code == 405
    told = {row[0]: row[1] for row in rows[1:6]}
    assert {name: told[name] for name in ("网点", "截至", "政策", "导出人")} == {
        "网点": "000 总行 · 全行",
        "截至": "2026-11-23",
        "政策": "v1",
        "导出人": "沈听澜 headoffice",
    }
    head = rows.index(next(row for row in rows if row[0] == "层级"))
    assert rows[head][:5] == ["层级", "资产区间", "客户数", "金融资产（元）", "无责任人"]
    assert rows[head][6:9] == ["超期无责任人", "责任人不齐", "仅一名责任人"]
    assert rows[head][11] == "客户增减（较 2026-10-31）"
    assert [row[0] for row in rows[head + 1 :]] == [
        "私行/财富客户",
        "理财客户",
        "潜力客户 10–20万",
        "潜力客户 5–10万",
        "在册未定层",
        "合计",
    ]
    assert rows[-1][2:4] == [11.0, 4129000.0]
    board = client.get("/tiering/").context["board"]
    assert rows[-1][4:6] == [board.unowned, board.without_policy_owner] == [2, 1]
    assert [row[5] for row in rows[head + 1 :]] == ["", "", "", "", 1, 1]


def test_the_board_names_the_days_it_compares_with(bank):
    page = text(sign_in(bank.staff["manager"]), BOARD)
    assert page.count('title="对比日 2026-10-31"') == 1
    assert page.count('title="对比日 2026-09-30"') == 2
    assert "001 城东支行 · 截至 2026-11-23" in page


def test_where_there_is_no_earlier_day_none_is_named():
    bank = make_bank(nights=1)
    page = text(sign_in(bank.staff["manager"]), BOARD)
    assert "对比日" not in page


def test_who_fell_out_has_the_amount_of_that_day_and_its_date(bank):
    """The night after: the customer is out of scope since the day before, and no night looks at the money again."""
    run_lines(bank.entity, TODAY, [f"{bank.customers['left']},31000"])
    page = " ".join(text(sign_in(bank.staff["manager"]), f"{LIST}?what=month_down&tier=branch_staff").split())
    assert '<td class="num">4.00<small>截至 2026-11-23</small></td>' in page
    rows = sheet(sign_in(bank.staff["manager"]).post(f"{EXPORT}?what=month_down&tier=branch_staff"))
    assert rows[-1][0] == bank.customers["left"]
    assert (rows[-1][4], rows[-1][-2]) == (40000.0, date(2026, 11, 23))


def test_every_amount_of_a_customers_tier_has_its_unit(bank):
    client = sign_in(bank.staff["manager"])
    page = text(client, f"{LIST}{bank.customers['by card']}/")
    assert '<dd>62,000.00<span class="unit">元</span></dd>' in page
    assert page.count('<dd>0.00<span class="unit">元</span></dd>') == 2
    assert '150,000.00 → 250,000.00<span class="unit">元</span>' in text(client, f"{LIST}{bank.customers['rose']}/")


def test_branches_are_chosen_where_there_are_several(bank):
    one, several = (text(sign_in(bank.staff[who]), BOARD) for who in ("manager", "deputy"))
    assert ("<select" in one, 'class="segmented"' in one) == (False, False)
    assert re.findall(r'<option value="(\d+)"', several) == ["000", "001", "011", "002"]
    assert '<a href="/tiering/?below=0">本网点</a>' in several


def test_of_many_branches_the_code_is_typed(bank):
    for place in range(60):
        make_branch(f"2{place:02}")
    page = text(sign_in(bank.staff["headoffice"]), BOARD)
    assert ('<select class="input input--branch"' in page, '<input class="input input--branch"' in page) == (
        False,
        True,
    )


QUERIES = {"manager": 11, "deputy": 13, "headoffice": 13, "teller": 12}


def test_the_board_asks_a_fixed_number_of_questions(bank, django_assert_num_queries):
    """Session, person, gate, postings; days, sums, near, open upgrade choices, assessments; branches to choose from. A
    teller's customers are counted.

    The rail counts what waits for whom: hand-overs, checks, bank settings, policies.
    """
    clients = {who: sign_in(bank.staff[who]) for who in QUERIES}
    for branches in (4, 6):
        for who, client in clients.items():
            client.get(BOARD)  # the policy of the day, once for the process
            with django_assert_num_queries(QUERIES[who]):
                assert client.get(BOARD).status_code == 200
        for place in range(2):
            branch = make_branch(f"{branches}{place}", parent=bank.branches["001"])
            make_staff(position="branch_manager", branch=branch)


def test_a_list_asks_a_fixed_number_of_questions(bank, django_assert_num_queries):
    """The board's first five; the owners for the filter, the lines, their sum; the rail's two counts."""
    client = sign_in(bank.staff["manager"])
    for query in ("", "?what=month", "?what=near_up", "?owner=none", "?tier=private_wealth"):
        client.get(LIST + query)
        with django_assert_num_queries(10):
            client.get(LIST + query)
