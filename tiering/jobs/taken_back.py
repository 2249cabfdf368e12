"""Owners whom an earlier file of the day dealt, where a correction takes back the tier that it had given: the twin is
rules.ownership.is_taken_back. The customers never had one then, and may be dealt anew.
"""

from tiering.jobs.night import Night
from tiering.jobs.temporary import keep

IS_CORRECTION = "SELECT EXISTS (SELECT FROM night_begun)"
# Locked first where a manager who sets an owner locks first. Any other row of an owner, a specialist, a choice that is
# on record: somebody has done something with the customer.
DEALT = """
SELECT o.id, o.customer_id
FROM night_begun JOIN night_delta d USING (customer_id) JOIN tiering_tierassignment t USING (customer_id)
JOIN tiering_ownerassignment o USING (legal_entity_id, customer_id)
WHERE t.legal_entity_id = %(entity)s AND o.until IS NULL AND d.tier <> d.from_tier AND NOT EXISTS (
    SELECT FROM tiering_ownerassignment other
    WHERE other.customer_id = o.customer_id AND (other.reason <> 'dealt' OR other.since <> %(as_of)s))
  AND NOT EXISTS (SELECT FROM tiering_referral r WHERE r.customer_id = o.customer_id)
  AND NOT EXISTS (
    SELECT FROM tiering_upgradecase c WHERE c.customer_id = o.customer_id AND c.status NOT IN ('open', 'lapsed'))
FOR NO KEY UPDATE OF t
"""
# Before it began: on no day at all was the customer theirs.
END = """
UPDATE tiering_ownerassignment o SET until = since - 1, end_reason = 'corrected'
FROM night_taken_back b WHERE o.legal_entity_id = %(entity)s AND o.id = b.id AND o.until IS NULL
"""
VACATE = """
UPDATE tiering_tierassignment t SET owner_id = NULL, initial_maintainer_id = NULL
FROM night_taken_back b WHERE t.legal_entity_id = %(entity)s AND t.customer_id = b.customer_id
"""


def take_back_owners(cursor, night: Night) -> int:
    """Wants night_delta and night_begun (jobs.assign_tiers); before the owners are dealt. How many ended."""
    if not (night.moves_standing and is_correction(cursor)):
        return 0
    values = {"entity": night.legal_entity_id, "as_of": night.as_of}
    if not keep(cursor, "night_taken_back", DEALT, values, analyse=True):
        return 0
    cursor.execute(END, values)
    ended = cursor.rowcount
    cursor.execute(VACATE, values)
    return ended


def is_correction(cursor) -> bool:
    """Whether an earlier file of the day moved anybody of whom this one says something else."""
    cursor.execute(IS_CORRECTION)
    return cursor.fetchone()[0]
