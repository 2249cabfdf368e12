from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiering.jobs.bank import LONG_AGO, PATHS, a_customer, found_bank, loads_of, owners_of
from tests.tiering.jobs.days import make_night, rows_of, undone
from tests.tiering.rules.policies import STANDARD
from tiering.enums import BANDED, IN_SCOPE, Tier
from tiering.jobs.assign_owners import OwnerReport, assign_owners
from tiering.rules.ownership import Listed, Post, Unowned, deal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = date(2026, 11, 24)
BRANCH = "/000/900/001/"
STAFF = range(1, 9)
POSITIONS = (
    "teller",
    "lobby_manager",
    "branch_manager",
    "financial_advisor",
    "wealth_manager",
    "deputy_president",
    "branch_president",
    "auditor",
)
# A seat for one who may stand above the branch or one who may not.
MIXED = replace(
    STANDARD,
    bands=tuple(
        replace(band, positions=("lobby_manager", "wealth_manager")) if band.tier == Tier.BRANCH_LEAD else band
        for band in STANDARD.bands
    ),
)


def run(cursor, bank, policy=STANDARD, day=DAY, **changes) -> OwnerReport:
    return assign_owners(cursor, make_night(day, policy, entity=bank.entity, **changes))


customers = st.lists(
    st.builds(
        Unowned,
        customer=st.integers(1, 40),
        branch_path=st.sampled_from(PATHS),
        aum=st.integers(0, 5),
        tier=st.sampled_from(IN_SCOPE),
    ),
    max_size=25,
    unique_by=lambda each: each.customer,
)
posts = st.lists(
    st.builds(
        Post, staff=st.sampled_from(STAFF), position=st.sampled_from(POSITIONS), branch_path=st.sampled_from(PATHS)
    ),
    max_size=20,
    unique=True,
)


@st.composite
def roster_lists(draw):
    """At most one entry for a person in a tier of a branch; in positions that fit and in others."""
    entry = st.builds(
        Listed,
        branch_path=st.sampled_from(PATHS),
        tier=st.sampled_from(BANDED),
        staff=st.sampled_from(STAFF),
        position=st.sampled_from(POSITIONS),
        capacity=st.integers(1, 5) | st.just(99_999),
    )
    found = draw(st.lists(entry, max_size=12, unique_by=lambda each: (each.branch_path, each.tier, each.staff)))
    return [replace(each, load=draw(st.integers(0, 3))) for each in found]


@settings(deadline=None, max_examples=120)
@given(
    customers=customers,
    posts=posts,
    loads=st.dictionaries(st.sampled_from(STAFF), st.integers(0, 4)),
    policy=st.sampled_from([STANDARD, MIXED]),
    rosters=st.just([]) | roster_lists(),
)
def test_sql_and_twin_deal_the_same(customers, posts, loads, policy, rosters):
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post(posts)
        bank.burden(loads)
        bank.enrol(rosters)
        rosters = bank.burden_rosters(rosters, posts)
        held = loads_of(bank)
        bank.stand(customers)
        due = deal(customers, posts, held, policy, rosters)
        report = run(cursor, bank, policy)
        found = owners_of(bank)
        kept = "SELECT customer_id, owner_id, initial_maintainer_id FROM tiering_tierassignment"
        kept = rows_of(cursor, f"{kept} WHERE customer_id < 1000000")
    assert {(c, s, *how) for c, owners in found.items() for s, how in owners.items()} == {
        (each.customer, each.staff, each.position, each.is_primary) for each in due
    }
    primary = {each.customer: bank.staff[each.staff] for each in due if each.is_primary}
    assert {row[0]: row[1:] for row in kept} == {
        each.customer: (primary.get(each.customer), primary.get(each.customer)) for each in customers
    }
    in_a_band = sum(each.tier in BANDED for each in customers)
    assert report == OwnerReport(assigned=len(primary), unowned=in_a_band - len(primary))


def test_a_roster_is_filled_by_share_of_capacity_and_the_rest_waits():
    """The largest first; who has no place left gets nobody, and who is not on the roster neither."""
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(staff, "teller", BRANCH) for staff in (1, 2, 3)])
        bank.enrol(
            [Listed(BRANCH, Tier.BRANCH_STAFF, 1, "teller", 4), Listed(BRANCH, Tier.BRANCH_STAFF, 2, "teller", 2)]
        )
        bank.stand([a_customer(number, aum=number) for number in range(1, 10)])
        bank.own(9, 1, "teller")
        assert run(cursor, bank) == OwnerReport(assigned=5, unowned=3)
        assert {c: list(owners) for c, owners in owners_of(bank).items()} == {
            9: [1], 8: [2], 7: [1], 6: [1], 5: [2], 4: [1],
        }  # fmt: skip


