"""Owners that are owed: customers in a band whom nobody owns although the month is over (the twin is rules.deadlines),
and those whose owners are not all whom the tier wants (the twin is rules.completeness). Who has no owner at all is
unowned, and never incomplete as well.
"""

from collections.abc import Sequence
from datetime import date

from psycopg2.sql import SQL, Literal

from tiering.enums import Tier
from tiering.jobs.night import Night
from tiering.jobs.temporary import keep
from tiering.rules.policy import Policy

OVERDUE = """
WITH unowned AS (
  SELECT customer_id, branch_id, tier, since FROM tiering_tierassignment
  WHERE legal_entity_id = %(entity)s AND tier > %(unbanded)s AND owner_id IS NULL{among}
), ended AS (
  SELECT customer_id, max(until) AS until FROM unowned JOIN tiering_ownerassignment o USING (customer_id)
  WHERE o.legal_entity_id = %(entity)s AND o.is_primary AND o.until IS NOT NULL GROUP BY customer_id
)
SELECT u.branch_id, u.tier, count(*) AS customers
FROM unowned u LEFT JOIN ended USING (customer_id) LEFT JOIN tiering_rolloutplan p ON p.branch_id = u.branch_id
WHERE (greatest(u.since, go_live_on, until) + interval '1 month')::date < %(as_of)s
GROUP BY u.branch_id, u.tier
"""
OF_BRANCHES = " AND branch_id = ANY(%(branches)s)"
# What nobody knew of that day stays unknown.
RECOUNT = """
WITH counted AS ({overdue})
UPDATE tiering_tiersummary s SET overdue = coalesce(counted.customers, 0)
FROM tiering_tiersummary known LEFT JOIN counted USING (branch_id, tier)
WHERE known.id = s.id AND known.branch_id = ANY(%(branches)s) AND known.as_of = %(as_of)s AND known.overdue IS NOT NULL
"""
# Of tiers that name several positions or want several owners: elsewhere any owner is enough.
HELD = """
WITH wanted (tier, positions, needed) AS (VALUES {wanted}), held AS (
  SELECT t.branch_id, t.tier, needed, cardinality(positions) AS named,
    count(DISTINCT o.position) FILTER (WHERE o.position = ANY(positions)) AS fitting
  FROM tiering_tierassignment t JOIN wanted USING (tier)
  JOIN tiering_ownerassignment o
    ON o.legal_entity_id = t.legal_entity_id AND o.customer_id = t.customer_id AND o.until IS NULL
  WHERE t.legal_entity_id = %(entity)s AND t.owner_id IS NOT NULL
  GROUP BY t.branch_id, t.tier, t.customer_id, needed, positions
)
SELECT branch_id, tier, count(*) FILTER (WHERE needed > 1 AND fitting < least(needed, named)) AS incomplete,
  count(*) FILTER (WHERE fitting < named AND (needed = 1 OR fitting >= needed)) AS warned
FROM held GROUP BY branch_id, tier
"""
NOBODY = "SELECT 0::bigint AS branch_id, 0 AS tier, 0::bigint AS incomplete, 0::bigint AS warned LIMIT 0"


def find_owed(cursor, night: Night) -> None:
    """By branch and tier: night_overdue with `customers`, night_held with `incomplete` and `warned`."""
    values = {"entity": night.legal_entity_id, "as_of": night.as_of, "unbanded": int(Tier.UNBANDED)}
    keep(cursor, "night_overdue", SQL(OVERDUE).format(among=SQL("")), values)
    wanted = _wanted(night.policy)
    keep(cursor, "night_held", SQL(HELD).format(wanted=SQL(", ").join(wanted)) if wanted else NOBODY, values)


def recount_overdue(cursor, *, legal_entity_id: int, as_of: date, branches: Sequence[int]) -> None:
    """Of the day's sums of these branches, as the night would; whoever asks has locked them."""
    values = {
        "entity": legal_entity_id,
        "as_of": as_of,
        "unbanded": int(Tier.UNBANDED),
        "branches": list(branches),
    }
    cursor.execute(SQL(RECOUNT).format(overdue=SQL(OVERDUE).format(among=SQL(OF_BRANCHES))), values)


def _wanted(policy: Policy) -> list:
    several = [band for band in policy.bands if len(band.positions) > 1 or band.positions_needed > 1]
    return [
        SQL("({}, {}::text[], {})").format(
            Literal(int(band.tier)), Literal(list(band.positions)), Literal(band.positions_needed)
        )
        for band in several
    ]
