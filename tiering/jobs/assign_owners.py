"""Owners: those who left the position or whose customer is none any more end, customers who never had one get one,
everybody else stays (rules 4.5).
"""

from dataclasses import dataclass
from datetime import date

from tiering.enums import NightStep, Tier
from tiering.jobs import owner_dealing
from tiering.jobs.night import Night
from tiering.jobs.temporary import keep
from tiering.rules.ownership import ABOVE_THE_BRANCH

POSTS = """
SELECT DISTINCT staff_id, position, branch_id
FROM staff_posting p JOIN staff_staff s ON s.id = p.staff_id
WHERE s.legal_entity_id = %(entity)s AND s.is_active AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
"""
# Every branch with itself and all above it.
ABOVE = """
WITH RECURSIVE above AS (
  SELECT id AS branch_id, id AS above_id, 0 AS distance FROM staff_branch WHERE legal_entity_id = %(entity)s
  UNION ALL
  SELECT branch_id, parent_id, distance + 1 FROM above JOIN staff_branch b ON b.id = above_id
  WHERE parent_id IS NOT NULL
)
SELECT * FROM above
"""
# The branches whose customers each may have (rules.ownership.reaches).
REACHED = """
SELECT staff_id, position, branch_id FROM night_posts
UNION
SELECT staff_id, position, a.branch_id FROM night_posts p JOIN night_above a ON a.above_id = p.branch_id
WHERE position = ANY(%(above)s)
"""
# Locked first where a manager who sets an owner locks first.
LEFT = """
SELECT o.id, o.customer_id, o.owner_id, 'left' AS reason
FROM tiering_ownerassignment o JOIN tiering_tierassignment t USING (legal_entity_id, customer_id)
WHERE o.legal_entity_id = %(entity)s AND o.until IS NULL AND NOT EXISTS (
  SELECT FROM night_reached r
  WHERE r.staff_id = o.owner_id AND r.position = o.position AND r.branch_id = t.branch_id)
FOR NO KEY UPDATE OF t
"""
# They left the scope with the tiers. Why an owner ended is called as the status that ended it.
CLOSED = """
SELECT o.id, o.customer_id, o.owner_id, c.status AS reason
FROM tiering_tierassignment t JOIN tiering_ownerassignment o USING (legal_entity_id, customer_id)
JOIN customers_customer c ON c.legal_entity_id = t.legal_entity_id AND c.id = t.customer_id
WHERE o.until IS NULL AND t.legal_entity_id = %(entity)s AND t.tier = 0 AND c.status IN ('closed', 'merged')
FOR NO KEY UPDATE OF t
"""
END = """
UPDATE tiering_ownerassignment o SET until = greatest(since, %(day)s::date - 1), end_reason = e.reason
FROM night_ending e WHERE o.legal_entity_id = %(entity)s AND o.id = e.id AND o.until IS NULL
"""
VACATE = """
UPDATE tiering_tierassignment t SET owner_id = NULL
FROM night_ending e WHERE t.legal_entity_id = %(entity)s AND t.customer_id = e.customer_id AND t.owner_id = e.owner_id
"""
UNOWNED = """
SELECT count(*) FROM tiering_tierassignment
WHERE legal_entity_id = %(entity)s AND tier > %(unbanded)s AND owner_id IS NULL
"""


@dataclass(frozen=True)
class OwnerReport:
    """Customers who got an owner, assignments that ended, customers in a band whom nobody owns now."""

    assigned: int = 0
    ended: int = 0
    unowned: int = 0


def assign_owners(cursor, night: Night) -> OwnerReport:
    """Nothing where the standing tiers are those of a newer day."""
    if not night.moves_standing:
        return OwnerReport()
    values = {"entity": night.legal_entity_id, "day": _day_of_posts(night), "above": list(ABOVE_THE_BRANCH)}
    keep(cursor, "night_posts", POSTS, values, analyse=True)
    keep(cursor, "night_above", ABOVE, values, analyse=True)
    keep(cursor, "night_reached", REACHED, values, analyse=True)
    ended = _end(cursor, LEFT, values) + _end(cursor, CLOSED, values)
    night.progress(NightStep.OWNERS, 30)
    assigned = owner_dealing.deal(cursor, night)
    cursor.execute(UNOWNED, values | {"unbanded": int(Tier.UNBANDED)})
    (unowned,) = cursor.fetchone()
    night.progress(NightStep.OWNERS, 100)
    return OwnerReport(assigned, ended, unowned)


def _day_of_posts(night: Night) -> date:
    """Who begins in a position today may have been set as an owner before yesterday's file came."""
    return max(night.as_of, night.today)


def _end(cursor, query: str, values: dict) -> int:
    """Of those who left: deactivated, or without the position at a branch that reaches the customer's. Theirs wait for
    the manager.
    """
    if not keep(cursor, "night_ending", query, values, analyse=True):
        return 0
    cursor.execute(END, values)
    ended = cursor.rowcount
    cursor.execute(VACATE, values)
    return ended
