"""What a draft would move, over the whole base: the matrix from sums where they answer exactly, else from every line.

The twin is rules.what_if. Amounts are whole fen.
"""

from dataclasses import dataclass, field

from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import BANDED, Tier
from tiering.jobs.what_if_base import Trial, everybody, lacks_lines, tried
from tiering.jobs.what_if_matrix import matrix_of_cells
from tiering.jobs.what_if_movers import may_move
from tiering.models import WhatIfBasis
from tiering.rules.policy import Policy
from tiering.rules.what_if import Count, Step, tiers_named_anew

MATRIX = """
SELECT standing, draft, count(*), sum(aum)::bigint FROM ({tried}) person GROUP BY standing, draft
"""
# `named_now`: the present policy names the owner's position for the tier the customer stands in, `named_then` the draft
# for the one it gives.
AFFECTED = """
WITH affected AS MATERIALIZED (
  SELECT customer_id, branch_id, aum, standing, draft FROM ({tried}) person
  WHERE draft <> standing OR standing = ANY({renamed})
), owned AS MATERIALIZED (
  SELECT a.customer_id, a.branch_id, a.aum, a.standing, a.draft, o.owner_id, o.position,
    {now} AS named_now, {then} AS named_then
  FROM affected a JOIN tiering_ownerassignment o ON o.customer_id = a.customer_id AND o.until IS NULL
), lost AS (
  SELECT customer_id, branch_id, aum, standing, draft FROM owned GROUP BY 1, 2, 3, 4, 5
  HAVING bool_or(named_now) AND NOT bool_or(named_then)
)
SELECT 'moved', a.branch_id, standing, draft, NULL::bigint, NULL::text, count(*), sum(a.aum)::bigint,
  count(*) FILTER (WHERE s.owner_id IS NULL)
FROM affected a LEFT JOIN tiering_tierassignment s ON s.customer_id = a.customer_id
WHERE draft <> standing GROUP BY a.branch_id, standing, draft
UNION ALL
SELECT 'lost', branch_id, standing, draft, NULL, NULL, count(*), sum(aum)::bigint, 0
FROM lost GROUP BY branch_id, standing, draft
UNION ALL
SELECT 'owner', branch_id, standing, draft, owner_id, position, count(*), sum(aum)::bigint,
  count(*) FILTER (WHERE named_now AND NOT named_then)
FROM owned GROUP BY branch_id, standing, draft, owner_id, position
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
    for kind, branch, standing, draft, owner, position, customers, aum, few in cursor.fetchall():
        step = (Tier(standing), Tier(draft))
        if kind == "owner":
            found.owned.append(Owned(branch, owner, position, step, customers, leaving=few))
        else:
            getattr(found, kind).append(Moved(branch, step, Count(customers, aum), unowned=few))
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
    cursor.execute(SQL(MATRIX).format(tried=tried(trial, everybody(trial, absent=absent))))
    return _steps(cursor.fetchall())


def _steps(rows: list[tuple]) -> dict[Step, Count]:
    return {(Tier(standing), Tier(draft)): Count(*count) for standing, draft, *count in rows}
