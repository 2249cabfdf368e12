"""Every customer who was judged apart, with what he counts as, and who else is left out where the two days are read
side by side. The twin is rules.indicators.parts_of.
"""

from django.conf import settings
from psycopg2.sql import SQL, Identifier, Literal

from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_apart import apart
from tiering.rules.indicators import Part
from tiering.selectors.quarter_parts import conditions, parts_sql, products_sql

FACTS = """
SELECT customer_id, b.owner_id AS opening_owner_id, a.owner_id AS closing_owner_id, n.owner_id AS arrival_owner_id,
  coalesce(c.branch_id, o.branch_id) AS branch_id, coalesce(o.aum, 0) AS opening_aum,
  CASE WHEN x.customer_id IS NULL THEN coalesce(c.aum, 0) ELSE 0 END AS closing_aum, {products} AS products,
  x.customer_id IS NOT NULL AS is_closed
FROM assess_before b FULL JOIN assess_after a USING (customer_id) FULL JOIN assess_arrivals n USING (customer_id)
FULL JOIN assess_closing c USING (customer_id) FULL JOIN assess_opening o USING (customer_id)
LEFT JOIN assess_closed x USING (customer_id)
"""
HOME = "(SELECT home_branch_id FROM customers_customer c WHERE c.id = customer_id)"
REST = f"""
CREATE TABLE {{table}} AS
SELECT customer_id, coalesce(branch_id, {HOME}) AS branch_id, opening_owner_id, closing_owner_id, arrival_owner_id,
  opening_aum, closing_aum, products, {{parts}} AS parts
FROM ({{facts}}) f WHERE {{counts}}
"""
NOTHING = f"""
INSERT INTO {{table}}
SELECT customer_id, {HOME}, NULL, NULL, NULL, 0, 0, 0, 0 FROM {{apart}} a
WHERE NOT EXISTS (SELECT FROM {{table}} t WHERE t.customer_id = a.customer_id)
"""
# The number of the assessment is the same in every row: as a column added here it takes no room.
ATTACH = """
ALTER TABLE {table} ADD assessment_id bigint NOT NULL DEFAULT {assessment}, ADD CHECK (assessment_id = {assessment});
ALTER TABLE tiering_assessmentcustomer ATTACH PARTITION {table} FOR VALUES IN ({assessment});
CREATE INDEX ON {table} (customer_id);
CREATE INDEX ON {table} (branch_id);
ANALYZE {table}
"""
# Whoever is one of these counts; the other parts are of those who were owned.
COUNTING = (Part.OPENING, Part.HELD, Part.NEW, Part.WEALTHY_OPENING, Part.WEALTHY_CLOSING)


def customer_table(assessment_id: int) -> str:
    return f"tiering_assessmentcustomer_{assessment_id}"


def keep_rest(cursor, assessed: Assessed) -> None:
    """Wants owners, lines and arrivals of the rest."""
    held = conditions(assessed.policy)
    counts = SQL(" OR ").join(SQL("({})").format(held[part]) for part in COUNTING)
    facts = SQL(FACTS).format(products=products_sql(assessed.categories, "c.categories"))
    table = _table(assessed)
    cursor.execute(SQL(REST).format(table=table, facts=facts, counts=counts, parts=parts_sql(assessed.policy)))
    cursor.execute(SQL(NOTHING).format(table=table, apart=Identifier(apart(assessed))))


def attach(cursor, assessed: Assessed) -> None:
    """A table of their own, attached when it is whole. Read through the parent, never itself."""
    table = _table(assessed)
    cursor.execute(SQL(ATTACH).format(table=table, assessment=Literal(assessed.assessment_id)))
    cursor.execute(SQL("REVOKE ALL ON {} FROM {}").format(table, Identifier(settings.APPLICATION_ROLE)))


def _table(assessed: Assessed) -> Identifier:
    return Identifier(customer_table(assessed.assessment_id))
