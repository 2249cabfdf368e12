"""What the night did to a customer stands in its history; the list of a tier is read in full for a reason."""

import html

import pytest

from customers.models import Customer
from customers.selectors.history import asked_of, history_page
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_staff, sign_in
from tests.tiering.bank import TODAY, make_bank
from tests.tiering.test_board_pages import EXPORT, LIST, sheet
from tiering.services.owning import set_owners

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
WHY = {"reason": "客户活动"}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def standing(bank, name: str, **conditions):
    customer = Customer.objects.get(customer_number=bank.customers[name])
    return history_page(asked_of(customer, kind="standing", **conditions)).lines


def test_a_rise_and_the_owners_dealt_by_the_night(bank):
    lines = standing(bank, "rose")
    rise = next(line for line in lines if line.action == "tier_rose" and "10–20万 → " in line.sentence)
    assert rise.sentence == "升层：潜力客户 10–20万 → 理财客户"
    assert (rise.person, dict(rise.facts)["截至"]) == ("系统", "2026-11-23")
    assert [line.reason for line in lines if line.action == "owner_began"][0] == "日终分派"


def test_a_fall(bank):
    [fall] = [line for line in standing(bank, "left") if line.action == "tier_fell"]
    assert fall.changes == {"tier": ["branch_staff", "out_of_scope"]}


def test_what_a_manager_set_is_told_once_with_the_reason(bank):
    manager = bank.staff["manager"]
    customer = Customer.objects.get(customer_number=bank.customers["entered"])
    before = len(standing(bank, "entered"))
    make_staff("teller9", branch=bank.branches["001"], name="何棠")
    set_owners(customer=customer, owner="teller9", reason="客户要求", by=manager)
    lines = standing(bank, "entered")
    assert len(lines) == before + 1
    assert (lines[0].action, lines[0].username, "客户要求" in lines[0].sentence) == (
        "tiering.owners_set",
        "manager",
        True,
    )


def test_by_person_and_page_by_page(bank):
    assert standing(bank, "up and down again", person="manager") == []
    customer = Customer.objects.get(customer_number=bank.customers["up and down again"])
    whole = standing(bank, "up and down again")
    following, found = "", []
    while following is not None:
        step = history_page(asked_of(customer, kind="standing", after=following), size=1)
        found, following = found + step.lines, step.following
    assert [(line.action, line.pk) for line in found] == [(line.action, line.pk) for line in whole]
    assert len(whole) > 2


def test_the_list_is_read_in_full_for_a_reason(bank):
    client = sign_in(bank.staff["manager"])
    masked, full = (html.unescape(answer.content.decode()) for answer in (client.get(LIST), client.post(LIST, WHY)))
    assert ("欧阳娜娜" in masked, "欧**娜" in masked, "欧阳娜娜" in full) == (False, True, True)
    event = AuditEvent.objects.get(action="customers.list_unmasked")
    assert event.detail == {
        "list": "customers_by_tier",
        "filter": "001 城东支行 · 全部在册",
        "rows": 8,
        "reason": "客户活动",
    }


def test_without_reason_or_position_it_stays_masked(bank):
    refused = sign_in(bank.staff["manager"]).post(LIST, {"reason": ""})
    assert "欧阳娜娜" not in refused.content.decode()
    assert sign_in(bank.staff["advisor"]).post(LIST, WHY).status_code == 403
    assert AuditEvent.objects.filter(action="customers.list_unmasked").count() == 0


def test_the_workbook_in_full_says_so(bank):
    rows = sheet(sign_in(bank.staff["manager"]).post(f"{EXPORT}?tier=branch_staff", WHY))
    assert ("欧阳娜娜" in str(rows), "完整；理由：客户活动" in str(rows), "姓名（遮蔽）" in str(rows)) == (
        True,
        True,
        False,
    )
    assert sign_in(bank.staff["advisor"]).post(EXPORT, WHY).status_code == 403
    actions = set(AuditEvent.objects.filter(actor="manager").values_list("action", flat=True))
    assert {"customers.list_unmasked", "tiering.list_exported"} <= actions
