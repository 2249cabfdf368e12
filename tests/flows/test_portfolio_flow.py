"""People and portfolios in a real browser: a policy by two persons, a hand-over to its paper, a customer's choice."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.factories import make_branch, make_qualified, make_staff
from tests.tiering.bank import make_bank
from tests.tiering.handing import TODAY, make_people, make_portfolio
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import Tier, UpgradeStatus
from tiering.models import HandOver, OwnerAssignment, TierPolicy, UpgradeCase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


def test_a_policy_from_the_draft_to_the_second_person(open_page, log_in, accessible):
    staff = make_bank(courses=True).staff
    desk, found = open_page(), {}
    log_in(desk, staff["headoffice"])
    desk.goto("/tiering/policy/new/")
    desk.fill("[name=wealth_management_floor]", "300")  # above its own ceiling
    desk.keyboard.press("F9")
    expect(desk.locator("#errors")).to_be_focused()
    found["refused"] = accessible(desk)
    desk.fill("[name=wealth_management_floor]", "30")
    desk.keyboard.press("F9")  # the limit beside it follows without leaving the field
    desk.wait_for_url("**/tiering/policy/2/")
    found["waiting"] = accessible(desk)
    second = open_page()
    log_in(second, staff["deputy"])
    second.goto("/tiering/policy/2/")
    found["deciding"] = accessible(second)
    second.keyboard.press("F9")
    expect(second.get_by_role("button", name="批准")).to_have_count(0)
    policy = TierPolicy.objects.get(version=2)
    assert (policy.status, policy.approved_by.username) == ("approved", "deputy")
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_a_hand_over_from_the_leaver_to_the_paper(open_page, log_in, accessible):
    people = make_people(courses=True)
    make_portfolio(people, 2)
    desk, found = open_page(), {}
    log_in(desk, people["manager"])
    desk.goto("/tiering/hand-overs/start/")
    found["start"] = accessible(desk)
    desk.get_by_role("link", name="许知微").click()
    desk.select_option("[name=reason]", "leaving")
    desk.fill("[name=note]", "劳动合同期满离职")
    desk.fill("[name=last_day]", "2026-11-30")
    found["begin"] = accessible(desk)
    desk.keyboard.press("F9")
    desk.wait_for_url(re.compile(r"/hand-overs/\d+/$"))
    found["draft"] = accessible(desk)
    desk.keyboard.press("F9")
    expect(desk.get_by_role("button", name="撤回")).to_be_visible()
    second = open_page()
    log_in(second, people["deputy"])
    second.goto(desk.url)
    found["deciding"] = accessible(second)
    second.keyboard.press("F9")
    second.wait_for_url("**/list/")
    found["paper"] = accessible(second)
    expect(second.get_by_text(HandOver.objects.get().number).first).to_be_visible()
    assert OwnerAssignment.objects.current().filter(owner=people["leaver"]).count() == 0
    assert {place: faults for place, faults in found.items() if faults} == {}


def test_what_the_customer_chose_after_a_rise(open_page, log_in, accessible):
    make_course()
    teller = make_qualified(make_staff("teller", name="许知微"))
    manager = make_qualified(make_staff("manager", position="branch_manager", name="方砚"))
    advisor = make_qualified(make_staff("advisor", position="financial_advisor", name="苏晚晴"))
    standing = make_standing(tier=Tier.WEALTH_MANAGEMENT, owner=teller, by=teller)
    case = UpgradeCase.objects.create(
        legal_entity_id=standing.legal_entity_id,
        branch=make_branch("001"),
        customer_id=standing.pk,
        owner=teller,
        opened_on=date(2026, 11, 20),
        from_tier=Tier.BRANCH_STAFF,
        to_tier=Tier.WEALTH_MANAGEMENT,
    )
    desk, found = open_page(), {}
    log_in(desk, manager)
    desk.goto("/tiering/upgrades/")
    found["list"] = accessible(desk)
    desk.goto(f"/tiering/upgrades/{case.pk}/")
    desk.check("[name=choice][value=change]")
    desk.keyboard.press("F9")
    expect(desk.locator("#errors")).to_be_focused()  # the new owner is wanted
    found["refused"] = accessible(desk)
    desk.select_option("[name=owner]", "advisor")
    desk.fill("[name=note]", "客户希望由理财顾问维护")
    desk.keyboard.press("F9")
    desk.wait_for_url(lambda url: not url.endswith(f"/upgrades/{case.pk}/"))
    found["after"] = accessible(desk)
    case.refresh_from_db()
    assert case.status == UpgradeStatus.CHANGE
    row = OwnerAssignment.objects.current().get(customer=case.customer_id)
    assert (row.owner, row.by) == (advisor, manager)
    assert {place: faults for place, faults in found.items() if faults} == {}
