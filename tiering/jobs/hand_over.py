"""A portfolio of thousands changes hands in a few statements, on the caller's connection and in its transaction."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from tiering.models import HandOver

# One row for each customer: written at the first split, given another fate by later ones.
WRITE = """
INSERT INTO tiering_handoverrow (hand_over_id, customer_id, assignment_id, branch_id, tier, aum, is_primary, position,
  fate, receiver_id, receiver_position, why, by_hand, undo)
SELECT %(hand_over)s, u.*, '' FROM unnest(%(customer)s::bigint[], %(assignment)s::bigint[], %(branch)s::bigint[],
  %(tier)s::smallint[], %(aum)s::bigint[], %(is_primary)s::boolean[], %(position)s::text[], %(fate)s::text[],
  %(receiver)s::bigint[], %(receiver_position)s::text[], %(why)s::text[], %(by_hand)s::boolean[]) u
ON CONFLICT (hand_over_id, customer_id) DO UPDATE SET assignment_id = excluded.assignment_id,
  branch_id = excluded.branch_id, tier = excluded.tier, aum = excluded.aum, is_primary = excluded.is_primary,
  position = excluded.position, fate = excluded.fate, receiver_id = excluded.receiver_id,
  receiver_position = excluded.receiver_position, why = excluded.why, by_hand = excluded.by_hand
"""
COLUMNS = (
    "customer", "assignment", "branch", "tier", "aum", "is_primary", "position", "fate", "receiver",
    "receiver_position", "why", "by_hand",
)  # fmt: skip
GONE = """
UPDATE tiering_handoverrow SET fate = 'gone', receiver_id = NULL, receiver_position = '', why = '', by_hand = false
WHERE hand_over_id = %(hand_over)s AND fate <> 'gone' AND customer_id <> ALL(%(customer)s::bigint[])
"""
# In the order of their numbers, so that two acts never wait for each other.
LOCK = """
SELECT t.customer_id FROM tiering_tierassignment t
JOIN tiering_handoverrow r ON r.customer_id = t.customer_id
WHERE r.hand_over_id = %(hand_over)s AND r.fate <> 'gone' ORDER BY t.customer_id FOR NO KEY UPDATE OF t
"""
END = """
UPDATE tiering_ownerassignment o SET until = greatest(o.since, %(day)s), end_reason = %(end)s
FROM tiering_handoverrow r
WHERE r.hand_over_id = %(hand_over)s AND r.fate <> 'gone' AND o.id = r.assignment_id AND o.until IS NULL
"""
BEGIN = """
WITH begun AS (
  INSERT INTO tiering_ownerassignment (legal_entity_id, customer_id, owner_id, position, is_primary, since, reason,
    note, end_reason, by_id, recorded_at)
  SELECT %(entity)s, customer_id, receiver_id, receiver_position, is_primary, %(day)s, 'handed_over', %(note)s, '',
    %(by)s, %(at)s
  FROM tiering_handoverrow WHERE hand_over_id = %(hand_over)s AND fate = 'receiver' ORDER BY id
  RETURNING id, customer_id
)
UPDATE tiering_handoverrow r SET to_assignment_id = begun.id
FROM begun WHERE r.hand_over_id = %(hand_over)s AND r.customer_id = begun.customer_id
"""
# Who maintained the customer first never changes: a hand-over is an act of staffing (rules 4.4).
REPEAT = """
UPDATE tiering_tierassignment t SET owner_id = r.receiver_id FROM tiering_handoverrow r
WHERE r.hand_over_id = %(hand_over)s AND r.fate <> 'gone' AND r.is_primary AND t.customer_id = r.customer_id
"""


def write_rows(hand_over: HandOver, rows: Sequence[tuple]) -> None:
    """`rows` as COLUMNS, all that the leaver holds now: what is not among them is gone."""
    by_column = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    values = {name: list(each) for name, each in zip(COLUMNS, by_column, strict=True)} | {"hand_over": hand_over.pk}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        cursor.execute(GONE, values)


def lock_standings(hand_over: HandOver) -> None:
    """What a manager who sets an owner locks, and the night."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"hand_over": hand_over.pk})


def carry_out(hand_over: HandOver, *, day: date, note: str, by, at) -> None:
    """Of standings that are locked and rows that have been looked at."""
    values = {
        "hand_over": hand_over.pk, "entity": hand_over.legal_entity_id, "day": day, "end": "handed_over",
        "note": note, "by": by.pk, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (END, BEGIN, REPEAT):
            cursor.execute(statement, values)
