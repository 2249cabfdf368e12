"""Every customer behind the five indicators: nearly all in one parallel pass over the two days and the open owners, the
rest beside it (quarter_apart). The twin is rules.indicators.parts_of.
"""

from django.conf import settings
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.enums import Tier
from tiering.jobs.quarter import Assessed, reached
from tiering.jobs.quarter_apart import apart, closed, find_rest
from tiering.jobs.temporary import CHEAP_WORKERS, joined_by
from tiering.rules.indicators import Part
from tiering.rules.policy import Policy

FACTS = """
SELECT customer_id, opening_owner_id, closing_owner_id, arrival_owner_id,
  coalesce(c.branch_id, o.branch_id) AS branch_id, coalesce(o.aum, 0) AS opening_aum,
  CASE WHEN x.customer_id IS NULL THEN coalesce(c.aum, 0) ELSE 0 END AS closing_aum,
  bit_count(({categories} & coalesce(c.categories, 0))::bit(32))::smallint AS products,
  x.customer_id IS NOT NULL AS is_closed, o.aum IS NOT NULL AND c.aum IS NOT NULL AS has_both
FROM ({owners}) w FULL JOIN ({closing}) c USING (customer_id) FULL JOIN ({opening}) o USING (customer_id)
LEFT JOIN {closed} x USING (customer_id)
"""
COLUMNS = """
  opening_owner_id, closing_owner_id, arrival_owner_id, opening_aum, closing_aum, products
"""
# Without a line of the floor on both days, the pass knows too little: no parts.
PASS = f"""
CREATE TABLE {{table}} AS
SELECT customer_id, branch_id, {COLUMNS}, CASE WHEN has_both THEN {{parts}} END::smallint AS parts
FROM ({{facts}}) f WHERE ({{counts}}) AND NOT EXISTS (SELECT FROM {{apart}} a WHERE a.customer_id = f.customer_id)
"""
OPEN_OWNERS = """
SELECT customer_id, CASE WHEN since <= %(since)s THEN owner_id END AS opening_owner_id, owner_id AS closing_owner_id,
  NULL::bigint AS arrival_owner_id
FROM tiering_ownerassignment
WHERE legal_entity_id = %(entity)s AND is_primary AND until IS NULL AND since <= %(until)s
"""
LARGE = "SELECT customer_id, branch_id, aum, categories FROM {day} WHERE {reached}"
ADD_REST = f"""
INSERT INTO {{table}}
SELECT customer_id,
  coalesce(branch_id, (SELECT home_branch_id FROM customers_customer c WHERE c.id = customer_id)), {COLUMNS}, {{parts}}
FROM ({{facts}}) f WHERE {{counts}}
"""
REST_OWNERS = """
SELECT customer_id, b.owner_id AS opening_owner_id, a.owner_id AS closing_owner_id, n.owner_id AS arrival_owner_id
FROM assess_before b FULL JOIN assess_after a USING (customer_id) FULL JOIN assess_arrivals n USING (customer_id)
"""
# The number of the assessment is the same in every row: as a column added here it takes no room.
ATTACH = """
ALTER TABLE {table} ADD assessment_id bigint NOT NULL DEFAULT {assessment}, ADD CHECK (assessment_id = {assessment});
ALTER TABLE tiering_assessmentcustomer ATTACH PARTITION {table} FOR VALUES IN ({assessment});
CREATE INDEX ON {table} (branch_id);
SET LOCAL default_statistics_target = 10;
ANALYZE {table} (branch_id, opening_owner_id, closing_owner_id, arrival_owner_id, parts);
SET LOCAL default_statistics_target TO DEFAULT
"""
# Whoever is one of these counts; the other parts are of those who were owned.
COUNTING = (Part.OPENING, Part.HELD, Part.NEW, Part.WEALTHY_OPENING, Part.WEALTHY_CLOSING)


def customer_table(assessment_id: int) -> str:
    return f"tiering_assessmentcustomer_{assessment_id}"


