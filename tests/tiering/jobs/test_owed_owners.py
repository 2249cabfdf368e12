"""Overdue, incomplete and warned as the night counts them, held to the rules over month ends and all positions."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiering.jobs.bank import PATHS, found_bank
from tests.tiering.jobs.days import make_night, rows_of, undone
from tests.tiering.rules.policies import STANDARD
from tiering.enums import BANDED, OwnerReason, Tier
from tiering.jobs.owed_owners import find_owed
from tiering.models import OwnerAssignment, RolloutPlan, TierAssignment
from tiering.rules.completeness import Completeness, completeness
from tiering.rules.deadlines import due_on, is_overdue

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
POSITIONS = ("wealth_manager", "deputy_president", "branch_president", "branch_manager", "lobby_manager", "teller")
TWO_OF_THREE = replace(
    STANDARD,
    bands=tuple(
        replace(band, positions_needed=2) if band.tier == Tier.PRIVATE_WEALTH else band for band in STANDARD.bands
    ),
)
ALONE = replace(STANDARD, bands=tuple(replace(band, positions=band.positions[:1]) for band in STANDARD.bands))
# The ends of months of every length, and the days around them.
DAYS = st.sampled_from(
    [date(2027, 12, 31), date(2028, 1, 30), date(2028, 1, 31), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    + [date(2028, 3, 31), date(2028, 4, 30), date(2028, 5, 1)]
)


@dataclass(frozen=True)
class Someone:
    """`held` by the present owners, the first the primary; `left` are the last days of former primary owners."""

    path: str
    tier: Tier
    since: date
    held: tuple[str, ...]
    left: tuple[date, ...]

    @property
    def banded(self) -> bool:
        return self.tier in BANDED


people = st.builds(
    Someone,
    path=st.sampled_from(PATHS),
    tier=st.sampled_from([*BANDED, *BANDED, Tier.UNBANDED, Tier.OUT_OF_SCOPE]),
    since=DAYS,
    held=st.lists(st.sampled_from(POSITIONS), max_size=4).map(tuple),
    left=st.lists(DAYS, max_size=2).map(tuple),
)


@settings(deadline=None, max_examples=60)
@given(
    people=st.lists(people, max_size=20),
    live=st.dictionaries(st.sampled_from(PATHS), DAYS),
    day=DAYS,
    policy=st.sampled_from([STANDARD, TWO_OF_THREE, ALONE]),
)
def test_sql_and_rules_agree(people, live, day, policy):
    with undone() as cursor:
        bank = found_bank(staff=range(1, 6))
        plan(bank, live)
        for number, each in enumerate(people, 1):
            place(bank, number, each)
        find_owed(cursor, make_night(day, policy, entity=bank.entity))
        places = {pk: path for path, pk in bank.branches.items()}
        overdue = {(places[b], t): n for b, t, n in rows_of(cursor, "SELECT * FROM night_overdue")}
        held = rows_of(cursor, "SELECT * FROM night_held")
    assert overdue == Counter(
        (each.path, each.tier)
        for each in people
        if each.banded
        and not each.held
        and is_overdue(due_on(each.since, live.get(each.path), max(each.left, default=None)), day)
    )
    assert {(places[b], t, i, w) for b, t, i, w in held if i or w} == of_rules(people, policy)


def of_rules(people: list[Someone], policy) -> set[tuple]:
    found: dict[tuple, Counter] = {}
    for each in people:
        if each.banded and each.held:
            state = completeness(policy.band(each.tier), each.held)
            found.setdefault((each.path, each.tier), Counter())[state] += 1
    states = (Completeness.INCOMPLETE, Completeness.WARNING)
    rows = {(*key, *(counts[state] for state in states)) for key, counts in found.items()}
    return {row for row in rows if row[2] or row[3]}


def plan(bank, live: dict[str, date]) -> None:
    by = bank.staff[1]
    RolloutPlan.objects.using("owner").bulk_create(
        RolloutPlan(legal_entity_id=bank.entity, branch_id=bank.branches[path], go_live_on=day, planned_by_id=by)
        for path, day in live.items()
    )


def place(bank, number: int, each: Someone) -> None:
    """Former owners before present ones; nobody owns twice at a time."""
    TierAssignment.objects.using("owner").create(
        customer_id=number,
        legal_entity_id=bank.entity,
        branch_id=bank.branches[each.path],
        owner_id=bank.staff[1] if each.held else None,
        aum=1,
        tier=each.tier,
        reasons=1,
        since=each.since,
        policy_version=1,
    )
    own = {"legal_entity_id": bank.entity, "customer_id": number, "reason": OwnerReason.DEALT}
    rows = [
        OwnerAssignment(owner_id=bank.staff[5], position="teller", is_primary=True, since=until, until=until, **own)
        for until in each.left
    ]
    rows += [
        OwnerAssignment(
            owner_id=bank.staff[place], position=position, is_primary=place == 1, since=date(2020, 1, 1), **own
        )
        for place, position in enumerate(each.held, 1)
    ]
    OwnerAssignment.objects.using("owner").bulk_create(rows)


def test_another_legal_entity_is_not_counted():
    with undone() as cursor:
        bank, other = found_bank(staff=range(1, 6)), found_bank(code="T2", staff=range(1, 6))
        place(other, 1, Someone(PATHS[0], Tier.BRANCH_LEAD, date(2028, 1, 31), (), ()))
        place(other, 2, Someone(PATHS[0], Tier.BRANCH_LEAD, date(2028, 1, 31), ("lobby_manager",), ()))
        find_owed(cursor, make_night(date(2028, 5, 1), entity=bank.entity))
        assert rows_of(cursor, "SELECT * FROM night_overdue") == rows_of(cursor, "SELECT * FROM night_held") == []
        find_owed(cursor, make_night(date(2028, 5, 1), entity=other.entity))
        assert [row[2:] for row in rows_of(cursor, "SELECT * FROM night_overdue")] == [(1,)]
        assert [row[2:] for row in rows_of(cursor, "SELECT * FROM night_held")] == [(0, 1)]
