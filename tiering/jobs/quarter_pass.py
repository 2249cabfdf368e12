"""The two ends of a quarter side by side, in one parallel pass: sums of all who need no closer look.

As assess_sums: a row for each branch, owner, position and whether the customers were owned at the beginning; beside
those a row for each customer of whom the pass knows too little, `alone`. The twin is rules.indicators.tallied.
"""

from collections.abc import Sequence

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.jobs import planning
from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_apart import apart, find_rest
from tiering.jobs.temporary import joined_by, keep
from tiering.rules.policy import Policy
from tiering.selectors.quarter_parts import moved, products_sql, reached, wealthy

# Nobody else counts: without an owner a customer is only the branch's, from the floor of wealth management on. Whoever
# arrived and was nobody's before counts with both amounts for the owner of arrival.
BOTH_DAYS = """
SELECT
  CASE WHEN c.aum IS NULL OR o.aum IS NULL OR c.owned_since > %(since)s AND {arrived} THEN customer_id END AS alone,
  c.branch_id, c.owner_id, c.position, c.owned_since <= %(since)s AS owned, o.aum AS opening_aum,
  c.aum AS closing_aum, {products} AS products
FROM (
  SELECT * FROM {closing} c WHERE {within} AND NOT EXISTS (SELECT FROM {apart} a WHERE a.customer_id = c.customer_id)
) c FULL JOIN (SELECT customer_id, aum FROM {opening} WHERE {within}) o USING (customer_id)
WHERE c.owner_id IS NOT NULL OR {wealthy_opening} OR {wealthy_closing}
"""
# Both days lie in the order of their customers: merged, a part for each process, they take half the time of a hash.
BOUNDS = """
SELECT coalesce(percentile_disc(%(shares)s) WITHIN GROUP (ORDER BY customer_id), '{{}}')
FROM {closing} TABLESAMPLE SYSTEM (1) REPEATABLE (1)
"""
# sum_fen stays a bigint, which no sum of amounts exceeds (rules.money); the server's own turns into numerics.
SUMS = """
SELECT alone, branch_id, owner_id, position, owned, count(*) AS customers, count(*) FILTER (WHERE {fell}) AS churned,
  count(*) FILTER (WHERE {rose}) AS upgraded, count(*) FILTER (WHERE NOT {held}) AS gone,
  count(*) FILTER (WHERE {arrived}) AS arrived, count(*) FILTER (WHERE {held}) AS held,
  sum(products) FILTER (WHERE {held}) AS products,
  sum_fen(opening_aum) AS opening_aum, sum_fen(closing_aum) AS closing_aum,
  count(*) FILTER (WHERE {wealthy_opening}) AS wealthy_opening,
  count(*) FILTER (WHERE {wealthy_closing}) AS wealthy_closing
FROM ({both_days}) b GROUP BY alone, branch_id, owner_id, position, owned
"""


def pass_over(cursor, assessed: Assessed) -> None:
    """Wants what find_apart leaves. Afterwards assess_rest has whom it could not judge."""
    parts = _parts(cursor, assessed, planning.processes())
    with joined_by(cursor, "mergejoin"):
        keep(cursor, "assess_sums", sums_sql(assessed, parts), assessed.values)
    find_rest(cursor, assessed)


def sums_sql(assessed: Assessed, parts: Sequence[Composable]) -> Composable:
    """`parts`: conditions on customer_id that share out all customers."""
    policy = assessed.policy
    return SQL(SUMS).format(
        both_days=SQL(" UNION ALL ").join(_both_days(assessed, within) for within in parts),
        held=reached(policy.entry, "closing_aum"),
        arrived=_arrived(policy, "opening_aum", "closing_aum"),
        wealthy_opening=wealthy(policy, "opening_aum"),
        wealthy_closing=wealthy(policy, "closing_aum"),
        **moved(policy),
    )


def _both_days(assessed: Assessed, within: Composable) -> Composable:
    policy = assessed.policy
    return SQL(BOTH_DAYS).format(
        arrived=_arrived(policy, "o.aum", "c.aum"),
        products=products_sql(assessed.categories, "c.categories"),
        closing=Identifier(assessed.closing_lines),
        opening=Identifier(assessed.opening_lines),
        wealthy_opening=wealthy(policy, "o.aum"),
        wealthy_closing=wealthy(policy, "c.aum"),
        apart=Identifier(apart(assessed)),
        within=within,
    )


def _parts(cursor, assessed: Assessed, number: int) -> list[Composable]:
    """About as many customers in each, by a look at a hundredth of them; all in one where there are few."""
    shares = [place / number for place in range(1, number)]
    cursor.execute(SQL(BOUNDS).format(closing=Identifier(assessed.closing_lines)), {"shares": shares})
    bounds = sorted(set(cursor.fetchone()[0]))
    lows = [SQL("customer_id >= {}").format(Literal(bound)) for bound in bounds]
    highs = [SQL("customer_id < {}").format(Literal(bound)) for bound in bounds]
    everybody = SQL("true")
    return [
        SQL("{} AND {}").format(low, high) for low, high in zip([everybody, *lows], [*highs, everybody], strict=True)
    ]


def _arrived(policy: Policy, was: str, now: str) -> Composable:
    return SQL("({} AND NOT {})").format(reached(policy.entry, now), reached(policy.entry, was))