def test_without_a_roster_for_the_tier_everybody_of_the_position_is_dealt_to():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH), Post(2, "financial_advisor", BRANCH)])
        bank.enrol([Listed(BRANCH, Tier.WEALTH_MANAGEMENT, 2, "financial_advisor", 1)])
        bank.enrol([Listed(BRANCH, Tier.BRANCH_STAFF, 2, "teller", 1)], until=DAY)
        bank.stand([a_customer(1), a_customer(2, path="/000/003/")])
        assert run(cursor, bank) == OwnerReport(assigned=1, unowned=1)
        assert owners_of(bank) == {1: {1: ("teller", True)}}


def test_private_wealth_by_a_roster_of_one_of_each():
    """Somebody above the branch may stand on it; a seat for whom the roster names nobody stays empty."""
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "wealth_manager", "/000/900/"), Post(2, "wealth_manager", BRANCH)])
        bank.post([Post(3, "deputy_president", "/000/"), Post(4, "branch_president", BRANCH)])
        bank.enrol(
            [Listed(BRANCH, Tier.PRIVATE_WEALTH, 1, "wealth_manager", 9)]
            + [Listed(BRANCH, Tier.PRIVATE_WEALTH, 4, "branch_president", 1)]
        )
        bank.stand([a_customer(1, Tier.PRIVATE_WEALTH, aum=2), a_customer(2, Tier.PRIVATE_WEALTH, aum=1)])
        run(cursor, bank)
        assert owners_of(bank) == {
            1: {1: ("wealth_manager", True), 4: ("branch_president", False)},
            2: {1: ("wealth_manager", True)},
        }


def test_large_capacities_are_shared_as_small_ones_are():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(staff, "teller", BRANCH) for staff in STAFF])
        bank.enrol([Listed(BRANCH, Tier.BRANCH_STAFF, staff, "teller", 99_999) for staff in STAFF])
        bank.stand([a_customer(number) for number in range(1, 17)])
        assert run(cursor, bank) == OwnerReport(assigned=16)
        assert Counter(staff for owners in owners_of(bank).values() for staff in owners) == dict.fromkeys(STAFF, 2)


def test_private_wealth_gets_one_of_each_and_the_wealth_manager_may_stand_above():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "wealth_manager", "/000/900/"), Post(2, "deputy_president", "/000/")])
        bank.post([Post(3, "branch_president", BRANCH), Post(4, "branch_president", "/000/900/")])
        bank.stand([a_customer(1, Tier.PRIVATE_WEALTH)])
        run(cursor, bank)
        assert owners_of(bank) == {
            1: {1: ("wealth_manager", True), 2: ("deputy_president", False), 3: ("branch_president", False)}
        }


def test_without_a_wealth_manager_the_customer_waits_for_the_branch_manager():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(2, "deputy_president", "/000/"), Post(3, "branch_president", BRANCH)])
        bank.stand([a_customer(1, Tier.PRIVATE_WEALTH)])
        assert run(cursor, bank) == OwnerReport(unowned=1)
        assert owners_of(bank) == {}


def test_one_person_in_two_of_the_positions_is_one_owner():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "wealth_manager", BRANCH), Post(1, "branch_president", BRANCH)])
        bank.stand([a_customer(1, Tier.PRIVATE_WEALTH)])
        run(cursor, bank)
        assert owners_of(bank) == {1: {1: ("wealth_manager", True)}}


def test_equals_get_equally_many_and_the_largest_go_round():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post(
            [Post(1, "branch_manager", BRANCH), Post(2, "lobby_manager", BRANCH), Post(3, "lobby_manager", BRANCH)]
        )
        bank.stand([a_customer(number, Tier.BRANCH_LEAD, aum=number) for number in range(1, 9)])
        run(cursor, bank)
        by_staff: dict[int, list[int]] = {}
        for customer, owners in owners_of(bank).items():
            by_staff.setdefault(*owners, []).append(customer)
        assert {staff: sorted(each) for staff, each in by_staff.items()} == {1: [2, 5, 8], 2: [1, 4, 7], 3: [3, 6]}


def test_whoever_has_less_is_filled_up_first():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH), Post(2, "teller", BRANCH)])
        bank.burden({1: 3})
        bank.stand([a_customer(number) for number in range(1, 5)])
        run(cursor, bank)
        assert sorted(staff for owners in owners_of(bank).values() for staff in owners) == [1, 2, 2, 2]


