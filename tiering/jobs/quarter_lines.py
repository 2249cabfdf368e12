"""What customers had on the two ends of a quarter, as assess_opening and assess_closing; the twin is
rules.quarter_owners.aum_standing.

Of the millions below the lowest floor a line is looked up by its key, and only where somebody needs it.
"""

from datetime import date, datetime

from psycopg2.sql import SQL, Composable, Identifier

from tellerdesk.core.business_date import bounds
from tiering.enums import Tier
from tiering.jobs.quarter import Assessed, reached
from tiering.jobs.temporary import keep

# Each number of a merged customer beside the survivor's own: few, by the index of merged_into.
MEMBERS = """
WITH merged AS (
  SELECT id, merged_into_id FROM customers_customer
  WHERE legal_entity_id = %(entity)s AND merged_into_id IS NOT NULL AND status = 'merged'
)
SELECT id AS member_id, merged_into_id AS customer_id FROM merged
UNION SELECT merged_into_id, merged_into_id FROM merged
"""
CLOSED = """
SELECT DISTINCT customer_id FROM customers_amendment
WHERE legal_entity_id = %(entity)s AND kind = 'closure' AND status = 'applied' AND decided_at < %(end)s
"""
LARGE = "SELECT customer_id, branch_id, aum, categories FROM {day} WHERE {reached}"
TAKE_OUT = "DELETE FROM {lines} WHERE customer_id IN (SELECT member_id FROM assess_members)"
PUT_IN = """
INSERT INTO {lines}
SELECT m.customer_id, coalesce(min(l.branch_id) FILTER (WHERE l.customer_id = m.customer_id), min(l.branch_id)),
  sum(l.aum)::bigint, bit_or(l.categories)
FROM assess_members m JOIN {day} l ON l.customer_id = m.member_id GROUP BY m.customer_id
"""
# Found first and counted: whether few are looked up by their key or many in one pass is the planner's to say.
SOUGHT = """
SELECT customer_id FROM ({wanted}) w
WHERE NOT EXISTS (SELECT FROM {lines} known WHERE known.customer_id = w.customer_id)
"""
LOOK_UP = """
INSERT INTO {lines} SELECT l.customer_id, l.branch_id, l.aum, l.categories
FROM assess_sought JOIN {day} l USING (customer_id)
"""
OWNED = "SELECT customer_id FROM assess_before"
OWNED_OR_LARGE = "SELECT customer_id FROM assess_before UNION SELECT customer_id FROM assess_closing"
OWNED_OR_WEALTHY = """
SELECT customer_id FROM assess_before UNION SELECT customer_id FROM assess_opening WHERE {wealthy}
"""
WITHOUT_LINE = """
SELECT w.customer_id, coalesce(m.member_id, w.customer_id) AS member_id
FROM ({wanted}) w LEFT JOIN assess_members m USING (customer_id)
WHERE NOT EXISTS (SELECT FROM {lines} l WHERE l.customer_id = w.customer_id)
  AND NOT EXISTS (SELECT FROM assess_closed c WHERE c.customer_id = w.customer_id)
"""
EARLIER = """
INSERT INTO {lines}
SELECT DISTINCT ON (customer_id) customer_id, branch_id, aum, categories FROM (
  SELECT a.customer_id, l.as_of, min(l.branch_id) AS branch_id, sum(l.aum)::bigint AS aum,
    bit_or(l.categories) AS categories
  FROM assess_absent a JOIN tiering_snapshotline l ON l.customer_id = a.member_id
  WHERE l.legal_entity_id = %(entity)s AND l.as_of >= %(from)s AND l.as_of < %(before)s
  GROUP BY a.customer_id, l.as_of
) day ORDER BY customer_id, as_of DESC
"""


def find_exceptions(cursor, assessed: Assessed) -> None:
    """Who was merged into another, and whose relation was closed by the end."""
    keep(cursor, "assess_members", MEMBERS, assessed.values, analyse=True)
    keep(cursor, "assess_closed", CLOSED, assessed.values | {"end": _end_of(assessed)}, analyse=True)


def _end_of(assessed: Assessed) -> datetime:
    return bounds(assessed.until)[1]


def find_lines(cursor, assessed: Assessed) -> None:
    """Wants assess_before. Every customer who was owned at the beginning, or is large enough at one of the ends."""
    for lines, day in (("assess_opening", assessed.opening), ("assess_closing", assessed.closing)):
        _large(cursor, assessed, lines, day)
    wealthy = reached(assessed.policy.band(Tier.WEALTH_MANAGEMENT), "aum")
    wanted = SQL(OWNED_OR_WEALTHY).format(wealthy=wealthy)
    _look_up(cursor, "assess_closing", assessed.closing, wanted)
    _earlier(cursor, assessed, "assess_closing", wanted, assessed.opening_on, assessed.closing_on)
    _look_up(cursor, "assess_opening", assessed.opening, SQL(OWNED_OR_LARGE))
    _earlier(cursor, assessed, "assess_opening", SQL(OWNED), assessed.earliest, assessed.opening_on)
    cursor.execute("ANALYZE pg_temp.assess_opening; ANALYZE pg_temp.assess_closing")


def _large(cursor, assessed: Assessed, lines: str, day: str) -> None:
    parts = {"lines": Identifier(lines), "day": Identifier(day)}
    keep(cursor, lines, SQL(LARGE).format(reached=reached(assessed.policy.entry, "aum"), **parts))
    cursor.execute(SQL(TAKE_OUT).format(**parts))
    cursor.execute(SQL(PUT_IN).format(**parts))
    cursor.execute(SQL("ANALYZE pg_temp.{}").format(Identifier(lines)))


def _look_up(cursor, lines: str, day: str, wanted: Composable) -> None:
    table = Identifier(lines)
    if keep(cursor, "assess_sought", SQL(SOUGHT).format(lines=table, wanted=wanted), analyse=True):
        cursor.execute(SQL(LOOK_UP).format(lines=table, day=Identifier(day)))


def _earlier(cursor, assessed: Assessed, lines: str, wanted: Composable, since: date, before: date) -> None:
    """Who is wanted and has no line on the day: the last one before it counts."""
    text = SQL(WITHOUT_LINE).format(lines=Identifier(lines), wanted=wanted)
    if keep(cursor, "assess_absent", text, analyse=True):
        values = assessed.values | {"from": since, "before": before}
        cursor.execute(SQL(EARLIER).format(lines=Identifier(lines)), values)
