"""What the rest had on the two ends of a quarter, as assess_opening and assess_closing; the twin is
rules.quarter_owners.aum_standing.
"""

from datetime import date

from psycopg2.sql import SQL, Composable, Identifier

from tiering.jobs.quarter import Assessed
from tiering.jobs.temporary import keep
from tiering.selectors.quarter_parts import wealthy

LINES = """
SELECT r.customer_id,
  coalesce(min(l.branch_id) FILTER (WHERE l.customer_id = r.customer_id), min(l.branch_id)) AS branch_id,
  sum(l.aum)::bigint AS aum, bit_or(l.categories) AS categories
FROM assess_rest r JOIN {day} l ON l.customer_id = r.member_id GROUP BY r.customer_id
"""
OWNED = "SELECT customer_id FROM assess_before"
OWNED_OR_WEALTHY = """
SELECT customer_id FROM assess_before UNION SELECT customer_id FROM assess_opening WHERE {wealthy}
"""
WITHOUT_LINE = """
SELECT customer_id, r.member_id FROM ({wanted}) w JOIN assess_rest r USING (customer_id)
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


def find_lines(cursor, assessed: Assessed) -> None:
    """Wants assess_before."""
    for lines, day in (("assess_opening", assessed.opening), ("assess_closing", assessed.closing)):
        keep(cursor, lines, SQL(LINES).format(day=Identifier(day)), analyse=True)
    wanted = SQL(OWNED_OR_WEALTHY).format(wealthy=wealthy(assessed.policy, "aum"))
    _earlier(cursor, assessed, "assess_closing", wanted, assessed.opening_on, assessed.closing_on)
    _earlier(cursor, assessed, "assess_opening", SQL(OWNED), assessed.earliest, assessed.opening_on)


def _earlier(cursor, assessed: Assessed, lines: str, wanted: Composable, since: date, before: date) -> None:
    """Who is wanted and has no line on the day: the last one before it counts."""
    text = SQL(WITHOUT_LINE).format(lines=Identifier(lines), wanted=wanted)
    if keep(cursor, "assess_absent", text, analyse=True):
        values = assessed.values | {"from": since, "before": before}
        cursor.execute(SQL(EARLIER).format(lines=Identifier(lines)), values)
