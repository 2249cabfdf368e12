"""Who rose into a tier and who fell out of one since the month or the quarter before; up and down again is nothing."""

from datetime import date, timedelta

from psycopg2.sql import SQL, Composable, Literal

from tiering.jobs.night import Night

BASELINE = """
SELECT max(as_of) FROM tiering_snapshotday
WHERE legal_entity_id = %(entity)s AND moved_standing AND as_of <= %(last)s
"""
# Moves are written in the order of their days, so the least id is the first step and the greatest the last one.
MOVED = """
SELECT branch_id, greatest(from_tier, to_tier) AS tier, count(*) FILTER (WHERE to_tier > from_tier) AS up,
  count(*) FILTER (WHERE to_tier < from_tier) AS down
FROM (
  SELECT customer_id, (min(8 * id + from_tier) %% 8)::smallint AS from_tier,
    (max(8 * id + to_tier) %% 8)::smallint AS to_tier
  FROM tiering_tiermove WHERE legal_entity_id = {entity} AND as_of > {since} GROUP BY customer_id
) net JOIN tiering_tierassignment s USING (customer_id)
WHERE s.legal_entity_id = {entity} AND from_tier <> to_tier GROUP BY branch_id, greatest(from_tier, to_tier)
"""


def moved_since_month(cursor, night: Night) -> Composable | None:
    return _moved_since(cursor, night, night.as_of.replace(day=1))


def moved_since_quarter(cursor, night: Night) -> Composable | None:
    return _moved_since(cursor, night, date(night.as_of.year, (night.as_of.month - 1) // 3 * 3 + 1, 1))


def _moved_since(cursor, night: Night, begin: date) -> Composable | None:
    """branch_id, tier, up, down, by the customers' present branches, as part of a statement that has values. None where
    no day before `begin` stood.
    """
    cursor.execute(BASELINE, {"entity": night.legal_entity_id, "last": begin - timedelta(days=1)})
    (since,) = cursor.fetchone()
    if since is None:
        return None
    return SQL(MOVED).format(entity=Literal(night.legal_entity_id), since=SQL("{}::date").format(Literal(since)))
