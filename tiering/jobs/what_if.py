"""What a draft would move, over the whole base: the matrix from sums where they answer exactly, else from every line.

The twin is rules.what_if. Amounts are whole fen.
"""

from dataclasses import dataclass, field
from itertools import product

from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import BANDED, Tier
from tiering.jobs.what_if_base import Trial, everybody, lacks_lines, tried
from tiering.jobs.what_if_matrix import matrix_of_cells
from tiering.jobs.what_if_movers import may_move
from tiering.models import WhatIfBasis
from tiering.rules.policy import Policy
from tiering.rules.what_if import Count, Step, tiers_named_anew

# Joined with the steps there are, so that the planner knows how few groups come of it and shares the lines out.
MATRIX = """
SELECT step.standing, step.draft, count(*), sum(aum)::bigint
FROM ({tried}) person JOIN (VALUES {steps}) step (number, standing, draft)
  ON step.number = person.standing * {tiers} + person.draft
GROUP BY step.standing, step.draft
"""
TIERS = len(Tier)
STEPS = SQL(", ").join(
    SQL("({}, {}, {})").format(Literal(before * TIERS + then), Literal(int(before)), Literal(int(then)))
    for before, then in product(Tier, Tier)
)
# `named_now`: the present policy names the owner's position for the tier the customer stands in, `named_then` the draft
# for the one it gives. Whoever moves or loses an owner is counted once, and each of the owners with whom he has.
AFFECTED = """
WITH affected AS MATERIALIZED (
  SELECT customer_id, branch_id, aum, standing, draft FROM ({tried}) person
  WHERE draft <> standing OR standing = ANY({renamed})
), owned AS MATERIALIZED (
  SELECT a.customer_id, a.branch_id, a.aum, a.standing, a.draft, o.owner_id, o.position, o.is_primary,
    {now} AS named_now, {then} AS named_then
  FROM affected a LEFT JOIN tiering_ownerassignment o ON o.customer_id = a.customer_id AND o.until IS NULL
), person AS (
  SELECT branch_id, aum, standing, draft, bool_or(is_primary) IS TRUE AS has_owner,
    (bool_or(named_now) AND NOT bool_or(named_then)) IS TRUE AS loses
  FROM owned GROUP BY customer_id, branch_id, aum, standing, draft
)
SELECT branch_id, standing, draft, NULL::bigint, NULL::text, count(*), sum(aum)::bigint,
  count(*) FILTER (WHERE NOT has_owner), count(*) FILTER (WHERE loses),
  coalesce(sum(aum) FILTER (WHERE loses), 0)::bigint
FROM person GROUP BY branch_id, standing, draft
UNION ALL
SELECT branch_id, standing, draft, owner_id, position, count(*), 0, 0,
  count(*) FILTER (WHERE named_now AND NOT named_then), 0
FROM owned WHERE owner_id IS NOT NULL GROUP BY branch_id, standing, draft, owner_id, position
"""


@dataclass(frozen=True)
class Movement:
    """`basis` is what it was counted from, None where it was from every line. `absent` as WhatIfBasis has it."""

    steps: dict[Step, Count]
    absent: bool
    basis: WhatIfBasis | None = None


@dataclass(frozen=True)
class Moved:
    """Of one branch and step; `unowned` has nobody now."""

    branch_id: int
    step: Step
    count: Count
    unowned: int = 0


@dataclass(frozen=True)
class Owned:
    """Customers of one branch, step and owner; for `leaving` of them the draft would no longer name his position."""

    branch_id: int
    owner_id: int
    position: str
    step: Step
    customers: int
    leaving: int


@dataclass
class Affected:
    """`lost`: who has a named owner now and would have none."""

    moved: list[Moved] = field(default_factory=list)
    lost: list[Moved] = field(default_factory=list)
    owned: list[Owned] = field(default_factory=list)


def movement_by_lines(cursor, trial: Trial) -> Movement:
    """One look at every line; a second one where somebody stands who has none."""
    steps = _by_lines(cursor, trial, absent=False)
    with_line = sum(count.customers for (standing, _draft), count in steps.items() if standing)
    if not lacks_lines(cursor, trial, with_line):
        return Movement(steps, absent=False)
    return Movement(_by_lines(cursor, trial, absent=True), absent=True)


def movement_by_cells(cursor, trial: Trial, basis: WhatIfBasis) -> Movement:
    """Where rules.what_if.cells_suffice, and the basis holds."""
    return Movement(_steps(matrix_of_cells(cursor, trial, basis)), basis.absent, basis)


def affected(cursor, trial: Trial, movement: Movement) -> Affected:
    """Who moves, who loses the owner the policy names, and whom they had."""
    renamed = tiers_named_anew(trial.present, trial.draft)
    query = SQL(AFFECTED).format(
        tried=tried(trial, concerned(trial, movement.basis, absent=movement.absent)),
        renamed=SQL("{}::smallint[]").format(Literal([int(tier) for tier in renamed])),
        now=names(trial.present, "a.standing", "o.position"),
        then=names(trial.draft, "a.draft", "o.position"),
    )
    cursor.execute(query)
    found = Affected()
    for branch, standing, draft, owner, position, customers, aum, few, losing, lost in cursor.fetchall():
        step = (Tier(standing), Tier(draft))
        if owner is not None:
            found.owned.append(Owned(branch, owner, position, step, customers, leaving=losing))
            continue
        if standing != draft:
            found.moved.append(Moved(branch, step, Count(customers, aum), unowned=few))
        if losing:
            found.lost.append(Moved(branch, step, Count(losing, lost)))
    return found


def concerned(trial: Trial, basis: WhatIfBasis | None, *, absent: bool) -> Composable:
    """Everybody who moves or may lose an owner, and others: few where there is a basis, else all."""
    if basis is None:
        return everybody(trial, absent=absent)
    return may_move(trial, basis, standing=tiers_named_anew(trial.present, trial.draft))


def names(policy: Policy, tier: str, position: str) -> Composable:
    """Whether the policy names that position for that tier; both are columns."""
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {} = ANY({}::text[])").format(
            Literal(int(each)), SQL(position), Literal(list(policy.positions(each)))
        )
        for each in BANDED
    )
    return SQL("CASE {} {} ELSE false END").format(SQL(tier), cases)


def _by_lines(cursor, trial: Trial, *, absent: bool) -> dict[Step, Count]:
    cursor.execute(
        SQL(MATRIX).format(tried=tried(trial, everybody(trial, absent=absent)), steps=STEPS, tiers=Literal(TIERS))
    )
    return _steps(cursor.fetchall())


def _steps(rows: list[tuple]) -> dict[Step, Count]:
    return {(Tier(standing), Tier(draft)): Count(*count) for standing, draft, *count in rows}
