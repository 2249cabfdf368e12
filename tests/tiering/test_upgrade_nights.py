"""Upgrade cases out of whole nights: a rise asks, a fall withdraws the question, a corrected file asks nobody twice."""

import pytest

from tests.tiering.bank import DAY, MONTH_END, TODAY, make_bank
from tests.tiering.nights import run_lines
from tiering.models import UpgradeCase
from tiering.services.upgrade_choices import record_stay

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def cases_of(bank, name: str) -> list[tuple]:
    rows = UpgradeCase.objects.filter(customer__customer_number=bank.customers[name]).order_by("pk")
    return [(c.get_from_tier_display(), c.get_to_tier_display(), c.status, c.opened_on) for c in rows]


STAFF, LEAD, WEALTH, PRIVATE = "潜力客户 5–10万", "潜力客户 10–20万", "理财客户", "私行/财富客户"


def test_who_rises_is_asked_and_who_falls_back_is_not_any_more(bank):
    assert cases_of(bank, "rose") == [(LEAD, WEALTH, "open", DAY)]
    assert cases_of(bank, "up and down again") == [(STAFF, LEAD, "lapsed", MONTH_END)]
    for name in ("fell in October", "entered", "private", "wealth of 002"):
        assert cases_of(bank, name) == []


def test_the_same_file_again_asks_nobody_twice(bank):
    before = list(UpgradeCase.objects.order_by("pk").values())
    bank.night(2)
    assert list(UpgradeCase.objects.order_by("pk").values()) == before


def test_a_correction_withdraws_raises_and_asks_anew(bank):
    def correct(aum: int) -> list[tuple]:
        run = run_lines(bank.entity, DAY, [f"{bank.customers['rose']},{aum}"])
        assert run.status == "succeeded"
        return cases_of(bank, "rose")

    assert correct(3_000_000) == [(LEAD, PRIVATE, "open", DAY)]
    assert correct(150_000) == [(LEAD, PRIVATE, "lapsed", DAY)]
    assert correct(250_000) == [(LEAD, PRIVATE, "lapsed", DAY), (LEAD, WEALTH, "open", DAY)]


def test_a_correction_that_gives_back_what_a_wrong_file_took_is_no_rise(bank):
    """Of whom the wrong file withdrew a question, the question comes back; a true rise of the day is asked."""
    names = ("private", "near the next", "rose", "wealth of 002")
    numbers = [bank.customers[name] for name in names]
    before = {name: cases_of(bank, name) for name in names}
    run_lines(bank.entity, DAY, [f"{number},60000" for number in numbers])
    aums = (2_600_000, 98_000, 250_000, 2_100_000)
    run_lines(bank.entity, DAY, [f"{number},{aum}" for number, aum in zip(numbers, aums, strict=True)])
    assert before["private"] == cases_of(bank, "private") == []
    assert cases_of(bank, "near the next") == before["near the next"]
    assert cases_of(bank, "rose") == [(LEAD, WEALTH, "lapsed", DAY), (STAFF, WEALTH, "open", DAY)]
    assert cases_of(bank, "wealth of 002") == [(WEALTH, PRIVATE, "open", DAY)]


def test_whoever_chose_and_rises_again_is_asked_again(bank):
    [case] = UpgradeCase.objects.filter(customer__customer_number=bank.customers["rose"])
    record_stay(case=case, by=case.owner)
    run_lines(bank.entity, TODAY, [f"{bank.customers['rose']},3000000"])
    assert cases_of(bank, "rose") == [(LEAD, WEALTH, "stay", DAY), (WEALTH, PRIVATE, "open", TODAY)]


def test_an_owner_who_leaves_takes_the_question_along(bank):
    [case] = UpgradeCase.objects.filter(customer__customer_number=bank.customers["rose"])
    type(case.owner).objects.filter(pk=case.owner.pk).update(is_active=False)
    run_lines(bank.entity, TODAY, [f"{bank.customers['poor']},100"])
    assert cases_of(bank, "rose") == [(LEAD, WEALTH, "lapsed", DAY)]
