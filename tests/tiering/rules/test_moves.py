from datetime import date

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
