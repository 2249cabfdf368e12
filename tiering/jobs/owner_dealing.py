"""Customers who never had an owner, dealt seat by seat; the twin is rules.ownership.deal.

One statement deals a seat in all branches at once. Everybody of a pool (the staff who share a branch's customers) is
filled to one level, as water fills: with some colleagues under water it stands at (customers + their loads) / width,
where everybody is as wide as the roster's capacity, and one where there is no roster. Slots below that level are hardly
more than customers; by rising level, and customers by falling AUM, they are numbered through all pools, and equal
numbers meet: one key to join on.
"""

from tiering.jobs.night import Night
from tiering.jobs.temporary import keep
from tiering.rules.ownership import ABOVE_THE_BRANCH, Seat, all_seats, may_stand_above

# The lock makes a manager who sets one of their owners wait, and us for him.
UNOWNED = """
SELECT customer_id, branch_id, aum, tier FROM tiering_tierassignment
WHERE legal_entity_id = %(entity)s AND owner_id IS NULL AND initial_maintainer_id IS NULL AND tier = ANY(%(tiers)s)
FOR NO KEY UPDATE
"""
LOADS = """
SELECT owner_id AS staff_id, count(*) AS load FROM tiering_ownerassignment
WHERE until IS NULL AND legal_entity_id = %(entity)s GROUP BY owner_id
"""
# Open entries of people who may still have the branch's customers, with those of the tier whom they have already.
ROSTERS = """
WITH listed AS (
  SELECT branch_id, tier, staff_id, position, capacity FROM tiering_rosterentry
  WHERE legal_entity_id = %(entity)s AND until IS NULL
), held AS (
  SELECT t.branch_id, t.tier, o.owner_id AS staff_id, count(*) AS load
  FROM tiering_ownerassignment o JOIN tiering_tierassignment t USING (legal_entity_id, customer_id)
  WHERE o.legal_entity_id = %(entity)s AND o.until IS NULL AND o.owner_id IN (SELECT staff_id FROM listed)
  GROUP BY t.branch_id, t.tier, o.owner_id
)
SELECT listed.*, coalesce(load, 0) AS load, EXISTS (
    SELECT FROM night_reached r WHERE (r.staff_id, r.position, r.branch_id)
      = (listed.staff_id, listed.position, listed.branch_id)) AS fits
FROM listed LEFT JOIN held USING (branch_id, tier, staff_id)
"""
DEALT = "SELECT NULL::bigint AS customer_id, NULL::bigint AS staff_id, '' AS position, true AS is_primary LIMIT 0"
# A pool is twice its branch, and one more where it is apart; a roster's is its branch, negative (rules.ownership.Pool).
DEAL = """
INSERT INTO night_dealt
WITH kept AS (
  SELECT DISTINCT branch_id FROM night_rosters WHERE tier = %(tier)s
), nearest AS (
  SELECT DISTINCT ON (a.branch_id) a.branch_id, 2 * a.above_id + (a.distance > 0 AND %(mixed)s)::int AS pool
  FROM night_above a JOIN night_posts p ON p.branch_id = a.above_id
  WHERE p.position = ANY(%(positions)s) AND (a.distance = 0 OR p.position = ANY(%(above)s))
  ORDER BY a.branch_id, a.distance
), pool AS (
  SELECT branch_id, -branch_id AS pool FROM kept
  UNION ALL
  SELECT branch_id, pool FROM nearest LEFT JOIN kept USING (branch_id) WHERE kept.branch_id IS NULL
), wanting AS (
  SELECT customer_id, pool, row_number() OVER (ORDER BY pool, aum DESC, customer_id) AS place
  FROM night_unowned u JOIN pool USING (branch_id)
  WHERE tier = %(tier)s
    AND (%(primary)s OR EXISTS (SELECT FROM night_dealt d WHERE d.customer_id = u.customer_id))
), wanted AS (
  SELECT pool, count(*) AS customers, min(place) - 1 AS before FROM wanting GROUP BY pool
), posted AS (
  SELECT DISTINCT ON (pool, staff_id) pool, staff_id, position
  FROM wanted JOIN night_posts p ON p.branch_id = pool / 2
  WHERE pool > 0 AND position = ANY(%(positions)s) AND (pool %% 2 = 0 OR position = ANY(%(above)s))
  ORDER BY pool, staff_id, array_position(%(positions)s, position)
), member AS (
  SELECT pool, staff_id, position, coalesce(load, 0) + coalesce(dealt, 0) AS load, 1::bigint AS weight,
    NULL::bigint AS capacity
  FROM posted LEFT JOIN night_loads USING (staff_id)
  LEFT JOIN (SELECT staff_id, count(*) AS dealt FROM night_dealt GROUP BY staff_id) d USING (staff_id)
  UNION ALL
  SELECT pool, staff_id, position, load, capacity, capacity FROM wanted JOIN night_rosters r ON r.branch_id = -pool
  WHERE tier = %(tier)s AND fits AND load < capacity AND position = ANY(%(positions)s)
), ranked AS (
  SELECT member.*, customers, before, (sum(weight) OVER lighter)::bigint AS weights,
    (sum(load) OVER lighter)::bigint AS below
  FROM member JOIN wanted USING (pool)
  WINDOW lighter AS (PARTITION BY pool ORDER BY load::float8 / weight, staff_id)
), filled AS (
  SELECT *, (sum(load) OVER together + customers)::bigint AS water, (sum(weight) OVER together)::bigint AS width
  FROM ranked WHERE load * weights < (customers + below) * weight
  WINDOW together AS (PARTITION BY pool)
), slot AS (
  SELECT staff_id, position, customers, before,
    row_number() OVER (PARTITION BY pool ORDER BY n::float8 / weight, staff_id) AS turn
  FROM filled, generate_series(load, least((weight * water + width - 1) / width, capacity) - 1) n
), chosen AS (
  SELECT staff_id, position, before + turn AS place FROM slot WHERE turn <= customers
)
SELECT customer_id, staff_id, position, %(primary)s FROM wanting JOIN chosen USING (place)
WHERE NOT EXISTS (SELECT FROM night_dealt d WHERE (d.customer_id, d.staff_id) = (wanting.customer_id, chosen.staff_id))
"""
KEEP = """
INSERT INTO tiering_ownerassignment (legal_entity_id, customer_id, owner_id, position, is_primary, since, reason, note,
  end_reason, recorded_at)
SELECT %(entity)s, customer_id, staff_id, position, is_primary, %(as_of)s, 'dealt', '', '', now() FROM night_dealt
"""
SET_OWNERS = """
UPDATE tiering_tierassignment t SET owner_id = staff_id, initial_maintainer_id = staff_id
FROM night_dealt d WHERE d.is_primary AND t.legal_entity_id = %(entity)s AND t.customer_id = d.customer_id
"""


def deal(cursor, night: Night) -> int:
    """Wants night_posts, night_above and night_reached; returns how many customers got an owner."""
    seats = all_seats(night.policy)
    values = {
        "entity": night.legal_entity_id,
        "as_of": night.as_of,
        "tiers": sorted({int(each.tier) for each in seats}),
    }
    if not keep(cursor, "night_unowned", UNOWNED, values, analyse=True):
        return 0
    keep(cursor, "night_loads", LOADS, values, analyse=True)
    keep(cursor, "night_rosters", ROSTERS, values, analyse=True)
    keep(cursor, "night_dealt", DEALT)
    for seat in seats:
        deal_seat(cursor, seat)
    cursor.execute(KEEP, values)
    cursor.execute(SET_OWNERS, values)
    return cursor.rowcount


def deal_seat(cursor, seat: Seat) -> None:
    values = {
        "tier": int(seat.tier),
        "positions": list(seat.positions),
        "primary": seat.is_primary,
        "above": list(ABOVE_THE_BRANCH),
        "mixed": not all(map(may_stand_above, seat.positions)),
    }
    cursor.execute(DEAL, values)
    cursor.execute("ANALYZE night_dealt")
