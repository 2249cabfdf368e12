"""What a draft would move, over the whole base: the matrix from cells where they answer exactly, else from every line.

The twin is rules.what_if. Amounts are whole fen.
"""

from dataclasses import dataclass, field

from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import BANDED, Tier
from tiering.jobs.what_if_base import Trial, lacks_lines, tried
from tiering.jobs.what_if_cells import matrix_of_cells
from tiering.models import WhatIfBasis
from tiering.rules.policy import Policy
from tiering.rules.what_if import THOUSAND, Count, Step, tiers_named_anew

MATRIX = """
SELECT standing, draft, count(*), sum(aum)::bigint FROM ({tried}) person GROUP BY standing, draft
"""
# `named_now`: the present policy names the owner's position for the tier the customer stands in, `named_then` the draft
# for the one it gives.
AFFECTED = """
WITH affected AS MATERIALIZED (
  SELECT customer_id, branch_id, aum, standing, draft, owner_id FROM ({tried}) person
  WHERE (draft <> standing OR standing = ANY({renamed})) AND {within}
), owned AS MATERIALIZED (
  SELECT a.customer_id, a.branch_id, a.aum, a.standing, a.draft, o.owner_id, o.position,
    {now} AS named_now, {then} AS named_then
  FROM affected a JOIN tiering_ownerassignment o ON o.customer_id = a.customer_id AND o.until IS NULL
), lost AS (
  SELECT customer_id, branch_id, aum, standing, draft FROM owned GROUP BY 1, 2, 3, 4, 5
  HAVING bool_or(named_now) AND NOT bool_or(named_then)
)
SELECT 'moved', branch_id, standing, draft, NULL::bigint, NULL::text, count(*), sum(aum)::bigint,
  count(*) FILTER (WHERE owner_id IS NULL)
FROM affected WHERE draft <> standing GROUP BY branch_id, standing, draft
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
    """`spans` are the assets within which somebody moves, None where nobody looked. `absent` as WhatIfBasis has it."""

    steps: dict[Step, Count]
    absent: bool
    spans: tuple[tuple[int, int], ...] | None = None


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
    steps = _steps(cursor, SQL(MATRIX).format(tried=tried(trial, absent=False)))
    with_line = sum(count.customers for (standing, _draft), count in steps.items() if standing)
    if not lacks_lines(cursor, trial, with_line):
        return Movement(steps, absent=False)
    return Movement(_steps(cursor, SQL(MATRIX).format(tried=tried(trial, absent=True))), absent=True)


def movement_by_cells(cursor, trial: Trial, basis: WhatIfBasis) -> Movement:
    """Where rules.what_if.cells_suffice, and the basis holds."""
    cursor.execute(matrix_of_cells(trial))
    rows = cursor.fetchall()
    steps = {_step(row): Count(*row[2:4]) for row in rows}
    spans = tuple((low, high + THOUSAND) for standing, draft, _n, _aum, low, high in rows if standing != draft)
    return Movement(steps, basis.absent, spans)


def affected(cursor, trial: Trial, movement: Movement) -> Affected:
    """Who moves, who loses the owner the policy names, and whom they had."""
    renamed = [int(tier) for tier in tiers_named_anew(trial.present, trial.draft)]
    spans = None if renamed else movement.spans
    query = SQL(AFFECTED).format(
        tried=tried(trial, absent=movement.absent),
        renamed=SQL("{}::smallint[]").format(Literal(renamed)),
        within=_within(spans),
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


def names(policy: Policy, tier: str, position: str) -> Composable:
    """Whether the policy names that position for that tier; both are columns."""
    cases = SQL(" ").join(
        SQL("WHEN {} THEN {} = ANY({}::text[])").format(
            Literal(int(each)), SQL(position), Literal(list(policy.positions(each)))
        )
        for each in BANDED
    )
    return SQL("CASE {} {} ELSE false END").format(SQL(tier), cases)


def _steps(cursor, query: Composable) -> dict[Step, Count]:
    cursor.execute(query)
    return {_step(row): Count(*row[2:4]) for row in cursor.fetchall()}


def _step(row: tuple) -> Step:
    return Tier(row[0]), Tier(row[1])


def _within(spans: tuple[tuple[int, int], ...] | None) -> Composable:
    if spans is None:
        return SQL("true")
    each = [SQL("aum BETWEEN {} AND {}").format(Literal(low), Literal(high)) for low, high in spans]
    return SQL("({})").format(SQL(" OR ").join(each)) if each else SQL("false")
