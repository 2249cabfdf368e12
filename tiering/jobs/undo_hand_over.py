"""A hand-over of the same day is taken back, set-based: what still stands as it was handed over, and nothing else."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import connection

from tiering.models import HandOver

# A customer in the queue stands as handed over while nobody has taken the seat, nor the leaver come back otherwise.
MARK = """
UPDATE tiering_handoverrow r SET undo = CASE
  WHEN NOT (CASE r.fate
    WHEN 'receiver' THEN EXISTS (
      SELECT FROM tiering_ownerassignment o WHERE o.id = r.to_assignment_id AND o.until IS NULL)
    ELSE NOT (r.is_primary AND EXISTS (
      SELECT FROM tiering_ownerassignment o
      WHERE o.customer_id = r.customer_id AND o.until IS NULL AND o.is_primary))
    END) OR EXISTS (
      SELECT FROM tiering_ownerassignment o
      WHERE o.customer_id = r.customer_id AND o.until IS NULL AND o.owner_id = %(leaver)s)
    OR c.status IN ('closed', 'merged')
    THEN 'changed'
  WHEN NOT EXISTS (
    SELECT FROM unnest(%(positions)s::text[], %(branches)s::bigint[]) post(position, branch)
    WHERE post.position = r.position AND post.branch = t.branch_id) THEN 'not_eligible'
  ELSE 'back' END
FROM tiering_tierassignment t JOIN customers_customer c ON c.id = t.customer_id
WHERE r.hand_over_id = %(hand_over)s AND r.fate <> 'gone' AND t.customer_id = r.customer_id
"""
END = """
UPDATE tiering_ownerassignment o SET until = greatest(o.since, %(day)s), end_reason = 'hand_over_undone'
FROM tiering_handoverrow r WHERE r.hand_over_id = %(hand_over)s AND r.undo = 'back' AND o.id = r.to_assignment_id
"""
BEGIN = """
INSERT INTO tiering_ownerassignment (legal_entity_id, customer_id, owner_id, position, is_primary, since, reason, note,
  end_reason, by_id, recorded_at)
SELECT %(entity)s, customer_id, %(leaver)s, position, is_primary, %(day)s, 'hand_over_undone', %(note)s, '', %(by)s,
  %(at)s
FROM tiering_handoverrow WHERE hand_over_id = %(hand_over)s AND undo = 'back' ORDER BY id
"""
REPEAT = """
UPDATE tiering_tierassignment t SET owner_id = %(leaver)s FROM tiering_handoverrow r
WHERE r.hand_over_id = %(hand_over)s AND r.undo = 'back' AND r.is_primary AND t.customer_id = r.customer_id
"""


def mark_what_stands(hand_over: HandOver, reach: Iterable[tuple[str, int]]) -> Counter:
    """Gives every row its outcome; `reach` are the positions and branches in which the leaver may own today."""
    reach = list(reach)
    values = {
        "hand_over": hand_over.pk,
        "leaver": hand_over.leaver_id,
        "positions": [position for position, _branch in reach],
        "branches": [branch for _position, branch in reach],
    }
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)
    return Counter(hand_over.rows.handed().values_list("undo", flat=True))


def take_back(hand_over: HandOver, *, day: date, note: str, by, at) -> None:
    values = {
        "hand_over": hand_over.pk, "entity": hand_over.legal_entity_id, "leaver": hand_over.leaver_id, "day": day,
        "note": note, "by": by.pk, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (END, BEGIN, REPEAT):
            cursor.execute(statement, values)
