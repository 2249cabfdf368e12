"""The card on the file, the page of a customer's tier, and the manager's form."""

from datetime import date

import pytest

from customers.models import Customer, Look
from tellerdesk.staff.models import LastWrite
from tests.factories import make_branch, make_customer, make_qualified, make_staff, sign_in
from tests.tiering.standing import make_owner, make_standing
from tests.training.makers import make_course
from tiering.enums import Tier
from tiering.models import OwnerAssignment, TierAssignment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def manager():
    make_course()
    return make_qualified(make_staff("manager", position="branch_manager", name="方砚"))


def file_of(standing) -> str:
    return f"/customers/{standing.customer.customer_number}/"


def page_of(standing) -> str:
    return f"/tiering/customers/{standing.customer.customer_number}/"


def text(client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_file_shows_tier_reason_and_owners():
    wealth = make_staff(position="wealth_manager", name="秦望舒")
    standing = make_standing(tier=Tier.PRIVATE_WEALTH, owner=wealth, position="wealth_manager")
    make_owner(standing, make_staff(name="陆鸣谦"), position="branch_president", is_primary=False)
    page = text(sign_in(make_staff()), file_of(standing))
    for words in ("私行/财富客户", "自 2026-10-31", "2,500,000.00", "因个人金融资产 250万 在册", "秦望舒", "陆鸣谦"):
        assert words in page
    assert "网点行长、协办" in page
    assert page_of(standing) in page
    assert 'class="owed"' not in page


def test_a_customer_in_a_band_without_owner_is_owed_one(manager):
    standing = make_standing()
    as_manager, as_teller = text(sign_in(manager), file_of(standing)), text(sign_in(make_staff()), file_of(standing))
    for page in (as_manager, as_teller):
        assert "待补 1 项" in page
        assert f'href="{page_of(standing)}#owners"' in page
    assert ">指定</a>" in as_manager
    assert ">指定</a>" not in as_teller


@pytest.mark.parametrize("tier", [Tier.UNBANDED, Tier.OUT_OF_SCOPE])
def test_where_the_policy_names_nobody_nothing_is_owed(tier):
    standing = make_standing(tier=tier)
    assert 'class="owed"' not in text(sign_in(make_staff()), file_of(standing))


def test_the_page_of_the_tier_is_a_look(manager):
    standing = make_standing()
    client = sign_in(make_staff(branch=make_branch("002")))
    page = text(client, page_of(standing))
    assert "潜力客户 5–10万" in page
    assert Look.objects.get().customer == standing.customer
    assert '<form class="card"' not in page


def test_the_manager_sees_who_may_own_and_how_many_each_has(manager):
    busy, free = make_staff("busy", name="许知微"), make_staff("free", name="林一诺")
    make_staff("advisor", position="financial_advisor", name="苏晚晴")
    make_staff("far", branch=make_branch("002"), name="何棠")
    make_staff("gone", is_active=False, name="江疏影")
    for _ in range(2):
        make_standing(owner=busy)
    standing = make_standing()
    page = text(sign_in(manager), page_of(standing))
    options = page[page.index('<select name="owner"') : page.index("</select>")]
    assert "林一诺 · 柜员 · 现管 0 户" in options
    assert "许知微 · 柜员 · 现管 2 户" in options
    assert options.index(free.name) < options.index(busy.name)
    assert [name in options for name in ("苏晚晴", "何棠", "江疏影")] == [False, False, False]


def test_owners_are_set_by_the_form(manager):
    make_staff("teller", name="许知微"), make_staff("second", name="林一诺")
    standing = make_standing()
    client = sign_in(manager)
    fields = {"owner": "teller", "co_owners": ["second"], "reason": "客户要求"}
    answer = client.post(f"{page_of(standing)}owners/", fields, follow=True)
    assert answer.redirect_chain == [(page_of(standing), 302)]
    page = answer.content.decode()
    for words in ("责任人已指定", "客户要求", "主任指定、方砚"):
        assert words in page
    rows = OwnerAssignment.objects.order_by("pk").values_list("owner__username", "is_primary")
    assert list(rows) == [("teller", True), ("second", False)]


def test_what_is_wrong_comes_back_with_what_was_chosen(manager):
    make_staff("teller", name="许知微")
    standing = make_standing()
    client = sign_in(manager)
    answer = client.post(f"{page_of(standing)}owners/", {"owner": "teller", "reason": " "})
    page = answer.content.decode()
    assert (answer.status_code, "有 1 处" in page, "请填写" in page) == (200, True, True)
    assert '<option value="teller" selected>' in page
    assert "错误：" in page[: page.index("</title>")]
    for fields in ({}, {"owner": "nobody", "reason": "x"}, {"owner": "\x00", "reason": "\x00"}):
        assert client.post(f"{page_of(standing)}owners/", fields).status_code == 200
    assert TierAssignment.objects.get(pk=standing.pk).owner is None


def test_a_manager_of_another_branch_has_no_form_and_no_say(manager):
    standing = make_standing(by=make_staff(branch=make_branch("002")))
    client = sign_in(manager)
    assert "指定责任人" not in text(client, page_of(standing))
    assert client.post(f"{page_of(standing)}owners/", {"owner": "x", "reason": "x"}).status_code == 404


def test_the_branch_that_counts_is_that_of_the_standing_tier(manager):
    """Moved to another branch since the last night: lists, sums and eligible owners are still those of the old one."""
    make_staff("teller", name="许知微")
    standing = make_standing()
    other = make_branch("002", name="湖滨支行")
    there = make_qualified(make_staff("manager2", position="branch_manager", branch=other))
    Customer.objects.filter(pk=standing.customer_id).update(home_branch=other)
    form = f'action="{page_of(standing)}owners/"'
    pages = [text(sign_in(who), page_of(standing)) for who in (manager, there)]
    assert [(form in page, "001 城东支行" in page) for page in pages] == [(True, True), (False, True)]
    sent = {"owner": "teller", "reason": "x"}
    assert sign_in(there).post(f"{page_of(standing)}owners/", sent).status_code == 404
    assert sign_in(manager).post(f"{page_of(standing)}owners/", sent).status_code == 302


def test_a_merged_number_leads_to_the_survivor(manager):
    standing, absorbed = make_standing(), make_customer()
    absorbed.merged_into = standing.customer
    absorbed.save()
    answer = sign_in(manager).get(f"/tiering/customers/{absorbed.customer_number}/")
    assert answer.headers["Location"] == page_of(standing)


def test_without_a_replica_nobody_s_writes_are_noted(manager):
    standing, owner = make_standing(), make_staff("owner")
    sent = {"owner": owner.username, "reason": "客户经理交接"}
    assert sign_in(manager).post(f"{page_of(standing)}owners/", sent).status_code == 302
    assert not LastWrite.objects.exists()
