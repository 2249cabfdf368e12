"""试算 over a small bank: the interface, the page, the list and its workbook; when the cells hold and when not."""

import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from python_calamine import CalamineWorkbook

from customers.models import Customer
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_entity, make_staff, sign_in
from tests.tiering.bank import DAY, TODAY, make_bank
from tests.tiering.drafting import draft_in_force, lead_up_to
from tests.tiering.test_evaluate_api import make_policy
from tiering.enums import PolicyStatus, Tier
from tiering.jobs.what_if_cells import count_cells
from tiering.models import RosterEntry, WhatIfBasis, WhatIfLine, WhatIfSum
from tiering.services import draft_policy, exporting, submit_policy, trying

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
API, PAGE = "/api/v1/tiering/policies/2/what-if/", "/tiering/policy/2/what-if/"
LIST, EXPORT = f"{PAGE}customers/", f"{PAGE}customers/export/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    """Under version 2 wealth management begins at 300,000 yuan, so that two of branch 001 would fall."""
    bank = make_bank()
    draft_policy(given=lead_up_to(30, effective_from=TODAY), by=bank.staff["headoffice"])
    return bank


def tried(staff, address: str = API) -> dict:
    answer = sign_in(staff).post(address, b"", content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def text(client, address: str, **headers) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def asked_for() -> int:
    """How often the worker has been asked to count cells."""
    return DBTaskResult.objects.filter(task_path="tiering.tasks.what_if_cells").count()


def test_the_whole_answer(bank):
    body = tried(bank.staff["headoffice"])
    counts = {
        (before, then): (count["customers"], count["aum"])
        for before, row in body["movement"].items()
        for then, count in row.items()
    }
    assert counts == {
        ("private_wealth", "private_wealth"): (1, "2600000.00"),
        ("wealth_management", "wealth_management"): (1, "500000.00"),
        ("wealth_management", "branch_lead"): (2, "455000.00"),
        ("branch_lead", "branch_lead"): (2, "280000.00"),
        ("branch_staff", "branch_staff"): (4, "293000.00"),
        ("unbanded", "unbanded"): (1, "1000.00"),
        ("out_of_scope", "out_of_scope"): (3, "88100.00"),
    }
    assert (body["as_of"], body["policy_version"], body["present_version"]) == (DAY.isoformat(), 2, 1)
    assert (body["method"], body["moved"], body["total"]["customers"]) == (
        "lines",
        {"customers": 2, "aum": "455000.00"},
        14,
    )
    # The one who rose keeps whom he had as a potential customer: that the policy does not name him is no news.
    assert body["lost"] == {"customers": 1, "aum": "205000.00"}
    [branch] = body["branches"]
    nothing = {"customers": 0, "aum": "0.00"}
    assert branch == {
        "branch": "001",
        "name": bank.branches["001"].name,
        "up": nothing,
        "down": {"customers": 2, "aum": "455000.00"},
        "entered": nothing,
        "left": nothing,
        "lost": 1,
        "demand": [
            {"tier": "wealth_management", "customers": 2, "then": 0, "unowned": 0, "capacity": None, "short": 0},
            {"tier": "branch_lead", "customers": 1, "then": 3, "unowned": 0, "capacity": None, "short": 0},
        ],
    }
    [load] = body["load"]
    assert {name: load[name] for name in ("staff", "position", "branch", "leaving", "capacity")} == {
        "staff": "advisor",
        "position": "financial_advisor",
        "branch": "001",
        "leaving": 1,
        "capacity": None,
    }
    assert load["remaining"] == load["customers"] - 1


def test_places_of_the_rosters(bank):
    manager = bank.staff["headoffice"]
    for username, tier, places in (("lobby", Tier.BRANCH_LEAD, 2), ("advisor", Tier.WEALTH_MANAGEMENT, 40)):
        RosterEntry.objects.create(
            legal_entity=bank.entity,
            branch=bank.branches["001"],
            tier=tier,
            staff=bank.staff[username],
            position="lobby_manager" if username == "lobby" else "financial_advisor",
            capacity=places,
            since=DAY,
            by=manager,
        )
    body = tried(manager)
    [branch] = body["branches"]
    assert [(each["tier"], each["capacity"], each["short"]) for each in branch["demand"]] == [
        ("wealth_management", 40, 0),
        ("branch_lead", 2, 1),
    ]
    assert [(each["staff"], each["capacity"], each["over"]) for each in body["load"]] == [("advisor", 40, 0)]


def test_every_version_may_be_tried(bank):
    staff = bank.staff["headoffice"]
    assert tried(staff, "/api/v1/tiering/policies/1/what-if/")["moved"]["customers"] == 0
    waiting = draft_policy(given=lead_up_to(25, effective_from=TODAY), by=staff)
    waiting = submit_policy(policy=waiting, by=staff)
    body = tried(bank.staff["deputy"], f"/api/v1/tiering/policies/{waiting.version}/what-if/")
    assert (waiting.status, body["moved"]["customers"]) == (PolicyStatus.SUBMITTED, 1)  # 250,000 itself stays


def test_from_cells_once_they_are_counted(bank, monkeypatch):
    monkeypatch.setattr(trying, "FEW_LINES", 0)
    staff = bank.staff["headoffice"]
    first = tried(staff)
    assert (first["method"], asked_for()) == ("lines", 1)
    basis = count_cells(bank.entity.pk)
    second = tried(staff)
    assert second["method"] == "cells"
    same = ("as_of", "movement", "branches", "load", "moved", "lost", "to_deal", "total")
    assert {name: second[name] for name in same} == {name: first[name] for name in same}
    assert count_cells(bank.entity.pk) == basis  # what holds is not counted again
    assert WhatIfBasis.objects.get().counted_at == basis.counted_at
    assert asked_for() == 1


def test_a_night_or_a_closure_makes_the_cells_stale(bank, monkeypatch):
    monkeypatch.setattr(trying, "FEW_LINES", 0)
    staff = bank.staff["headoffice"]
    count_cells(bank.entity.pk)
    bank.night(1, DAY)
    assert tried(staff)["method"] == "lines"
    count_cells(bank.entity.pk)
    assert tried(staff)["method"] == "cells"
    before = tried(staff)["total"]
    Customer.objects.filter(customer_number=bank.customers["private"]).update(status="closed")
    after = tried(staff)
    assert (after["method"], after["total"]["customers"]) == ("lines", before["customers"] - 1)
    assert Decimal(before["aum"]) - Decimal(after["total"]["aum"]) == 2_500_000
    count_cells(bank.entity.pk)
    again = tried(staff)
    assert (again["method"], again["total"]) == ("cells", after["total"])


def odd(given):
    private, wealth, lead, low = given.bands
    bands = (private, replace(wealth, floor=20_500_001), replace(lead, ceiling=20_500_001), low)
    return replace(given, bands=bands)


def older(given):
    """An age up to which the sums do not tell people apart."""
    return replace(given, bands=(*given.bands[:3], replace(given.bands[3], max_age=150)))


@pytest.mark.parametrize(("change", "method", "moved"), [(odd, "cells", 1), (older, "lines", 2)])
def test_what_is_answered_from_the_sums(bank, monkeypatch, change, method, moved):
    monkeypatch.setattr(trying, "FEW_LINES", 0)
    count_cells(bank.entity.pk)
    staff = bank.staff["headoffice"]
    version = draft_policy(given=change(lead_up_to(30, effective_from=TODAY)), by=staff).version
    body = tried(staff, f"/api/v1/tiering/policies/{version}/what-if/")
    assert (body["method"], body["movement"]["wealth_management"]["branch_lead"]["customers"]) == (method, moved)
    assert asked_for() == 0


def test_the_former_basis_stays_for_its_readers_and_the_one_before_goes(bank):
    """Rows and their tables; another legal entity's stay."""
    kept = []
    for _ in range(3):
        kept.append(count_cells(bank.entity.pk).pk)
        bank.night(1, DAY)
    assert set(WhatIfBasis.objects.values_list("pk", flat=True)) == set(kept[1:])
    for model in (WhatIfLine, WhatIfSum):
        assert set(model.objects.values_list("basis", flat=True)) == set(kept[1:])