@pytest.mark.parametrize(
    "leave",
    [
        lambda bank: bank.staff_rows().update(is_active=False),
        lambda bank: bank.postings().update(until=DAY - timedelta(days=1)),
    ],
    ids=["deactivated", "posting over"],
)
def test_owners_who_left_end_and_theirs_are_not_dealt_again(leave):
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH), Post(2, "teller", "/000/003/")])
        bank.stand([a_customer(1)])
        bank.own(1, 1, "teller")
        leave(bank)
        bank.post([Post(3, "teller", BRANCH)])
        assert run(cursor, bank) == OwnerReport(ended=1, unowned=1)
        kept = "SELECT owner_id, initial_maintainer_id FROM tiering_tierassignment"
        assert rows_of(cursor, kept) == [(None, bank.staff[1])]
        ended = "SELECT since, until, end_reason FROM tiering_ownerassignment"
        assert rows_of(cursor, ended) == [(LONG_AGO, DAY - timedelta(days=1), "left")]
        assert run(cursor, bank) == OwnerReport(unowned=1)


def test_who_began_today_and_was_set_as_owner_stays_when_yesterdays_file_comes():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH)], since=DAY + timedelta(days=1))
        bank.stand([a_customer(1)])
        bank.own(1, 1, "teller", since=DAY + timedelta(days=1))
        assert run(cursor, bank, today=DAY + timedelta(days=1)) == OwnerReport()
        assert owners_of(bank) == {1: {1: ("teller", True)}}


def test_who_left_by_today_gets_nobody_of_yesterdays_file():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH)], until=DAY)
        bank.stand([a_customer(1), a_customer(2)])
        bank.own(1, 1, "teller")
        assert run(cursor, bank, today=DAY + timedelta(days=1)) == OwnerReport(ended=1, unowned=2)
        assert rows_of(cursor, "SELECT until, end_reason FROM tiering_ownerassignment") == [(DAY, "left")]


def test_the_owner_of_another_branch_ends_when_the_customer_has_moved_there():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", "/000/003/"), Post(2, "wealth_manager", "/000/900/")])
        bank.stand([a_customer(1), a_customer(2)])
        bank.own(1, 1, "teller", since=DAY)
        bank.own(2, 2, "wealth_manager")
        assert run(cursor, bank) == OwnerReport(ended=1, unowned=1)
        assert rows_of(cursor, "SELECT customer_id, until FROM tiering_ownerassignment WHERE until IS NOT NULL") == [
            (1, DAY)
        ]


def test_who_lost_one_of_two_branches_keeps_the_customers_of_the_other():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", "/000/003/")])
        bank.stand([a_customer(1), a_customer(2, path="/000/003/")])
        bank.own(1, 1, "teller")
        bank.own(2, 1, "teller")
        assert run(cursor, bank) == OwnerReport(ended=1, unowned=1)
        assert owners_of(bank) == {2: {1: ("teller", True)}}


def test_another_position_at_the_same_branch_is_not_the_position():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "lobby_manager", BRANCH)])
        bank.stand([a_customer(1)])
        bank.own(1, 1, "teller")
        assert run(cursor, bank) == OwnerReport(ended=1, unowned=1)


def test_a_further_owner_who_left_leaves_the_primary():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "wealth_manager", BRANCH)])
        bank.stand([a_customer(1, Tier.PRIVATE_WEALTH)])
        bank.own(1, 1, "wealth_manager")
        bank.own(1, 2, "branch_president", is_primary=False)
        assert run(cursor, bank) == OwnerReport(ended=1)
        assert owners_of(bank) == {1: {1: ("wealth_manager", True)}}


def test_an_owner_stays_whatever_the_tier_becomes():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH), Post(2, "financial_advisor", BRANCH)])
        bank.stand([a_customer(1, Tier.WEALTH_MANAGEMENT), a_customer(2, Tier.OUT_OF_SCOPE)])
        bank.own(1, 1, "teller")
        bank.own(2, 1, "teller")
        assert run(cursor, bank) == OwnerReport()
        assert owners_of(bank) == {1: {1: ("teller", True)}, 2: {1: ("teller", True)}}


def test_an_older_day_deals_nothing():
    with undone() as cursor:
        bank = found_bank(staff=STAFF)
        bank.post([Post(1, "teller", BRANCH)])
        bank.stand([a_customer(1)])
        assert run(cursor, bank, moves_standing=False) == OwnerReport()
        assert owners_of(bank) == {}


def test_another_legal_entity_is_not_touched():
    with undone() as cursor:
        bank, other = found_bank(staff=STAFF), found_bank(code="T2", staff=STAFF)
        for each, customer in ((bank, 1), (other, 2)):
            each.post([Post(1, "teller", BRANCH)])
            each.stand([a_customer(customer)])
        other.stand([a_customer(3)])
        other.own(3, 2, "teller")
        assert run(cursor, bank) == OwnerReport(assigned=1)
        assert (owners_of(bank), owners_of(other)) == ({1: {1: ("teller", True)}}, {3: {2: ("teller", True)}})
