from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiering.rules.policies import STANDARD
from tiering.enums import Tier
from tiering.rules.ownership import (
    Dealt,
    Listed,
    Member,
    Post,
    Seat,
    Unowned,
    all_seats,
    deal,
    eligible_positions,
    is_eligible,
    water_fill,
)

BRANCH, DISTRICT, HEAD = "/000/900/001/", "/000/900/", "/000/"


def test_the_policy_names_the_positions_and_anybody_may_be_chosen_where_it_names_none():
    assert eligible_positions(Tier.BRANCH_LEAD, STANDARD) == ("branch_manager", "lobby_manager")
    assert eligible_positions(Tier.OUT_OF_SCOPE, STANDARD) == ()
    assert set(eligible_positions(Tier.UNBANDED, STANDARD)) == {
        position for band in STANDARD.bands for position in band.positions
    }


@pytest.mark.parametrize(
    ("position", "path", "eligible"),
    [
        ("wealth_manager", BRANCH, True),
        ("wealth_manager", DISTRICT, True),
        ("wealth_manager", "/000/900/002/", False),
        ("wealth_manager", "/000/9/", False),
        ("branch_president", BRANCH, True),
        ("branch_president", DISTRICT, False),
        ("teller", BRANCH, False),
    ],
)
def test_who_may_own_a_customer_of_private_wealth(position, path, eligible):
    positions = eligible_positions(Tier.PRIVATE_WEALTH, STANDARD)
    assert is_eligible(position, path, BRANCH, positions) is eligible


def test_seats_of_the_standard_policy():
    assert [(seat.tier, seat.positions, seat.is_primary) for seat in all_seats(STANDARD)] == [
        (Tier.PRIVATE_WEALTH, ("wealth_manager",), True),
        (Tier.PRIVATE_WEALTH, ("deputy_president",), False),
        (Tier.PRIVATE_WEALTH, ("branch_president",), False),
        (Tier.WEALTH_MANAGEMENT, ("financial_advisor",), True),
        (Tier.BRANCH_LEAD, ("branch_manager", "lobby_manager"), True),
        (Tier.BRANCH_STAFF, ("teller",), True),
    ]


def test_a_band_without_positions_has_no_seat():
    bands = tuple(replace(band, positions=()) for band in STANDARD.bands)
    assert all_seats(replace(STANDARD, bands=bands)) == ()
    assert Seat(Tier.BRANCH_STAFF, ("teller",), True) in all_seats(STANDARD)


@given(
    loads=st.dictionaries(st.integers(1, 9), st.integers(0, 30), min_size=1),
    count=st.integers(0, 120),
)
def test_nobody_who_took_one_has_two_more_than_another(loads, count):
    taken = water_fill({staff: Member("teller", load) for staff, load in loads.items()}, count)
    now = {staff: load + taken.count(staff) for staff, load in loads.items()}
    assert len(taken) == count
    assert all(now[staff] - 1 <= min(now.values()) for staff in set(taken))


@given(staff=st.integers(1, 9), count=st.integers(0, 100))
def test_equals_differ_by_one_at_most(staff, count):
    taken = water_fill({each: Member("teller", 0) for each in range(staff)}, count)
    shares = [taken.count(each) for each in range(staff)]
    assert max(shares) - min(shares) <= 1


@given(
    members=st.dictionaries(st.integers(1, 9), st.tuples(st.integers(0, 30), st.integers(1, 40)), min_size=1),
    count=st.integers(0, 200),
)
def test_capacities_are_filled_evenly_and_never_exceeded(members, count):
    taken = water_fill({staff: Member("teller", *each) for staff, each in members.items()}, count)
    room = {staff: max(0, capacity - load) for staff, (load, capacity) in members.items()}
    assert len(taken) == min(count, sum(room.values()))
    assert all(taken.count(staff) <= places for staff, places in room.items())
    shares = {staff: ((load + taken.count(staff)) / cap, cap) for staff, (load, cap) in members.items() if room[staff]}
    lowest = min((share for share, _ in shares.values()), default=0)
    assert all(share - 1 / cap <= lowest + 1e-9 for staff, (share, cap) in shares.items() if staff in taken)


def test_a_roster_deals_among_its_people_alone_and_the_rest_waits():
    posts = [Post(1, "teller", BRANCH), Post(2, "teller", BRANCH), Post(3, "teller", BRANCH)]
    rosters = [Listed(BRANCH, Tier.BRANCH_STAFF, 1, "teller", 4, 1), Listed(BRANCH, Tier.BRANCH_STAFF, 2, "teller", 2)]
    customers = [Unowned(number, BRANCH, number, Tier.BRANCH_STAFF) for number in range(1, 9)]
    dealt = deal(customers, posts, {}, STANDARD, rosters)
    assert [(each.customer, each.staff) for each in dealt] == [(8, 2), (7, 1), (6, 1), (5, 2), (4, 1)]


def test_who_left_the_position_or_is_in_another_of_the_roster_gets_nobody():
    posts = [Post(1, "lobby_manager", BRANCH), Post(2, "teller", "/000/003/"), Post(3, "teller", BRANCH)]
    rosters = [Listed(BRANCH, Tier.BRANCH_STAFF, staff, "teller", 9) for staff in (1, 2)]
    assert deal([Unowned(1, BRANCH, 9, Tier.BRANCH_STAFF)], posts, {}, STANDARD, rosters) == []


def test_the_nearest_branch_deals_and_its_own_come_first():
    posts = [Post(1, "wealth_manager", HEAD), Post(2, "wealth_manager", DISTRICT)]
    customers = [Unowned(1, BRANCH, 9, Tier.PRIVATE_WEALTH), Unowned(2, "/000/003/", 9, Tier.PRIVATE_WEALTH)]
    assert deal(customers, posts, {}, STANDARD) == [
        Dealt(1, 2, "wealth_manager", True),
        Dealt(2, 1, "wealth_manager", True),
    ]


def test_nobody_for_the_first_seat_leaves_the_others_empty():
    posts = [Post(1, "branch_president", BRANCH), Post(2, "teller", BRANCH)]
    assert deal([Unowned(1, BRANCH, 9, Tier.PRIVATE_WEALTH)], posts, {}, STANDARD) == []