def pass_over(cursor, assessed: Assessed) -> None:
    """Wants what find_apart leaves. Afterwards assess_rest has whom it could not judge."""
    cursor.execute(CHEAP_WORKERS)
    with joined_by(cursor, "hashjoin"):
        cursor.execute(pass_sql(assessed), assessed.values)
    find_rest(cursor, assessed, _table(assessed))


def pass_sql(assessed: Assessed) -> Composable:
    entry = reached(assessed.policy.entry, "aum")
    closing, opening = (
        SQL(LARGE).format(day=Identifier(day), reached=entry) for day in (assessed.closing, assessed.opening)
    )
    facts = _facts(assessed, owners=SQL(OPEN_OWNERS), closing=closing, opening=opening)
    return SQL(PASS).format(facts=facts, apart=Identifier(apart(assessed)), **_judged(assessed))


def add_rest(cursor, assessed: Assessed) -> None:
    """Wants owners, lines and arrivals of the rest."""
    lines = {"closing": SQL("SELECT * FROM assess_closing"), "opening": SQL("SELECT * FROM assess_opening")}
    facts = _facts(assessed, owners=SQL(REST_OWNERS), **lines)
    cursor.execute(SQL(ADD_REST).format(facts=facts, **_judged(assessed)))


def attach(cursor, assessed: Assessed) -> None:
    """A table of their own, attached when it is whole. Read through the parent, never itself."""
    table = _table(assessed)
    cursor.execute(SQL(ATTACH).format(table=table, assessment=Literal(assessed.assessment_id)))
    cursor.execute(SQL("REVOKE ALL ON {} FROM {}").format(table, Identifier(settings.APPLICATION_ROLE)))


def _table(assessed: Assessed) -> Identifier:
    return Identifier(customer_table(assessed.assessment_id))


def _facts(assessed: Assessed, **sources: Composable) -> Composable:
    closures = Identifier(closed(assessed))
    return SQL(FACTS).format(categories=Literal(assessed.categories), closed=closures, **sources)


def _judged(assessed: Assessed) -> dict[str, Composable]:
    held = conditions(assessed.policy)
    bits = [SQL("CASE WHEN {} THEN {} ELSE 0 END").format(holds, Literal(int(part))) for part, holds in held.items()]
    counts = SQL(" OR ").join(SQL("({})").format(held[part]) for part in COUNTING)
    return {"table": _table(assessed), "parts": SQL("({})").format(SQL(" + ").join(bits)), "counts": counts}


def conditions(policy: Policy) -> dict[Part, Composable]:
    """Over opening_aum, closing_aum, the owners and is_closed."""
    entry, wealthy = policy.entry, policy.band(Tier.WEALTH_MANAGEMENT)
    was, now = band_sql(policy, "opening_aum"), band_sql(policy, "closing_aum")
    entered, enters = reached(entry, "opening_aum"), reached(entry, "closing_aum")
    # Nobody with less is in a higher band: for most the bands need not be looked at.
    owned, less, more = map(
        SQL, ("opening_owner_id IS NOT NULL", "closing_aum < opening_aum", "closing_aum > opening_aum")
    )
    return {
        Part.OPENING: owned,
        Part.CHURNED: SQL("{} AND (is_closed OR {} AND {} < {})").format(owned, less, now, was),
        Part.UPGRADED: SQL("{} AND NOT is_closed AND {} AND {} > {}").format(owned, more, now, was),
        Part.HELD: SQL("closing_owner_id IS NOT NULL AND {}").format(enters),
        Part.NEW: SQL("arrival_owner_id IS NOT NULL AND {} AND NOT {}").format(enters, entered),
        Part.LEFT: SQL("{} AND NOT {}").format(owned, enters),
        Part.CLOSED: SQL("is_closed"),
        Part.WEALTHY_OPENING: reached(wealthy, "opening_aum"),
        Part.WEALTHY_CLOSING: reached(wealthy, "closing_aum"),
    }


def band_sql(policy: Policy, aum: str) -> Composable:
    return SQL("({})").format(SQL(" + ").join(SQL("{}::int").format(reached(band, aum)) for band in policy.bands))