def test_no_day_is_a_conflict(settings):
    staff = make_staff("chief", position="head_office", branch=make_branch("000"))
    draft_policy(given=draft_in_force(), by=staff)
    answer = sign_in(staff).post(API, b"", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_day")
    client = sign_in(staff)
    assert "尚未导入" in text(client, PAGE)
    assert "尚未导入" in text(client, LIST)


def test_another_legal_entity_s_version_is_not_there(bank):
    make_policy(make_entity("LX", "临溪联社"), 7, floor=1)
    client = sign_in(bank.staff["headoffice"])
    for number in ("7", "99", "99999999999", "9" * 40):
        address = f"/api/v1/tiering/policies/{number}/what-if/"
        assert client.post(address, b"", content_type="application/json").status_code == 404
        assert client.get(f"{address}customers/").status_code == 404
        for page in ("", "customers/"):
            assert client.get(f"/tiering/policy/{number}/what-if/{page}").status_code == 404
        assert client.post(f"/tiering/policy/{number}/what-if/customers/export/").status_code == 404


def listed(staff, query: str = "") -> list[dict]:
    answer = sign_in(staff).get(f"{API}customers/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


@pytest.mark.parametrize("ready", [False, True])
def test_the_customers_behind_it(bank, ready):
    if ready:
        count_cells(bank.entity.pk)
    staff = bank.staff["headoffice"]
    rows = listed(staff)
    assert [each["customer_number"] for each in rows] == [bank.customers["rose"], bank.customers["near the last"]]
    assert rows[1] | {"owners": []} == {
        "customer_number": bank.customers["near the last"],
        "name": "欧**娜",
        "branch": "001",
        "aum": "205000.00",
        "from_tier": "wealth_management",
        "to_tier": "branch_lead",
        "owners": [],
    }
    assert rows[1]["owners"] == ["苏晚晴 advisor"]
    assert len(listed(staff, "?from=wealth_management&to=branch_lead")) == 2
    assert listed(staff, "?from=branch_lead") == listed(staff, "?branch=002") == []
    assert [each["customer_number"] for each in listed(staff, "?lost=1")] == [bank.customers["near the last"]]


def test_a_page_after_another(bank):
    client = sign_in(bank.staff["headoffice"])
    first = listed(bank.staff["headoffice"])[0]
    pk = Customer.objects.get(customer_number=first["customer_number"]).pk
    rows = client.get(f"{API}customers/?after={25_000_000}.{pk}").json()
    assert ([each["customer_number"] for each in rows["results"]], rows["next"]) == (
        [bank.customers["near the last"]],
        None,
    )


WRONG = ("from=%00", "to=9", "from=" + "9" * 999, "lost=viel", "to=%F0%9F%92%A5")
ODD = ("after=abc", "after=1.2.3", "after=" + "9" * 40 + ".1", "after=%00", "after=-1.%F0%9F%92%A5")


def test_what_is_no_filter(bank):
    client = sign_in(bank.staff["headoffice"])
    client.raise_request_exception = False
    for query in WRONG:
        assert client.get(f"{API}customers/?{query}").status_code == 400, query
    for query in ("branch=%00", "branch=999", "branch=%F0%9F%92%A5"):
        assert client.get(f"{API}customers/?{query}").status_code in (400, 404), query
        assert client.get(f"{LIST}?{query}").status_code == 404, query
    for query in ODD[:3]:
        assert len(client.get(f"{API}customers/?{query}").json()["results"]) == 2, query
    for query in (*WRONG, *ODD, "from_tier=%00", "to_tier=nothing", "kind=%00", "unit=%00"):
        page = text(client, f"{LIST}?{query}")
        assert "共 2 户" in page, query
        assert "试算：谁会移动" in text(client, f"{PAGE}?{query}"), query
    assert client.post(API, json.dumps([1]), content_type="application/json").status_code == 200  # no body is read


def test_a_deputy_lists_the_branches_below(bank):
    deputy = make_staff("district", position="deputy_president", branch=bank.branches["002"])
    assert listed(deputy) == []
    assert sign_in(deputy).get(f"{API}customers/?branch=001").status_code == 404
    assert tried(deputy)["moved"]["customers"] == 2  # the matrix is the bank's


def test_the_page(bank):
    client = sign_in(bank.staff["headoffice"])
    page = text(client, PAGE)
    link = f'<a class="list-link" href="{LIST}?from_tier=wealth_management&amp;to_tier=branch_lead">'
    assert link in page
    assert ("将失去指定责任人" in page, "苏晚晴" in page, "按当日全部客户逐户计算" in page) == (True, True, True)
    matrix = text(client, f"{PAGE}?unit=aum", **{"HX-Request": "true"})
    assert ("<html" in matrix, "45.50" in matrix, "苏晚晴" in matrix) == (False, True, False)
    page = text(client, f"{LIST}?kind=lost")
    assert ("共 1 户" in page, "欧**娜" in page, "欧阳娜娜" in page) == (True, True, False)


def test_the_list_as_a_workbook(bank):
    staff = bank.staff["headoffice"]
    answer = sign_in(staff).post(f"{EXPORT}?kind=lost")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    told = {row[0]: row[1] for row in rows[1:7]}
    assert told.pop("导出时间")
    assert told == {
        "筛选": "000 总行 · 全行 · 将失去指定责任人",
        "截至": "2026-11-23",
        "客户数": 1.0,
        "金融资产（元）": "205,000.00",
        "导出人": "沈听澜 headoffice",
    }
    assert rows[-1] == [
        bank.customers["near the last"],
        "欧**娜",
        "理财客户",
        "潜力客户 10–30万",
        205000.0,
        "苏晚晴 advisor",
        f"001 {bank.branches['001'].name}",
    ]
    event = AuditEvent.objects.get(action="tiering.what_if_exported")
    assert (event.subject_label, event.detail["rows"], event.actor) == ("v2", 1, "headoffice")


def test_too_many_for_a_workbook(bank, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    answer = sign_in(bank.staff["headoffice"]).post(EXPORT)
    assert answer.status_code == 409
    assert not AuditEvent.objects.filter(action="tiering.what_if_exported").exists()


def test_as_many_queries_for_one_branch_as_for_two(bank):
    client = sign_in(bank.staff["headoffice"])
    client.post(API)  # what process and session read once
    numbers = []
    for wan in (30, 60):
        given = lead_up_to(wan, effective_from=TODAY)
        version = draft_policy(given=given, by=bank.staff["headoffice"]).version
        with CaptureQueriesContext(connection) as seen:
            body = client.post(f"/api/v1/tiering/policies/{version}/what-if/").json()
        numbers.append((len(body["branches"]), len(seen)))
    assert [branches for branches, _ in numbers] == [1, 2]
    assert numbers[0][1] == numbers[1][1]
