"""Whom one pass over the two days cannot judge: merged numbers, closed customers, changed owners, a day without a line.

Few. They are judged one table after the other, with everything that is known of them (quarter_lines, quarter_owners).
"""

from datetime import datetime

from psycopg2.sql import SQL, Identifier

from tellerdesk.core.business_date import bounds
from tiering.jobs.quarter import Assessed
from tiering.jobs.temporary import keep, keep_for_workers

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
# Whoever was owned at the end and is none of these had no other owner in the quarter. Of the closed, of whom there are
# ever more, most are on neither day.
APART = """
SELECT member_id AS customer_id FROM assess_members
UNION SELECT customer_id FROM assess_closed JOIN {opening} USING (customer_id)
UNION SELECT customer_id FROM assess_closed JOIN {closing} USING (customer_id)
UNION SELECT customer_id FROM tiering_ownerassignment
WHERE legal_entity_id = %(entity)s AND is_primary AND until BETWEEN %(since)s AND %(until)s
"""
# By survivor: every number whose lines and owners count. A day lies in the order of its customers: asked in that
# order, it is read a third faster from a disk.
REST = """
SELECT c.customer_id, coalesce(m.member_id, c.customer_id) AS member_id
FROM (
  SELECT DISTINCT coalesce(m.customer_id, e.customer_id) AS customer_id
  FROM (SELECT customer_id FROM {apart} UNION SELECT alone FROM assess_sums WHERE alone IS NOT NULL) e
  LEFT JOIN assess_members m ON m.member_id = e.customer_id
) c LEFT JOIN assess_members m USING (customer_id) ORDER BY member_id
"""


def find_apart(cursor, assessed: Assessed) -> None:
    """Who was merged into another, whose relation was closed by the end, and who is left out of the one pass."""
    keep(cursor, "assess_members", MEMBERS, assessed.values, analyse=True)
    keep(cursor, "assess_closed", CLOSED, assessed.values | {"end": _end_of(assessed)}, analyse=True)
    days = {"opening": Identifier(assessed.opening_lines), "closing": Identifier(assessed.closing_lines)}
    keep_for_workers(cursor, apart(assessed), SQL(APART).format(**days), assessed.values)


def find_rest(cursor, assessed: Assessed) -> None:
    """As assess_rest: who was left out of the pass, and of whom it knew too little."""
    keep(cursor, "assess_rest", SQL(REST).format(apart=Identifier(apart(assessed))), analyse=True)


def forget_apart(cursor, assessed: Assessed) -> None:
    cursor.execute(SQL("DROP TABLE {}").format(Identifier(apart(assessed))))


def apart(assessed: Assessed) -> str:
    return f"tiering_assess_e{assessed.legal_entity_id}_apart"


def _end_of(assessed: Assessed) -> datetime:
    return bounds(assessed.until)[1]
