"""The sums of owners and branches of an assessment; the twin is rules.indicators.tallied."""

from psycopg2.sql import SQL, Identifier, Literal

from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_customers import customer_table
from tiering.jobs.temporary import keep
from tiering.rules.indicators import COUNTED, Part

# What the pass summed up of those with one owner or none; then who was judged apart, to each owner what he is to that
# one; then the branches' own measure of both.
SHARES = """
SELECT branch_id, owner_id, CASE WHEN owned THEN customers ELSE 0 END AS opening_customers,
  CASE WHEN owned THEN churned ELSE 0 END AS churned, CASE WHEN owned THEN upgraded ELSE 0 END AS upgraded,
  held AS closing_customers, coalesce(products, 0) AS products, arrived AS new_customers,
  CASE WHEN owned THEN gone ELSE 0 END AS left_customers, CASE WHEN owned THEN opening_aum ELSE 0 END AS opening_aum,
  CASE WHEN owned THEN closing_aum ELSE 0 END AS closing_aum, 0 AS wealthy_opening, 0 AS wealthy_closing
FROM assess_sums WHERE alone IS NULL AND owner_id IS NOT NULL
UNION ALL SELECT branch_id, opening_owner_id, 1, (parts & {churned} > 0)::int, (parts & {upgraded} > 0)::int, 0, 0, 0,
  (parts & {left} > 0)::int, opening_aum, closing_aum, 0, 0
FROM {table} WHERE parts & {opening} > 0
UNION ALL SELECT branch_id, closing_owner_id, 0, 0, 0, 1, products, 0, 0, 0, 0, 0, 0
FROM {table} WHERE parts & {held} > 0
UNION ALL SELECT branch_id, arrival_owner_id, 0, 0, 0, 0, 0, 1, 0,
  CASE WHEN parts & {opening} = 0 THEN opening_aum ELSE 0 END,
  CASE WHEN parts & {opening} = 0 THEN closing_aum ELSE 0 END, 0, 0
FROM {table} WHERE parts & {new} > 0
UNION ALL SELECT branch_id, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, wealthy_opening, wealthy_closing
FROM assess_sums WHERE alone IS NULL AND wealthy_opening + wealthy_closing > 0
UNION ALL SELECT branch_id, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, (parts & {wealthy_opening} > 0)::int,
  (parts & {wealthy_closing} > 0)::int
FROM {table} WHERE parts & ({wealthy_opening} | {wealthy_closing}) > 0
"""
# sum_fen stays a bigint (quarter_pass). Where nobody counts there is no sum.
SUMS = """
SELECT branch_id, owner_id, {sums} FROM ({shares}) s GROUP BY branch_id, owner_id HAVING {any} > 0
"""
# In the order of their key, which is written faster then.
KEEP = """
INSERT INTO tiering_assessmentfigure (assessment_id, branch_id, owner_id, {counted})
SELECT {assessment}, branch_id, owner_id, {counted} FROM assess_figures ORDER BY branch_id, owner_id
"""
BITS = {part.name.lower(): Literal(int(part)) for part in Part}


def add_up(cursor, assessed: Assessed) -> int:
    """As assess_figures; how many there are."""
    shares = SQL(SHARES).format(table=Identifier(customer_table(assessed.assessment_id)), **BITS)
    sums = SQL(", ").join(SQL("sum_fen({0}) AS {0}").format(Identifier(name)) for name in COUNTED)
    # Whoever counts is a customer at one end, arrived, or one of the branch's own.
    heads = ("opening_customers", "closing_customers", "new_customers", "wealthy_opening", "wealthy_closing")
    any_of = SQL(" + ").join(SQL("sum_fen({})").format(Identifier(name)) for name in heads)
    return keep(cursor, "assess_figures", SQL(SUMS).format(sums=sums, shares=shares, any=any_of))


def keep_figures(cursor, assessed: Assessed) -> None:
    names = SQL(", ").join(map(Identifier, COUNTED))
    cursor.execute(SQL(KEEP).format(assessment=Literal(assessed.assessment_id), counted=names))
