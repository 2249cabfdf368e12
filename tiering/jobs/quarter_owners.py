"""Whose the customers of the rest were: at the beginning, at the end, when the lowest floor was reached; the twin is
rules.quarter_owners.
"""

from psycopg2.sql import SQL

from tiering.jobs.quarter import Assessed
from tiering.jobs.temporary import keep
from tiering.selectors.quarter_parts import reached

STINTS = """
SELECT r.customer_id, o.id, owner_id, position, since, until, o.customer_id = r.customer_id AS is_own
FROM assess_rest r JOIN tiering_ownerassignment o ON o.customer_id = r.member_id
WHERE is_primary AND since <= %(until)s AND (until IS NULL OR until >= greatest(%(since)s, since))
"""
OWNERS_ON = """
SELECT DISTINCT ON (customer_id) customer_id, owner_id, position FROM assess_stints
WHERE since <= %(day)s AND (until IS NULL OR until >= %(day)s) ORDER BY customer_id, is_own DESC, id DESC
"""
ARRIVED = """
SELECT c.customer_id FROM assess_closing c LEFT JOIN assess_opening o USING (customer_id)
WHERE {reached_now} AND NOT coalesce({reached_before}, false)
  AND NOT EXISTS (SELECT FROM assess_closed x WHERE x.customer_id = c.customer_id)
"""
OWNERS_THEN = """
SELECT s.*, count(*) OVER (PARTITION BY customer_id) > 1 OR coalesce(until < %(until)s, false) AS is_doubtful
FROM assess_arrived JOIN assess_stints s USING (customer_id) WHERE until IS NULL OR until > %(since)s
"""
# Only where the owner changed within the quarter does the day of reaching matter.
REACHED = """
SELECT customer_id, min(as_of) AS reached FROM (
  SELECT r.customer_id, l.as_of FROM (SELECT DISTINCT customer_id FROM assess_then WHERE is_doubtful) d
  JOIN assess_rest r USING (customer_id) JOIN tiering_snapshotline l ON l.customer_id = r.member_id
  WHERE l.legal_entity_id = %(entity)s AND l.as_of > %(opening_on)s AND l.as_of <= %(closing_on)s
  GROUP BY r.customer_id, l.as_of HAVING {reached}
) day GROUP BY customer_id
"""
ARRIVALS = """
SELECT customer_id, owner_id, position FROM assess_then WHERE NOT is_doubtful
UNION ALL (
  SELECT DISTINCT ON (customer_id) customer_id, owner_id, position
  FROM assess_then s JOIN assess_reached r USING (customer_id) WHERE until IS NULL OR until >= r.reached
  ORDER BY customer_id, greatest(since, r.reached), is_own DESC, id DESC
)
"""
# As what somebody is assessed: by most of the customers at the beginning, else at the end.
POSITIONS = """
SELECT DISTINCT ON (owner_id) owner_id, position FROM (
  SELECT owner_id, position, place, sum(customers) AS customers FROM (
    SELECT owner_id, position, CASE WHEN owned THEN 1 ELSE 2 END AS place, customers
    FROM assess_sums WHERE alone IS NULL AND owner_id IS NOT NULL
    UNION ALL SELECT owner_id, position, 1, 1 FROM assess_before
    UNION ALL SELECT owner_id, position, 2, 1 FROM assess_after
    UNION ALL SELECT owner_id, position, 3, 1 FROM assess_arrivals
  ) each GROUP BY owner_id, position, place
) held ORDER BY owner_id, place, customers DESC, position COLLATE "C"
"""


def find_owners(cursor, assessed: Assessed) -> None:
    """As assess_before and assess_after, of the rest."""
    keep(cursor, "assess_stints", STINTS, assessed.values, analyse=True)
    for name, day in (("assess_before", assessed.since), ("assess_after", assessed.until)):
        keep(cursor, name, OWNERS_ON, assessed.values | {"day": day}, analyse=True)


def find_arrivals(cursor, assessed: Assessed) -> None:
    """As assess_arrivals: whose those are who reached the lowest floor, of the rest. Wants the lines."""
    entry = assessed.policy.entry
    parts = {"reached_now": reached(entry, "c.aum"), "reached_before": reached(entry, "o.aum")}
    keep(cursor, "assess_arrived", SQL(ARRIVED).format(**parts), analyse=True)
    keep(cursor, "assess_then", OWNERS_THEN, assessed.values, analyse=True)
    keep(cursor, "assess_reached", SQL(REACHED).format(reached=reached(entry, "sum(l.aum)")), assessed.values)
    keep(cursor, "assess_arrivals", ARRIVALS, analyse=True)


def find_positions(cursor, assessed: Assessed) -> None:
    """As assess_positions."""
    keep(cursor, "assess_positions", POSITIONS, assessed.values)
