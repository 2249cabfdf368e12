"""The sample snapshots: what their files say, and what the nights have made of them."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db.models import F
from django_tasks_db.models import DBTaskResult

from customers.models import Customer
from tellerdesk import demo
from tellerdesk.audit.verification import verify
from tellerdesk.demo.accounts import load_accounts
from tellerdesk.demo.customers import load_customers
from tellerdesk.demo.snapshot_days import month_ends, quarter_ends, snapshot_days
from tellerdesk.demo.snapshot_files import BAD_LINES, HEADER, PRODUCTS, Saver, file_of
from tellerdesk.demo.snapshots import files_of, load_snapshots, queue_snapshots
from tellerdesk.demo.tasks import sample_night
from tellerdesk.demo.wealth import fortune
from tellerdesk.staff.models import LegalEntity
from tests.tiering.rules.policies import STANDARD
from tiering.enums import BANDED, Tier
from tiering.models import (
    NearLimit,
    NightlyRun,
    OwnerAssignment,
    RosterEntry,
    SnapshotDay,
    TierAssignment,
    TierMove,
    TierSummary,
)
from tiering.rules.evaluation import Facts, evaluate

DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = DAY


def test_days_have_the_last_three_month_ends_four_quarter_ends_and_end_the_day_before():
    assert snapshot_days(DAY) == [
        date(2025, 12, 31),
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 8, 31),
        date(2026, 9, 30),
        date(2026, 10, 31),
        *(date(2026, 11, day) for day in (9, 16, 20, 21, 22, 23)),
    ]


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2026, 1, 1), ["2025-12-31", "2025-09-30", "2025-06-30", "2025-03-31"]),
        (date(2024, 2, 29), ["2023-12-31", "2023-09-30", "2023-06-30", "2023-03-31"]),
        (date(2026, 3, 31), ["2025-12-31", "2025-09-30", "2025-06-30", "2025-03-31"]),
        (date(2026, 6, 30), ["2026-03-31", "2025-12-31", "2025-09-30", "2025-06-30"]),
        (date(2026, 10, 1), ["2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31"]),
        (DAY, ["2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31"]),
    ],
)
def test_the_last_four_quarter_ends_are_always_among_them_and_today_never(today, ends):
    days = snapshot_days(today)
    assert [each.isoformat() for each in quarter_ends(today)] == ends
    assert {*quarter_ends(today), *month_ends(today)} <= set(days)
    assert days[-1] == today - timedelta(days=1)
    assert len(month_ends(today)) == 3


def savers(count: int, *, age: int = 45) -> list[Saver]:
    return [Saver(place, f"{100000 + place}", DAY, fortune(Random(f"{place}"), age=age)) for place in range(count)]


def test_a_file_is_the_same_every_time_and_says_so_where_it_is_flawed():
    about = {"newest": DAY, "seed": "s"}
    found = file_of(savers(40), DAY, flawed=True, **about)
    assert found == file_of(savers(40), DAY, flawed=True, **about)
    lines = found.decode().split("\r\n")
    assert lines[0] == HEADER
    assert lines[-4:-1] == [line.format("100000") for line in BAD_LINES]
    assert len(lines) == 1 + 40 + 3 + 1


def test_the_product_words_are_those_of_the_policy():
    assert set(PRODUCTS) == set(STANDARD.categories)


def test_about_45_in_a_hundred_are_in_scope_and_few_are_private_customers():
    chance = Random(1)
    tiers = Counter(tier_of(fortune(chance, age=chance.randint(18, 70)), 0, 45) for _ in range(4000))
    in_scope = sum(count for tier, count in tiers.items() if tier != Tier.OUT_OF_SCOPE)
    assert 1600 < in_scope < 2100
    assert 20 < tiers[Tier.PRIVATE_WEALTH] < 90
    assert tiers[Tier.PRIVATE_WEALTH] < tiers[Tier.WEALTH_MANAGEMENT] < tiers[Tier.BRANCH_STAFF]


def tier_of(found, days: int, age: int) -> Tier:
    wealth = found.before(days, chance=Random(days))
    figures = (wealth.card_spend_year, wealth.personal_loan_balance, wealth.custody_margin, wealth.card_level)
    admitted = (wealth.admission_private_wealth, wealth.admission_wealth_management)
    return evaluate(Facts(wealth.aum, age, *figures, *admitted), STANDARD).tier


def test_people_rise_and_fall():
    then_and_now = [(tier_of(each.fortune, 84, 45), tier_of(each.fortune, 0, 45)) for each in savers(2000)]
    assert sum(before < now for before, now in then_and_now) > 50
    assert sum(before > now for before, now in then_and_now) > 25


@pytest.fixture
def _loaded(monkeypatch):
    monkeypatch.setenv("TELLERDESK_DEMO_PASSWORD", "one-for-all-9")
    load_accounts(progress=str)
    load_customers(count=500, progress=str)
    queue_snapshots(progress=str)


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_quarters_are_there_when_the_nights_are_over(settings):
    """Killed in between and begun again two days later, with a night by the worker: each night is as of its own day."""
    with pytest.raises(Killed):
        load_snapshots(progress=killed_after(3))
    runs = list(NightlyRun.objects.order_by("pk"))
    settings.BUSINESS_DATE = DAY + timedelta(days=2)
    sent = NightlyRun.objects.create(legal_entity=runs[0].legal_entity, as_of=DAY, file_name="x.csv")
    assert sample_night.call(runs[3].pk) == "succeeded"
    lines = []
    assert load_snapshots(progress=lines.append) == len(lines) == len(runs) - 4
    demo.finish()  # all nights are over: whatever came after them is not begun again
    assert (RosterEntry.objects.exists(), NightlyRun.objects.get(pk=sent.pk).status) == (False, "queued")
    runs = list(NightlyRun.objects.exclude(pk=sent.pk).order_by("pk"))
    assert {run.status for run in runs} == {"succeeded"}
    assert len(runs) == SnapshotDay.objects.filter(moved_standing=True).count() == 24
    assert {run.as_of for run in runs} == set(snapshot_days(DAY))
    assert [run.rejects_by_code for run in runs if run.rejected] == [
        {"not_a_number": 1, "unknown_customer": 2}, {"not_a_number": 1, "unknown_customer": 2}
    ]  # fmt: skip
    assert {run.missing for run in runs if run.as_of == DAY - timedelta(days=1)} <= {0, 1, 2}
    tells_a_story()
    assert verify().faults == []


class Killed(BaseException):
    pass


def killed_after(nights: int):
    told = []

    def tell(line: str) -> None:
        told.append(line)
        if len(told) == nights:
            raise Killed

    return tell


def tells_a_story() -> None:
    standing = TierAssignment.objects.in_scope()
    assert 0.35 < standing.count() / Customer.objects.count() < 0.55
    assert {each.tier for each in standing} >= {int(tier) for tier in BANDED}
    assert TierMove.objects.filter(as_of__gt=date(2026, 9, 30)).exists()
    newest = TierSummary.objects.filter(as_of=DAY - timedelta(days=1))
    assert sum(row.quarter_up for row in newest) > 0
    assert sum(row.quarter_down for row in newest) > 0
    assert NearLimit.objects.filter(rises=True).exists()
    assert NearLimit.objects.filter(rises=False).exists()
    assert {each.owner.username for each in OwnerAssignment.objects.select_related("owner")} >= {
        "advisor", "advisor2", "teller", "teller2", "manager", "manager2", "lobby", "teller3", "manager3",
    }  # fmt: skip
    assert OwnerAssignment.objects.filter(owner__username="newcomer").exists()
    assert not OwnerAssignment.objects.filter(owner__posting__since__gt=F("since")).exists()
    lx = standing.filter(legal_entity__code="LX", tier=Tier.WEALTH_MANAGEMENT)
    assert {each.owner for each in lx} == {None}  # nobody there holds the position


@pytest.mark.usefixtures("_loaded")
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_was_queued_is_what_the_files_say():
    first = LegalEntity.objects.get(code="HZ")
    day, data = next(files_of(first))
    run = NightlyRun.objects.filter(legal_entity=first).earliest("pk")
    assert (run.as_of, run.file_size, run.started_by.username) == (day, len(data), "headoffice")
    opened_later = Customer.objects.filter(legal_entity=first, opened_at__date__gt=day)
    assert opened_later.exists()
    assert not any(each.customer_number in data.decode() for each in opened_later)
    waiting = NightlyRun.objects.values_list("pk", flat=True)
    tasks = DBTaskResult.objects.filter(task_path=sample_night.module_path, args_kwargs__args__0__in=list(waiting))
    assert tasks.count() == 24
