"""推行: four dated steps of a branch (rules 4.5). 1 and 2 run side by side, 3 follows both, 4 follows 3."""

from collections.abc import Iterable
from datetime import date
from enum import Enum

from tiering.enums import RolloutStepKind

AFTER = {
    RolloutStepKind.ROSTERS: frozenset(),
    RolloutStepKind.SYSTEM: frozenset(),
    RolloutStepKind.USERS: frozenset({RolloutStepKind.ROSTERS, RolloutStepKind.SYSTEM}),
    RolloutStepKind.ALLOCATION: frozenset({RolloutStepKind.USERS}),
}


class StepState(Enum):
    DONE = "done"
    OVERDUE = "overdue"
    BLOCKED = "blocked"
    OPEN = "open"


def blocked_by(step: RolloutStepKind, done: Iterable[int]) -> tuple[RolloutStepKind, ...]:
    """Steps that come first and are not done."""
    return tuple(sorted(AFTER[step] - set(done)))


def resting_on(step: RolloutStepKind, done: Iterable[int]) -> tuple[RolloutStepKind, ...]:
    """Done steps that want this one: while there are any it is not undone."""
    return tuple(each for each in sorted(set(done)) if step in AFTER[each])


def state_of(step: RolloutStepKind, *, due: date, done: Iterable[int], day: date) -> StepState:
    """Overdue comes before blocked: that another step is late too is no excuse."""
    if step in set(done):
        return StepState.DONE
    if day > due:
        return StepState.OVERDUE
    return StepState.BLOCKED if blocked_by(step, done) else StepState.OPEN


def out_of_order(rosters: date, system: date, users: date, go_live: date) -> dict[str, str]:
    """Codes by field: the users come after rosters and system, the go-live not before the users."""
    found = {}
    if users < max(rosters, system):
        found["users_due_on"] = "before_earlier_step"
    if go_live < users:
        found["go_live_on"] = "before_users"
    return found
