from datetime import date, timedelta

import pytest

from tiering.enums import RolloutStepKind
from tiering.rules.rollout import StepState, blocked_by, out_of_order, resting_on, state_of

ROSTERS, SYSTEM, USERS, ALLOCATION = RolloutStepKind
DUE = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("step", "done", "found"),
    [
        (ROSTERS, (), ()),
        (SYSTEM, (), ()),
        (USERS, (), (ROSTERS, SYSTEM)),
        (USERS, (SYSTEM,), (ROSTERS,)),
        (USERS, (ROSTERS, SYSTEM), ()),
        (ALLOCATION, (ROSTERS, SYSTEM), (USERS,)),
        (ALLOCATION, (ROSTERS, SYSTEM, USERS), ()),
    ],
)
def test_three_waits_for_one_and_two_and_four_for_three(step, done, found):
    assert blocked_by(step, done) == found


@pytest.mark.parametrize(
    ("step", "done", "found"),
    [
        (ROSTERS, (ROSTERS, SYSTEM), ()),
        (ROSTERS, (ROSTERS, SYSTEM, USERS), (USERS,)),
        (USERS, (ROSTERS, SYSTEM, USERS, ALLOCATION), (ALLOCATION,)),
        (ALLOCATION, tuple(RolloutStepKind), ()),
    ],
)
def test_a_step_that_others_rest_on_stays_done(step, done, found):
    assert resting_on(step, done) == found


def test_states():
    day_after = DUE + timedelta(days=1)
    assert state_of(ROSTERS, due=DUE, done=(), day=DUE) == StepState.OPEN
    assert state_of(ROSTERS, due=DUE, done=(), day=day_after) == StepState.OVERDUE
    assert state_of(ROSTERS, due=DUE, done=(ROSTERS,), day=day_after) == StepState.DONE
    assert state_of(USERS, due=DUE, done=(ROSTERS,), day=DUE) == StepState.BLOCKED
    assert state_of(USERS, due=DUE, done=(ROSTERS,), day=day_after) == StepState.OVERDUE


def test_dates_out_of_their_order():
    one, two = DUE, DUE + timedelta(days=1)
    assert out_of_order(one, one, one, one) == {}
    assert out_of_order(two, one, one, one) == {"users_due_on": "before_earlier_step"}
    assert out_of_order(one, two, one, two) == {"users_due_on": "before_earlier_step"}
    assert out_of_order(one, one, two, one) == {"go_live_on": "before_users"}
