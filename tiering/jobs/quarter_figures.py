"""Every customer behind the five indicators, then the sums of owners and branches; the twin is rules.indicators."""

from django.conf import settings
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.enums import Tier
from tiering.jobs.quarter import Assessed, reached
from tiering.rules.indicators import COUNTED, Part
from tiering.rules.policy import Policy

CUSTOMERS = """
CREATE TABLE {table} AS
SELECT {assessment}::bigint AS assessment_id, customer_id,
  coalesce(branch_id, (SELECT home_branch_id FROM customers_customer c WHERE c.id = customer_id)) AS branch_id,
  opening_owner_id, closing_owner_id, arrival_owner_id, opening_aum, closing_aum, products, {parts}::smallint AS parts
FROM (
  SELECT customer_id, b.owner_id AS opening_owner_id, a.owner_id AS closing_owner_id, n.owner_id AS arrival_owner_id,
    coalesce(c.branch_id, o.branch_id) AS branch_id, coalesce(o.aum, 0) AS opening_aum,
    CASE WHEN x.customer_id IS NULL THEN coalesce(c.aum, 0) ELSE 0 END AS closing_aum,
    bit_count(({categories} & coalesce(c.categories, 0))::bit(32))::smallint AS products,
    x.customer_id IS NOT NULL AS is_closed
  FROM assess_before b FULL JOIN assess_closing c USING (customer_id) FULL JOIN assess_opening o USING (customer_id)
  LEFT JOIN assess_after a USING (customer_id) LEFT JOIN assess_arrivals n USING (customer_id)
  LEFT JOIN assess_closed x USING (customer_id)
) f
WHERE {counts}
"""
ATTACH = """
ALTER TABLE {table} ADD CHECK (assessment_id = {assessment} AND assessment_id IS NOT NULL);
ALTER TABLE tiering_assessmentcustomer ATTACH PARTITION {table} FOR VALUES IN ({assessment});
CREATE INDEX ON {table} (branch_id);
ANALYZE {table}
"""
OPENING = """
SELECT branch_id, opening_owner_id, count(*), sum((parts & {churned} > 0)::int), sum((parts & {upgraded} > 0)::int),
  0, 0, 0, sum((parts & {left} > 0)::int), sum(opening_aum), sum(closing_aum), 0, 0
FROM {table} WHERE parts & {opening} > 0 GROUP BY 1, 2
"""
CLOSING = """
SELECT branch_id, closing_owner_id, 0, 0, 0, count(*), sum(products), 0, 0, 0, 0, 0, 0
FROM {table} WHERE parts & {held} > 0 GROUP BY 1, 2
"""
ARRIVING = """
SELECT branch_id, arrival_owner_id, 0, 0, 0, 0, 0, count(*), 0, sum(opening_aum) FILTER (WHERE parts & {opening} = 0),
  sum(closing_aum) FILTER (WHERE parts & {opening} = 0), 0, 0
FROM {table} WHERE parts & {new} > 0 GROUP BY 1, 2
"""
WEALTHY = """
SELECT branch_id, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum((parts & {wealthy_opening} > 0)::int),
  sum((parts & {wealthy_closing} > 0)::int)
FROM {table} WHERE parts & ({wealthy_opening} | {wealthy_closing}) > 0 GROUP BY 1
"""
ADD_UP = """
INSERT INTO tiering_assessmentfigure (assessment_id, branch_id, owner_id, {counted})
SELECT {assessment}, branch_id, owner_id, {sums} FROM ({parts}) part (branch_id, owner_id, {counted})
GROUP BY branch_id, owner_id
"""
BITS = {part.name.lower(): Literal(int(part)) for part in Part}


def customer_table(assessment_id: int) -> str:
    return f"tiering_assessmentcustomer_{assessment_id}"


def write_customers(cursor, assessed: Assessed) -> None:
    """A table of their own, attached when it is whole. Read through the parent, never itself."""
    table, number = Identifier(customer_table(assessed.assessment_id)), Literal(assessed.assessment_id)
    held = parts_sql(assessed.policy)
    counts = SQL("({}) & ~{} > 0").format(held, BITS["closed"])
    text = SQL(CUSTOMERS).format(
        table=table, assessment=number, parts=held, counts=counts, categories=Literal(assessed.categories)
    )
    cursor.execute(text)
    cursor.execute(SQL(ATTACH).format(table=table, assessment=number))
    cursor.execute(SQL("REVOKE ALL ON {} FROM {}").format(table, Identifier(settings.APPLICATION_ROLE)))


def parts_sql(policy: Policy) -> Composable:
    """rules.indicators.parts_of, over opening_aum, closing_aum, the owners and is_closed."""
    entry, wealthy = policy.entry, policy.band(Tier.WEALTH_MANAGEMENT)
    was, now = band_sql(policy, "opening_aum"), band_sql(policy, "closing_aum")
    entered, enters = reached(entry, "opening_aum"), reached(entry, "closing_aum")
    owned = SQL("opening_owner_id IS NOT NULL")
    conditions = {
        Part.OPENING: owned,
        Part.CHURNED: SQL("{} AND (is_closed OR {} < {})").format(owned, now, was),
        Part.UPGRADED: SQL("{} AND NOT is_closed AND {} > {}").format(owned, now, was),
        Part.HELD: SQL("closing_owner_id IS NOT NULL AND {}").format(enters),
        Part.NEW: SQL("arrival_owner_id IS NOT NULL AND {} AND NOT {}").format(enters, entered),
        Part.LEFT: SQL("{} AND NOT {}").format(owned, enters),
        Part.CLOSED: SQL("is_closed"),
        Part.WEALTHY_OPENING: reached(wealthy, "opening_aum"),
        Part.WEALTHY_CLOSING: reached(wealthy, "closing_aum"),
    }
    bits = [SQL("({})::int * {}").format(holds, Literal(int(part))) for part, holds in conditions.items()]
    return SQL("({})").format(SQL(" + ").join(bits))


def band_sql(policy: Policy, aum: str) -> Composable:
    return SQL("({})").format(SQL(" + ").join(SQL("{}::int").format(reached(band, aum)) for band in policy.bands))


def add_up(cursor, assessed: Assessed) -> int:
    """How many sums there are."""
    table = Identifier(customer_table(assessed.assessment_id))
    parts = [SQL(text).format(table=table, **BITS) for text in (OPENING, CLOSING, ARRIVING, WEALTHY)]
    text = SQL(ADD_UP).format(
        assessment=Literal(assessed.assessment_id),
        counted=SQL(", ").join(map(Identifier, COUNTED)),
        sums=SQL(", ").join(SQL("coalesce(sum({}), 0)").format(Identifier(name)) for name in COUNTED),
        parts=SQL(" UNION ALL ").join(parts),
    )
    cursor.execute(text)
    return cursor.rowcount
