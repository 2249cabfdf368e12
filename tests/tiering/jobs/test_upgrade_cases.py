"""The night opens, follows and ends cases as the rule does, and a repeated or corrected file doubles none."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiering.jobs.bank import Bank, a_customer, found_bank
from tests.tiering.jobs.days import make_night, rows_of, undone
from tiering.enums import IN_SCOPE, OwnerReason, Tier, UpgradeStatus
from tiering.jobs.upgrade_cases import UpgradeReport, open_upgrade_cases
from tiering.models import OwnerAssignment, Referral, TierAssignment, UpgradeCase
from tiering.rules.referral import lasts
from tiering.rules.upgrades import Case, Standing, after_night

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = date(2026, 11, 24)
BRANCH = "/000/900/001/"
STAFF = range(1, 4)
NUMBERS = range(1, 9)
EARLIER = timezone.now() - timedelta(days=30)


def own(bank: Bank, customer: int, staff: int, *, before: bool) -> None:
    """`before`: not by this very night, whose rows carry the time of its transaction."""
    times = {"recorded_at": EARLIER} if before else {"recorded_at": timezone.now() + timedelta(days=1)}
    OwnerAssignment.objects.using("owner").create(
        legal_entity_id=bank.entity,
        customer_id=customer,
        owner_id=bank.staff[staff],
        position="teller",
        is_primary=True,
        since=DAY,
        reason=OwnerReason.DEALT,
        **times,
    )
    TierAssignment.objects.using("owner").filter(customer=customer).update(owner=bank.staff[staff])


def lay_out(cursor, bank: Bank, cases, standings, rises) -> None:
    bank.stand([a_customer(number, now.tier) for number, now in standings.items()])
    for number, now in standings.items():
        if now.owner is not None:
            own(bank, number, now.owner, before=now.owned_before)
    UpgradeCase.objects.using("owner").bulk_create(
        UpgradeCase(
            legal_entity_id=bank.entity,
            branch_id=bank.branches[BRANCH],
            customer_id=number,
            owner_id=bank.staff[case.owner],
            opened_on=date(2026, 11, 1),
            from_tier=case.from_tier,
            to_tier=case.to_tier,
        )
        for number, case in cases.items()
    )
    cursor.execute("DROP TABLE IF EXISTS night_delta")
    cursor.execute("CREATE TEMPORARY TABLE night_delta (customer_id bigint, from_tier smallint, tier smallint)")
    for number, origin in rises.items():
        cursor.execute("INSERT INTO night_delta VALUES (%s, %s, %s)", [number, origin, standings[number].tier])


def cases_now(cursor, bank: Bank) -> set[tuple]:
    columns = "customer_id, from_tier, to_tier, owner_id, status"
    where = f"legal_entity_id = {bank.entity}"
    return set(rows_of(cursor, f"SELECT {columns} FROM tiering_upgradecase WHERE {where}"))


standing = st.builds(
    Standing, tier=st.sampled_from(Tier), owner=st.none() | st.sampled_from(STAFF), owned_before=st.booleans()
)


@settings(deadline=None, max_examples=60)
@given(
    standings=st.dictionaries(st.sampled_from(NUMBERS), standing, max_size=8),
    open_ones=st.dictionaries(
        st.sampled_from(NUMBERS),
        st.tuples(st.sampled_from(IN_SCOPE), st.sampled_from(IN_SCOPE), st.sampled_from(STAFF)),
        max_size=5,
    ),
    origins=st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(Tier), max_size=8),
)
def test_sql_and_twin_do_the_same(standings, open_ones, origins):
    cases = {number: Case(number, *each) for number, each in open_ones.items()}
    rises = {number: tier for number, tier in origins.items() if number in standings}
    due = after_night(cases, standings, rises)
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        lay_out(cursor, bank, cases, standings, rises)
        open_upgrade_cases(cursor, make_night(DAY, entity=bank.entity))
        found = cases_now(cursor, bank)
    expected = {
        (case.customer, int(case.from_tier), int(case.to_tier), bank.staff[case.owner], case.status)
        for became in due.values()
        for case in became
    }
    assert found == expected


def test_the_night_once_more_changes_nothing():
    standings = {1: Standing(Tier.BRANCH_LEAD, 1), 2: Standing(Tier.BRANCH_STAFF, 1)}
    cases = {2: Case(2, Tier.BRANCH_STAFF, Tier.BRANCH_LEAD, 1)}
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        lay_out(cursor, bank, cases, standings, {1: Tier.BRANCH_STAFF})
        night = make_night(DAY, entity=bank.entity)
        reports = [open_upgrade_cases(cursor, night) for _ in range(2)]
        rows = rows_of(cursor, "SELECT customer_id, status, decided_on, opened_on FROM tiering_upgradecase ORDER BY 1")
    assert reports == [UpgradeReport(opened=1, lapsed=1), UpgradeReport()]
    assert rows == [
        (1, UpgradeStatus.OPEN, None, DAY),
        (2, UpgradeStatus.LAPSED, DAY, date(2026, 11, 1)),
    ]


def test_a_day_filled_in_later_opens_nothing():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        lay_out(cursor, bank, {}, {1: Standing(Tier.BRANCH_LEAD, 1)}, {1: Tier.BRANCH_STAFF})
        report = open_upgrade_cases(cursor, make_night(DAY, entity=bank.entity, moves_standing=False))
        assert (report, cases_now(cursor, bank)) == (UpgradeReport(), set())


def test_another_entity_s_cases_stay():
    with undone() as cursor:
        ours, theirs = found_bank(staff=STAFF), found_bank(code="T2", staff=STAFF)
        lay_out(cursor, theirs, {1: Case(1, Tier.BRANCH_LEAD, Tier.PRIVATE_WEALTH, 1)}, {}, {})
        open_upgrade_cases(cursor, make_night(DAY, entity=ours.entity))
        assert [row[-1] for row in cases_now(cursor, theirs)] == [UpgradeStatus.OPEN]


def test_a_referral_lasts_as_the_rule_says():
    combinations = list(product([True, False], repeat=3))
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.staff_rows().filter(pk=bank.staff[3]).update(is_active=False)
        due = set()
        for number, (maintained, owned, active) in enumerate(combinations, 1):
            tier = Tier.BRANCH_LEAD if maintained else Tier.OUT_OF_SCOPE
            bank.stand([a_customer(number, tier)])
            if owned:
                own(bank, number, 1, before=True)
            Referral.objects.using("owner").create(
                legal_entity_id=bank.entity,
                customer_id=number,
                specialist_id=bank.staff[2 if active else 3],
                position="wealth_consultant",
                since=DAY - timedelta(days=9),
                note="",
                referred_by_id=bank.staff[1],
            )
            if lasts(is_maintained=maintained, has_owner=owned, specialist_is_active=active):
                due.add(number)
        cursor.execute("CREATE TEMPORARY TABLE night_delta (customer_id bigint, from_tier smallint, tier smallint)")
        report = open_upgrade_cases(cursor, make_night(DAY, entity=bank.entity))
        rows = rows_of(cursor, f"SELECT customer_id, until FROM tiering_referral WHERE legal_entity_id = {bank.entity}")
    assert {customer for customer, until in rows if until is None} == due
    assert {until for _, until in rows} == {None, DAY}
    assert report.referrals_ended == len(combinations) - len(due)
