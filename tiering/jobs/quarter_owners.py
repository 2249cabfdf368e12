"""Whose customers were: at the beginning, at the end, when the lowest floor was reached; the twin is
rules.quarter_owners.
"""

from psycopg2.sql import SQL

from tiering.jobs.quarter import Assessed, reached
from tiering.jobs.temporary import keep

OWNERS_ON = """
SELECT DISTINCT ON (customer_id) customer_id, owner_id, position FROM (
  SELECT coalesce(m.customer_id, o.customer_id) AS customer_id, owner_id, position, id,
    m.customer_id IS NULL OR m.customer_id = m.member_id AS is_own
  FROM tiering_ownerassignment o LEFT JOIN assess_members m ON m.member_id = o.customer_id
  WHERE o.legal_entity_id = %(entity)s AND is_primary AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
) owned ORDER BY customer_id, is_own DESC, id DESC
"""
ARRIVED = """
SELECT c.customer_id FROM assess_closing c LEFT JOIN assess_opening o USING (customer_id)
WHERE {reached_now} AND NOT coalesce({reached_before}, false)
  AND NOT EXISTS (SELECT FROM assess_closed x WHERE x.customer_id = c.customer_id)
"""
STINTS = """
SELECT a.customer_id, o.id, owner_id, position, since, until, o.customer_id = a.customer_id AS is_own,
  count(*) OVER (PARTITION BY a.customer_id) > 1 OR coalesce(until < %(until)s, false) AS is_doubtful
FROM (
  SELECT w.customer_id, coalesce(m.member_id, w.customer_id) AS member_id
  FROM assess_arrived w LEFT JOIN assess_members m USING (customer_id)
) a JOIN tiering_ownerassignment o ON o.customer_id = a.member_id
WHERE is_primary AND since <= %(until)s AND (until IS NULL OR until > %(since)s)
"""
# Only where the owner changed within the quarter does the day of reaching matter.
REACHED = """
SELECT customer_id, min(as_of) AS reached FROM (
  SELECT d.customer_id, l.as_of FROM (
    SELECT w.customer_id, coalesce(m.member_id, w.customer_id) AS member_id
    FROM (SELECT DISTINCT customer_id FROM assess_stints WHERE is_doubtful) w
    LEFT JOIN assess_members m USING (customer_id)
  ) d JOIN tiering_snapshotline l ON l.customer_id = d.member_id
  WHERE l.legal_entity_id = %(entity)s AND l.as_of > %(opening_on)s AND l.as_of <= %(closing_on)s
  GROUP BY d.customer_id, l.as_of HAVING {reached}
) day GROUP BY customer_id
"""
ARRIVALS = """
SELECT customer_id, owner_id, position FROM assess_stints WHERE NOT is_doubtful
UNION ALL (
  SELECT DISTINCT ON (customer_id) customer_id, owner_id, position
  FROM assess_stints s JOIN assess_reached r USING (customer_id) WHERE until IS NULL OR until >= r.reached
  ORDER BY customer_id, greatest(since, r.reached), is_own DESC, id DESC
)
"""
# As what somebody is assessed: by most of the customers at the beginning, else at the end.
POSITIONS = """
SELECT DISTINCT ON (owner_id) owner_id, position FROM (
  SELECT owner_id, position, 1 AS place, count(*) FROM assess_before GROUP BY owner_id, position
  UNION ALL SELECT owner_id, position, 2, count(*) FROM assess_after GROUP BY owner_id, position
  UNION ALL SELECT owner_id, position, 3, count(*) FROM assess_arrivals GROUP BY owner_id, position
) held ORDER BY owner_id, place, count DESC, position COLLATE "C"
"""


def find_owners(cursor, assessed: Assessed) -> None:
    """As assess_before and assess_after. Wants assess_members."""
    for name, day in (("assess_before", assessed.since), ("assess_after", assessed.until)):
        keep(cursor, name, OWNERS_ON, assessed.values | {"day": day}, analyse=True)


def find_arrivals(cursor, assessed: Assessed) -> None:
    """As assess_arrivals: whose those are who reached the lowest floor. Wants the lines."""
    entry = assessed.policy.entry
    parts = {"reached_now": reached(entry, "c.aum"), "reached_before": reached(entry, "o.aum")}
    keep(cursor, "assess_arrived", SQL(ARRIVED).format(**parts), analyse=True)
    keep(cursor, "assess_stints", STINTS, assessed.values, analyse=True)
    keep(cursor, "assess_reached", SQL(REACHED).format(reached=reached(entry, "sum(l.aum)")), assessed.values)
    keep(cursor, "assess_arrivals", ARRIVALS, analyse=True)


def find_positions(cursor) -> dict[int, str]:
    """By owner."""
    cursor.execute(POSITIONS)
    return dict(cursor.fetchall())
