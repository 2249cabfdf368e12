from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tiering.enums import Tier
from tiering.rules.moves import Line, Move, Standing, counted, move_on, net_movement

DAY = date(2026, 11, 24)
BEFORE = date(2026, 11, 1)


def line(tier: Tier, aum: int = 0) -> Line:
    return Line(1, aum, tier, int(tier > 0))


def on(before: dict, lines: dict, grace_days: int = 0):
    return move_on(before, lines, as_of=DAY, policy_version=2, grace_days=grace_days)


def test_who_never_was_in_scope_has_no_row():
    assert on({}, {1: line(Tier.OUT_OF_SCOPE)}).standing == {}


def test_entering_rising_staying_and_leaving():
    stood = {
        2: Standing(line(Tier.BRANCH_STAFF, 5), BEFORE, 1),
        3: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 1),
        4: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 1),
    }
    day = {
        1: line(Tier.BRANCH_STAFF, 6),
        2: line(Tier.BRANCH_LEAD, 6),
        3: line(Tier.BRANCH_LEAD, 6),
        4: line(Tier.OUT_OF_SCOPE, 1),
    }
    found = on(stood, day)
    assert {customer: each.since for customer, each in found.standing.items()} == {1: DAY, 2: DAY, 3: BEFORE, 4: DAY}
    assert found.moves == [
        Move(1, Tier.OUT_OF_SCOPE, 0, day[1]),
        Move(2, Tier.BRANCH_STAFF, 5, day[2]),
        Move(4, Tier.BRANCH_LEAD, 5, day[4]),
    ]


def test_who_has_no_line_keeps_everything():
    stood = {1: Standing(line(Tier.BRANCH_STAFF), BEFORE, 1), 2: Standing(line(Tier.OUT_OF_SCOPE), BEFORE, 1)}
    found = on(stood, {})
    assert (found.standing, found.moves, found.missing) == (stood, [], {1})


def test_a_fall_waits_with_tier_and_reasons_until_it_has_lasted():
    stood = {
        1: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 1),
        2: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 1, falling_since=date(2026, 11, 19)),
        3: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 1, falling_since=date(2026, 11, 20)),
    }
    found = on(stood, dict.fromkeys(stood, line(Tier.OUT_OF_SCOPE, 3)), grace_days=5)
    held = Line(1, 3, Tier.BRANCH_LEAD, 1)
    assert found.standing == {
        1: Standing(held, BEFORE, 2, DAY),
        2: Standing(line(Tier.OUT_OF_SCOPE, 3), DAY, 2),
        3: Standing(held, BEFORE, 2, date(2026, 11, 20)),
    }
    assert [each.customer for each in found.moves] == [2]


def test_who_comes_back_in_time_has_never_fallen():
    stood = {1: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 1, falling_since=date(2026, 11, 23))}
    found = on(stood, {1: line(Tier.BRANCH_LEAD, 5)}, grace_days=5)
    assert (found.standing, found.moves) == ({1: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 2)}, [])


def test_up_and_down_again_is_no_movement():
    steps = [
        Move(1, Tier.BRANCH_STAFF, 0, line(Tier.BRANCH_LEAD)),
        Move(2, Tier.OUT_OF_SCOPE, 0, line(Tier.BRANCH_STAFF)),
        Move(3, Tier.BRANCH_LEAD, 0, line(Tier.BRANCH_STAFF)),
        Move(1, Tier.BRANCH_LEAD, 0, line(Tier.BRANCH_STAFF)),
        Move(2, Tier.BRANCH_STAFF, 0, line(Tier.PRIVATE_WEALTH)),
        Move(3, Tier.BRANCH_STAFF, 0, line(Tier.OUT_OF_SCOPE)),
    ]
    net = net_movement(steps)
    assert net == {2: (Tier.OUT_OF_SCOPE, Tier.PRIVATE_WEALTH), 3: (Tier.BRANCH_LEAD, Tier.OUT_OF_SCOPE)}
    assert counted(net.values()) == {(Tier.PRIVATE_WEALTH, "up"): 1, (Tier.BRANCH_LEAD, "down"): 1}


days_before = st.dates(date(2026, 10, 20), BEFORE)
stood = st.builds(
    Standing,
    line=st.sampled_from(Tier).map(line),
    since=days_before,
    policy_version=st.just(2),
    falling_since=st.none() | st.dates(date(2026, 11, 10), date(2026, 11, 23)),
).map(lambda each: each if each.tier else replace(each, falling_since=None))
tiers = st.dictionaries(st.integers(1, 4), st.sampled_from(Tier), min_size=4)


@given(
    before=st.dictionaries(st.integers(1, 4), stood),
    files=st.lists(tiers, min_size=2, max_size=4),
    grace=st.sampled_from([0, 5]),
)
def test_a_corrected_day_ends_as_if_its_earlier_files_had_never_come(before, files, grace):
    """But for a row of whoever was in no tier before, and a fall whose waiting a wrong file broke off without a move:
    it waits anew.
    """
    lines = [{customer: line(tier) for customer, tier in each.items()} for each in files]
    standing, begun, came_back = before, {}, set()
    for each in lines:
        found = move_on(standing, each, as_of=DAY, policy_version=2, grace_days=grace, begun=begun)
        for move in found.moves:
            begun.setdefault(move.customer, standing.get(move.customer))
        came_back |= {
            c
            for c, row in found.standing.items()
            if c in before
            and c not in begun
            and before[c].falling_since
            and row.falling_since != before[c].falling_since
        }
        standing = found.standing
    due = on(before, lines[-1], grace).standing
    for customer, row in standing.items():
        if customer in due and customer not in came_back:
            assert row == due[customer]
        elif customer not in due:
            assert (row.tier, row.falling_since) == (Tier.OUT_OF_SCOPE, None)


def test_a_rise_by_a_wrong_file_is_taken_back_at_once_and_a_fall_goes_on_waiting():
    waits = date(2026, 11, 22)
    before = {
        1: Standing(line(Tier.BRANCH_STAFF, 5), BEFORE, 2),
        2: Standing(line(Tier.BRANCH_LEAD, 5), BEFORE, 2, falling_since=waits),
    }
    wrong = on(before, dict.fromkeys(before, line(Tier.PRIVATE_WEALTH, 9)), grace_days=5)
    right = {1: line(Tier.BRANCH_STAFF, 5), 2: line(Tier.BRANCH_STAFF, 5)}
    given = {"as_of": DAY, "policy_version": 2, "grace_days": 5}
    found = move_on(wrong.standing, right, begun=before, **given)
    assert found.standing == before
    assert [(each.from_tier, each.to.tier) for each in found.moves] == [
        (Tier.PRIVATE_WEALTH, Tier.BRANCH_STAFF),
        (Tier.PRIVATE_WEALTH, Tier.BRANCH_LEAD),
    ]
    assert (
        on(wrong.standing, right, grace_days=5).standing[1].tier == Tier.PRIVATE_WEALTH
    )  # as another day's fall waits
