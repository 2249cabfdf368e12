from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.tiering.rules.policies import STANDARD
from tiering.enums import HandOverFate, QueuedWhy, Tier
from tiering.rules.handing_over import Desk, Fate, Held, Taker, positions_wanted, split_evenly, split_to_one, taker_for

DESK = Desk(1, Tier.BRANCH_STAFF, ("teller",))
LEAD = Desk(1, Tier.BRANCH_LEAD, ("branch_manager", "lobby_manager"))


def held(count: int, desk=DESK, others=()) -> list[Held]:
    return [Held(place, desk, frozenset(others)) for place in range(count)]


def given_to(fates) -> Counter:
    return Counter(fate.staff for fate in fates)


staff_ids = st.integers(1, 6)
desks = st.sampled_from([DESK, LEAD])


@st.composite
def portfolios(draw):
    """Customers at two desks, colleagues with and without a capacity, some of them owners already."""
    rows = [
        Held(place, draw(desks), draw(st.frozensets(staff_ids, max_size=2)))
        for place in range(draw(st.integers(0, 40)))
    ]
    takers = {}
    for desk in (DESK, LEAD):
        capacity = st.integers(1, 12) if draw(st.booleans()) else st.none()
        people = draw(st.lists(staff_ids, unique=True))
        takers[desk] = [
            Taker(who, desk.positions[0], draw(st.integers(0, 12)), draw(capacity), draw(st.booleans()))
            for who in people
        ]
    return rows, takers


@given(portfolios())
def test_every_customer_has_one_fate_and_nobody_is_filled_above_the_capacity(portfolio):
    rows, takers = portfolio
    fates = split_evenly(rows, takers)
    assert sorted(fate.customer for fate in fates) == [row.customer for row in rows]
    desk_of = {row.customer: row.desk for row in rows}
    others = {row.customer: row.others for row in rows}
    for fate in fates:
        if fate.staff is None:
            assert (fate.kind, bool(fate.why)) == (HandOverFate.QUEUE, True)
            continue
        taker = next(each for each in takers[desk_of[fate.customer]] if each.staff == fate.staff)
        assert (taker.listed, fate.staff in others[fate.customer], fate.why) == (True, False, "")
    for desk, people in takers.items():
        received = given_to(fate for fate in fates if desk_of[fate.customer] == desk)
        for each in people:
            if each.capacity is not None and received[each.staff]:
                assert each.load + received[each.staff] <= each.capacity


@given(
    st.integers(0, 60),
    st.lists(st.integers(0, 20), min_size=1, max_size=6),
    st.one_of(st.none(), st.integers(1, 40)),
)
def test_people_of_one_capacity_end_within_one_customer_of_each_other(count, loads, capacity):
    takers = {DESK: [Taker(place, "teller", load, capacity) for place, load in enumerate(loads)]}
    received = given_to(split_evenly(held(count), takers))
    ends = {place: load + received[place] for place, load in enumerate(loads)}
    took = [ends[place] for place in ends if received[place]]
    room = [end for end in ends.values() if capacity is None or end < capacity]
    assert not took or max(took) - min(took) <= 1
    assert not took or not room or max(took) - min(room) <= 1
    assert not (received[None] and room)


def test_the_share_of_the_capacity_counts_and_not_the_bare_number():
    takers = {DESK: [Taker(1, "teller", 0, 30), Taker(2, "teller", 0, 10)]}
    assert given_to(split_evenly(held(20), takers)) == {1: 15, 2: 5}


def test_loads_without_a_roster_add_up_over_desks():
    both = [Taker(1, "branch_manager", 0)]
    takers = {DESK: [Taker(1, "teller", 0), Taker(2, "teller", 0)], LEAD: both}
    rows = [*held(4, LEAD), *(Held(10 + place, DESK) for place in range(4))]
    assert given_to(split_evenly(rows, takers)) == {1: 4, 2: 4}


def test_who_finds_nobody_goes_to_the_queue_with_the_reason():
    nowhere = Desk(1, Tier.OUT_OF_SCOPE, ())
    full, owner = {DESK: [Taker(1, "teller", 5, 5)]}, {DESK: [Taker(1, "teller", 0)]}
    assert [fate.why for fate in split_evenly(held(1), {})] == [QueuedWhy.NOBODY]
    assert [fate.why for fate in split_evenly(held(1), full)] == [QueuedWhy.FULL]
    assert [fate.why for fate in split_evenly(held(1, others=[1]), owner)] == [QueuedWhy.NOBODY]
    assert [fate.why for fate in split_evenly(held(1, nowhere), full)] == [QueuedWhy.NOT_MAINTAINED]


def test_who_is_left_out_of_the_roster_gets_customers_by_hand_alone():
    takers = {DESK: [Taker(1, "teller", 0, 2), Taker(2, "teller", 0, listed=False)]}
    assert given_to(split_evenly(held(3), takers)) == {1: 2, None: 1}
    assert taker_for(held(1)[0], takers, 2) == Taker(2, "teller", 0, listed=False)


def test_everything_to_one_goes_above_the_capacity_and_the_rest_evenly():
    takers = {DESK: [Taker(1, "teller", 0, 2), Taker(2, "teller", 0, 9)], LEAD: [Taker(3, "lobby_manager", 0)]}
    rows = [*held(4), Held(8, LEAD), Held(9, DESK, frozenset([1]))]
    fates = {fate.customer: fate for fate in split_to_one(rows, takers, 1)}
    assert [fates[place].staff for place in range(4)] == [1, 1, 1, 1]
    assert (fates[8].staff, fates[9].staff) == (3, 2)
    assert fates[0] == Fate(0, 1, "teller")


def wanted(position, tier, *, is_primary=True, others=()):
    return positions_wanted(position, tier=tier, is_primary=is_primary, others=others, policy=STANDARD)


def test_private_wealth_keeps_one_of_each():
    every = ("wealth_manager", "deputy_president", "branch_president")
    for position in every:
        assert wanted(position, Tier.PRIVATE_WEALTH, is_primary=position == every[0]) == (position,)
    assert wanted("financial_advisor", Tier.PRIVATE_WEALTH) == ("wealth_manager",)
    assert wanted("financial_advisor", Tier.PRIVATE_WEALTH, others=["wealth_manager"]) == ("deputy_president",)
    assert wanted("financial_advisor", Tier.PRIVATE_WEALTH, others=every) == every


def test_one_seat_takes_any_of_its_positions_and_a_co_owner_the_same():
    either = ("branch_manager", "lobby_manager")
    assert wanted("lobby_manager", Tier.BRANCH_LEAD) == either
    assert wanted("lobby_manager", Tier.BRANCH_LEAD, is_primary=False) == ("lobby_manager",)
    assert wanted("teller", Tier.BRANCH_LEAD, is_primary=False) == either
    assert wanted("teller", Tier.WEALTH_MANAGEMENT) == ("financial_advisor",)
    assert wanted("teller", Tier.OUT_OF_SCOPE) == ()
    assert "teller" in wanted("lobby_manager", Tier.UNBANDED)
