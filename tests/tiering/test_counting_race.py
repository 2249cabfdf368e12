"""Owners and go-lives that change while a night counts: the sums of the new day are those of what stands."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, connections, transaction

from tests.factories import make_customer, make_entity, make_qualified, make_staff
from tests.tiering.nights import run_lines
from tests.training.makers import make_course
from tiering.errors import StandingBusy
from tiering.jobs.night import COUNTS, say_nothing
from tiering.models import RolloutPlan, TierAssignment, TierSummary
from tiering.services.owning import set_owners
from tiering.services.rollout import PlannedDays, plan_rollout

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
YESTERDAY, TODAY = date(2026, 11, 23), date(2026, 11, 24)
AUGUST = date(2026, 8, 3)
PATIENT = 30  # seconds
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted)"


@pytest.fixture
def customer(settings):
    """Nobody was there to be dealt the customer, whom a manager alone gives an owner now."""
    settings.BUSINESS_DATE = TODAY
    make_course()
    opener = make_staff(position="supervisor")
    found = make_customer(by=opener)
    for day in (AUGUST, YESTERDAY):
        night(found, day)
    TierAssignment.objects.update(initial_maintainer=opener)
    make_staff("teller")
    return found


@pytest.fixture
def manager():
    return make_qualified(make_staff(position="branch_manager"))


def night(customer, day: date, look_on=say_nothing):
    return run_lines(make_entity(), day, [f"{customer.customer_number},60000"], look_on=look_on)


def own(customer, manager):
    return set_owners(customer=customer, owner="teller", reason="客户要求", by=manager)


def plan(customer, manager):
    days = PlannedDays(*[date(2026, 11, 20)] * 3, go_live_on=TODAY)
    return plan_rollout(branches=[customer.home_branch], days=days, by=manager)


def owed(day: date) -> tuple[int, int]:
    return TierSummary.objects.values_list("unowned", "overdue").get(as_of=day, customers=1)


@pytest.mark.parametrize(("act", "before", "after"), [(own, (1, 1), (0, 0)), (plan, (1, 1), (1, 0))])
def test_whoever_acts_while_a_night_counts_is_told_to_come_back(customer, manager, act, before, after):
    told = []

    def act_meanwhile(step, percent):
        if (step, percent) == ("summary", 70):
            with pytest.raises(StandingBusy):
                act(customer, manager)
            told.append(step)

    night(customer, TODAY, act_meanwhile)
    assert (told, owed(TODAY), RolloutPlan.objects.count()) == (["summary"], before, 0)
    act(customer, manager)
    assert owed(TODAY) == after


@pytest.mark.parametrize(("act", "after"), [(own, (0, 0)), (plan, (1, 0))])
def test_a_night_counts_when_whoever_acts_has_done(customer, manager, act, after):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            act(customer, manager)
            loaded = pool.submit(in_thread, customer)
            await_counting()
        assert loaded.result(PATIENT).status == "succeeded"
    assert owed(TODAY) == after


def in_thread(customer):
    try:
        return night(customer, TODAY)
    finally:
        connections.close_all()


def await_counting() -> None:
    end = time.monotonic() + PATIENT
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING, [COUNTS])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("the night does not wait")
