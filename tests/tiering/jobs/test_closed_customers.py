from datetime import date

import pytest

from customers.enums import CustomerStatus
from customers.models import Customer
from tellerdesk.staff.models import Posting
from tests.factories import make_customer, make_entity, make_staff
from tests.tiering.nights import aums_of, rejects_of, run_lines
from tiering.enums import Tier
from tiering.models import OwnerAssignment, SnapshotDay, TierAssignment, TierMove

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
DAY = date(2026, 11, 20)


@pytest.mark.parametrize("status", [CustomerStatus.CLOSED, CustomerStatus.MERGED])
def test_whoever_is_no_customer_any_more_leaves_and_is_not_taken_back(status):
    gone, other = make_customer(), make_customer()
    lines = [f"{gone.customer_number},60000", f"{other.customer_number},60000"]
    run_lines(make_entity(), date(2026, 11, 20), lines)
    Customer.objects.filter(pk=gone.pk).update(status=status)
    run = run_lines(make_entity(), date(2026, 11, 23), lines)
    assert (run.accepted, rejects_of(run)) == (1, [(2, "unknown_customer")])
    assert (run.moved_down, run.missing) == (1, 0)
    assert counted(run) == {"branch_staff": 1}
    assert TierAssignment.objects.get(customer=gone).tier == Tier.OUT_OF_SCOPE
    assert list(TierMove.objects.filter(customer=gone).order_by("pk").values_list("to_tier", flat=True)) == [
        Tier.BRANCH_STAFF,
        Tier.OUT_OF_SCOPE,
    ]


def counted(run) -> dict[str, int]:
    return {tier: number for tier, number in run.tiers.items() if number}


def test_whoever_is_closed_after_the_days_first_file_counts_in_his_tier_until_the_next_day():
    gone, other, poor = make_customer(), make_customer(), make_customer()
    lines = [f"{gone.customer_number},60000", f"{other.customer_number},60000", f"{poor.customer_number},1"]
    run_lines(make_entity(), DAY, lines)
    Customer.objects.filter(pk=gone.pk).update(status=CustomerStatus.CLOSED)
    assert counted(run_lines(make_entity(), DAY, lines[1:2])) == {"branch_staff": 2, "out_of_scope": 1}
    assert counted(run_lines(make_entity(), date(2026, 11, 21), lines)) == {"branch_staff": 1, "out_of_scope": 1}


@pytest.mark.parametrize("status", [CustomerStatus.CLOSED, CustomerStatus.MERGED])
def test_whoever_is_no_customer_any_more_has_no_owner(status):
    gone, other, teller = make_customer(), make_customer(), make_staff()
    lines = [f"{gone.customer_number},60000", f"{other.customer_number},60000"]
    run_lines(make_entity(), date(2026, 11, 20), lines)
    Posting.objects.get_or_create(
        staff=teller, position="teller", branch=gone.home_branch, defaults={"since": date(2020, 1, 1)}
    )
    run_lines(make_entity(), date(2026, 11, 21), lines)
    owned = OwnerAssignment.objects.filter(until=None)
    assert {row.customer for row in owned} == {gone, other}
    Customer.objects.filter(pk=gone.pk).update(status=status)
    run_lines(make_entity(), date(2026, 11, 23), lines)
    assert [row.customer for row in owned.all()] == [other]
    assert [row.end_reason for row in OwnerAssignment.objects.filter(customer=gone)] == [status]
    assert TierAssignment.objects.get(customer=gone).owner is None
    assert TierAssignment.objects.get(customer=other).owner is not None


@pytest.fixture
def merged():
    """Number of the one who was merged, and of the survivor."""
    survivor, absorbed = make_customer(), make_customer()
    Customer.objects.filter(pk=absorbed.pk).update(status=CustomerStatus.MERGED, merged_into=survivor)
    return absorbed.customer_number, survivor.customer_number


def test_lines_of_both_numbers_are_added_up(merged):
    absorbed, survivor = merged
    run = run_lines(make_entity(), DAY, [f"{absorbed},60000.01", f"{survivor},50000", f"{absorbed},7", f"{survivor},8"])
    assert rejects_of(run) == [(4, "duplicate_line"), (5, "duplicate_line")]
    assert (run.rows, run.accepted, run.changed) == (4, 2, 1)
    assert aums_of(make_entity(), DAY) == {survivor: 11_000_001}
    assert TierAssignment.objects.get().tier == Tier.BRANCH_LEAD
    assert SnapshotDay.objects.get().lines == 1


def test_the_merged_number_alone_is_the_survivors_line_also_in_a_correction(merged):
    absorbed, survivor = merged
    assert run_lines(make_entity(), DAY, [f"{absorbed},60000"]).accepted == 1
    assert aums_of(make_entity(), DAY) == {survivor: 6_000_000}
    run = run_lines(make_entity(), DAY, [f"{absorbed},250000"])
    assert (run.accepted, run.changed, aums_of(make_entity(), DAY)) == (1, 1, {survivor: 25_000_000})
    assert run_lines(make_entity(), DAY, [f"{absorbed},250000"]).changed == 0


def test_who_was_merged_meanwhile_counts_for_the_survivor_from_the_next_correction_on():
    """Of whomever it is; one that names both replaces both, and the day has nothing twice."""
    survivor, absorbed, other = make_customer(), make_customer(), make_customer()
    numbers = [each.customer_number for each in (survivor, absorbed, other)]
    run_lines(
        make_entity(), DAY, [f"{number},{aum}" for number, aum in zip(numbers, (1_000, 60_000, 60_000), strict=True)]
    )
    Customer.objects.filter(pk=absorbed.pk).update(status=CustomerStatus.MERGED, merged_into=survivor)
    TierAssignment.objects.filter(customer=absorbed).update(tier=Tier.OUT_OF_SCOPE, aum=0, reasons=0)
    run = run_lines(make_entity(), DAY, [f"{numbers[2]},70000"])
    assert (run.changed, run.moved_down) == (1, 0)
    assert aums_of(make_entity(), DAY) == {numbers[0]: 6_100_000, numbers[2]: 7_000_000}
    assert TierAssignment.objects.get(customer=absorbed).tier == Tier.OUT_OF_SCOPE
    assert TierAssignment.objects.get(customer=survivor).tier == Tier.BRANCH_STAFF
    run_lines(make_entity(), DAY, [f"{numbers[0]},2000", f"{numbers[1]},58000"])
    assert aums_of(make_entity(), DAY) == {numbers[0]: 6_000_000, numbers[2]: 7_000_000}
