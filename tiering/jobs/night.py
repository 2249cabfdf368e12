"""What every step of a night knows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tiering.rules.policy import Policy

# Whoever loads the lines of a legal entity, or takes days away, is alone with them (files.turns).
LOCK_SPACE = 7_310_004
# Whoever counts the owners that are owed, and whoever changes one and counts for himself (services.meetings).
COUNTS = 7_310_032


def say_nothing(step: str, percent: int) -> None:
    pass


@dataclass(frozen=True)
class Night:
    """One file's day. `table` is the partition that holds the day's lines once they are loaded.

    `moves_standing` is False where a newer day has been loaded already: the lines only fill their day. `today` is the
    business date on which the night runs, mostly the day after.
    `progress(step, percent)` takes a step of enums.NightStep and how much of it is done.
    """

    run_id: int
    legal_entity_id: int
    as_of: date
    policy: Policy
    policy_id: int
    table: str
    moves_standing: bool
    today: date
    progress: Callable[[str, int], None] = say_nothing
