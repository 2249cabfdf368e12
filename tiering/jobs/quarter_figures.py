"""The sums of owners and branches of an assessment; the twin is rules.indicators.tallied."""

from psycopg2.sql import SQL, Identifier, Literal

from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_customers import customer_table
from tiering.jobs.temporary import joined_by, keep
from tiering.rules.indicators import COUNTED, Part

# One look at the customers for each way of counting: few columns a time cost less than one sum of all of them. sum_fen
# stays a bigint, which no sum of amounts exceeds (rules.money); the server's own sum turns every group into a numeric.
SUMS = """
SELECT branch_id, owner_id, coalesce(owned, 0) AS opening_customers, coalesce(churned, 0) AS churned,
  coalesce(upgraded, 0) AS upgraded, coalesce(held, 0) AS closing_customers, coalesce(products, 0) AS products,
  coalesce(arrived, 0) AS new_customers, coalesce(gone, 0) AS left_customers,
  coalesce(b.opening_aum, 0) + coalesce(n.opening_aum, 0) AS opening_aum,
  coalesce(b.closing_aum, 0) + coalesce(n.closing_aum, 0) AS closing_aum,
  0 AS wealthy_opening, 0 AS wealthy_closing
FROM (
  SELECT branch_id, opening_owner_id AS owner_id, count(*) AS owned,
    count(*) FILTER (WHERE parts & {churned} > 0) AS churned,
    count(*) FILTER (WHERE parts & {upgraded} > 0) AS upgraded, count(*) FILTER (WHERE parts & {left} > 0) AS gone,
    sum_fen(opening_aum) AS opening_aum, sum_fen(closing_aum) AS closing_aum
  FROM {table} WHERE parts & {opening} > 0 GROUP BY branch_id, opening_owner_id
) b FULL JOIN (
  SELECT branch_id, closing_owner_id AS owner_id, count(*) AS held, sum(products) AS products
  FROM {table} WHERE parts & {held} > 0 GROUP BY branch_id, closing_owner_id
) h USING (branch_id, owner_id) FULL JOIN (
  SELECT branch_id, arrival_owner_id AS owner_id, count(*) AS arrived,
    sum_fen(opening_aum) FILTER (WHERE parts & {opening} = 0) AS opening_aum,
    sum_fen(closing_aum) FILTER (WHERE parts & {opening} = 0) AS closing_aum
  FROM {table} WHERE parts & {new} > 0 GROUP BY branch_id, arrival_owner_id
) n USING (branch_id, owner_id)
UNION ALL SELECT branch_id, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*) FILTER (WHERE parts & {wealthy_opening} > 0),
  count(*) FILTER (WHERE parts & {wealthy_closing} > 0)
FROM {table} WHERE parts & ({wealthy_opening} | {wealthy_closing}) > 0 GROUP BY branch_id
"""
# In the order of their key, which is written faster then.
KEEP = """
INSERT INTO tiering_assessmentfigure (assessment_id, branch_id, owner_id, {counted})
SELECT {assessment}, branch_id, owner_id, {counted} FROM assess_figures ORDER BY branch_id, owner_id
"""
BITS = {part.name.lower(): Literal(int(part)) for part in Part}


def add_up(cursor, assessed: Assessed) -> int:
    """As assess_figures; how many there are."""
    table = Identifier(customer_table(assessed.assessment_id))
    with joined_by(cursor, "hashjoin"):
        return keep(cursor, "assess_figures", SQL(SUMS).format(table=table, **BITS))


def keep_figures(cursor, assessed: Assessed) -> None:
    names = SQL(", ").join(map(Identifier, COUNTED))
    cursor.execute(SQL(KEEP).format(assessment=Literal(assessed.assessment_id), counted=names))
