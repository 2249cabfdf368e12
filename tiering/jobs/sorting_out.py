"""Lines that the pass over the file did not take: what is wrong with each, and which of a customer's lines counts."""

from collections.abc import Iterator
from itertools import islice

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tellerdesk.files.tables import Table
from tiering.jobs.day_lines import SOUND_BY_TABLE, day_lines, facts
from tiering.jobs.held_texts import learn_texts
from tiering.jobs.judged_lines import judge_into
from tiering.jobs.merged_lines import OF_MERGED, find_merged
from tiering.jobs.night import Night
from tiering.jobs.staging import COPYING, EVERY_LANE, JUDGED, Staging
from tiering.jobs.temporary import keep

JUDGED_AT_ONCE = 10_000

LEFT_OVER = "SELECT branch_id AS line FROM {target} WHERE customer_id IS NULL"
TAKE_OUT = "DELETE FROM {target} WHERE customer_id IS NULL"
# Sound in every column, so it is the customer who is not there. OFFSET 0: the few lines are chosen first.
PUT_ASIDE = """
DELETE FROM night_left_over WHERE line IN (
  SELECT s.line
  FROM (SELECT * FROM ({facts}) s OFFSET 0) s JOIN {held} held ON held.text = s.product_categories
  WHERE {sound} AND s.{of_merged})
"""
UNKNOWN = """
INSERT INTO {rejects}
SELECT s.line, 'unknown_customer'
FROM (SELECT * FROM ({facts}) s OFFSET 0) s JOIN {held} held ON held.text = s.product_categories
WHERE {sound} AND s.customer_number ~ '^[0-9]{{6,20}}$'
"""
DOUBTFUL = "SELECT line FROM night_left_over WHERE line NOT IN (SELECT line FROM {rejects}) ORDER BY line"
TWICE = """
SELECT customer_id, customer_number
FROM (SELECT customer_id FROM {target} GROUP BY customer_id HAVING count(*) > 1) twice
JOIN customers_customer ON legal_entity_id = {entity} AND id = customer_id
"""
PLACES = """
SELECT s.line, row_number() OVER (PARTITION BY s.customer_number ORDER BY s.line) AS place
FROM (SELECT * FROM ({facts}) s OFFSET 0) s JOIN {held} held ON held.text = s.product_categories WHERE {sound}
"""
LATER = "INSERT INTO {rejects} SELECT line, 'duplicate_line' FROM night_places WHERE place > 1"
FORGET = "DELETE FROM {target} WHERE customer_id IN (SELECT customer_id FROM night_twice)"
KNOWN = "SELECT * FROM ({}) line WHERE customer_id IS NOT NULL"
OF_TWICE = SQL("customer_number IN (SELECT customer_number FROM night_twice)")
LEFT = SQL("line IN (SELECT line FROM night_left_over)")
FIRST = SQL("line IN (SELECT line FROM night_places WHERE place = 1)")


def sort_out(cursor, night: Night, staging: Staging, table: Table, target: str, categories: dict[str, int]) -> None:
    """Whatever stands in `target` without a customer leaves it, and comes back as a line or is a reject. Lines of
    merged customers wait (merged_lines.credit).
    """
    find_merged(cursor, night)
    left = _take_out(cursor, target)
    if left and learn_texts(cursor, staging, COPYING, categories, LEFT):
        _pour(cursor, target, day_lines(night, staging, COPYING, LEFT))
        left = _take_out(cursor, target)
    if left:
        _refuse_unknown(cursor, staging, COPYING)
        _take_in_doubtful(cursor, night, staging, table, target, categories)


def keep_first_lines(cursor, night: Night, staging: Staging, target: str) -> None:
    """Of each customer who stands in `target` more than once; the later lines are rejects."""
    twice = SQL(TWICE).format(target=Identifier(target), entity=Literal(night.legal_entity_id))
    keep(cursor, "night_twice", twice, analyse=True)
    parts = {"facts": facts(staging, EVERY_LANE, OF_TWICE), "held": staging.table("held"), "sound": SOUND_BY_TABLE}
    keep(cursor, "night_places", SQL(PLACES).format(**parts), analyse=True)
    cursor.execute(SQL(LATER).format(rejects=staging.table("rejects")))
    cursor.execute(SQL(FORGET).format(target=Identifier(target)))
    # What was judged also stands there as it came, and finds no customer.
    _pour(cursor, target, SQL(KNOWN).format(day_lines(night, staging, EVERY_LANE, FIRST)))


def _take_out(cursor, target: str) -> int:
    """As night_left_over: the lines by number."""
    found = keep(cursor, "night_left_over", SQL(LEFT_OVER).format(target=Identifier(target)), analyse=True)
    if found:
        cursor.execute(SQL(TAKE_OUT).format(target=Identifier(target)))
    return found


def _refuse_unknown(cursor, staging: Staging, lanes: tuple[int, ...]) -> None:
    parts = {name: staging.table(name) for name in ("rejects", "held")}
    parts |= {"facts": facts(staging, lanes, LEFT), "sound": SOUND_BY_TABLE, "of_merged": OF_MERGED}
    for statement in (PUT_ASIDE, UNKNOWN):
        cursor.execute(SQL(statement).format(**parts))


def _pour(cursor, target: str, lines: Composable) -> None:
    cursor.execute(SQL("INSERT INTO {} {}").format(Identifier(target), lines))


def _take_in_doubtful(
    cursor, night: Night, staging: Staging, table: Table, target: str, categories: dict[str, int]
) -> None:
    if _judge_doubtful(cursor, staging, table, categories):
        learn_texts(cursor, staging, (JUDGED,), categories)
        _pour(cursor, target, day_lines(night, staging, (JUDGED,)))
        if _take_out(cursor, target):
            _refuse_unknown(cursor, staging, (JUDGED,))


def _judge_doubtful(cursor, staging: Staging, table: Table, categories: dict[str, int]) -> int:
    """By the rule, as they stand in the file; how many are valid after all. A blank line is neither."""
    lane, valid = staging.table(JUDGED), 0
    rows = table.pick(_doubtful(cursor, staging))
    while some := list(islice(rows, JUDGED_AT_ONCE)):
        valid += judge_into(cursor, staging, lane, some, categories)
    return valid


def _doubtful(cursor, staging: Staging) -> Iterator[int]:
    with cursor.connection.cursor("night_doubtful") as lines:
        lines.itersize = JUDGED_AT_ONCE
        lines.execute(SQL(DOUBTFUL).format(rejects=staging.table("rejects")))
        for (line,) in lines:
            yield line
