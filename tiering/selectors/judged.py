"""Who counts in an assessment, as SQL: whoever was judged apart, and everybody else from the lines of its two days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.models import AssessedDay, Assessment
from tiering.rules.indicators import Part
from tiering.rules.policy import Policy
from tiering.rules.quarters import parse_quarter
from tiering.selectors.quarter_parts import conditions, parts_sql, products_sql

JUDGED = """
SELECT customer_id, branch_id, opening_owner_id, closing_owner_id, arrival_owner_id, opening_aum, closing_aum, products,
  parts, false AS is_closed
FROM tiering_assessmentcustomer WHERE assessment_id = {assessment} {in_branches} AND {apart}
"""
# A line on both days, and no other owner than the one at the end.
TOGETHER = """
UNION ALL SELECT * FROM (
  SELECT customer_id, c.branch_id, CASE WHEN c.owned_since <= {since} THEN c.owner_id END AS opening_owner_id,
    c.owner_id AS closing_owner_id, c.owner_id AS arrival_owner_id, o.aum AS opening_aum, c.aum AS closing_aum,
    {products} AS products, NULL::smallint AS parts, false AS is_closed
  FROM {closing} c JOIN {opening} o USING (customer_id)
  WHERE c.aum IS NOT NULL AND o.aum IS NOT NULL {of_branches} {owned} AND NOT EXISTS (
    SELECT FROM tiering_assessmentcustomer a WHERE a.assessment_id = {assessment} AND a.customer_id = c.customer_id
  )
) both_days WHERE {counts}
"""


@dataclass(frozen=True)
class Counted:
    """Whoever is one of `parts`, each with the column of the owner for whom it counts.

    `branches` None: all of them. `owner` None: anybody's. `once`: who was owned at the beginning counts for that owner
    alone (培).
    """

    parts: Sequence[tuple[Part, str]]
    branches: Sequence[int] | None = None
    owner: int | None = None
    once: bool = False


def judged(assessment: Assessment, policy: Policy, counted: Counted) -> Composable:
    """Rows as of tiering_assessmentcustomer; `parts` are null where all_parts tells them.

    `policy` is that of the opening day. A version of before days were kept holds all of its customers itself.
    """
    text = SQL(JUDGED if assessment.closing_day_id is None else JUDGED + TOGETHER)
    held = conditions(policy)
    return text.format(
        assessment=Literal(assessment.pk),
        apart=_any(counted, {part: SQL("parts & {} > 0").format(Literal(int(part))) for part in held}),
        opening=Identifier(AssessedDay.lines_table(assessment.opening_day_id)),
        closing=Identifier(AssessedDay.lines_table(assessment.closing_day_id)),
        since=Literal(parse_quarter(assessment.quarter).opening_on),
        products=products_sql(assessment.category_bits, "c.categories"),
        in_branches=_in("branch_id", counted.branches),
        of_branches=_in("c.branch_id", counted.branches),
        owned=SQL("") if counted.owner is None else SQL("AND c.owner_id = {}").format(Literal(counted.owner)),
        counts=_any(counted, held),
    )


def all_parts(policy: Policy) -> Composable:
    """Of a row of `judged`."""
    return SQL("coalesce(parts, {})").format(parts_sql(policy))


def _any(counted: Counted, held: dict[Part, Composable]) -> Composable:
    return SQL("({})").format(SQL(" OR ").join(_each(counted, held)))


def _each(counted: Counted, held: dict[Part, Composable]) -> Iterable[Composable]:
    for part, column in counted.parts:
        if counted.owner is None:
            yield held[part]
        else:
            mine = SQL("{} AND {} = {}").format(held[part], Identifier(column), Literal(counted.owner))
            once = counted.once and part == Part.NEW
            yield SQL("{} AND opening_owner_id IS NULL").format(mine) if once else mine


def _in(column: str, branches: Sequence[int] | None) -> Composable:
    return SQL("") if branches is None else SQL("AND {} = ANY ({})").format(SQL(column), Literal(list(branches)))
