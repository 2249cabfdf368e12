"""A staged file becomes the lines of its day: a new table for the first file of the day, a merge for any later one; and
the list of those whose standing tiers do not agree with them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from psycopg2.sql import SQL, Identifier

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.tables import Table
from tiering.enums import NightStep
from tiering.jobs import partitions
from tiering.jobs.day_lines import FEW_TEXTS, day_lines
from tiering.jobs.differences import list_differences
from tiering.jobs.held_texts import learn_most_texts, learned
from tiering.jobs.merged_lines import credit, unite_day
from tiering.jobs.merging import merge
from tiering.jobs.night import Night
from tiering.jobs.planning import hash_in_cache, hash_joins
from tiering.jobs.sorting_out import keep_first_lines, sort_out
from tiering.jobs.staging import COPYING, Staging

KEEP_DAY = """
INSERT INTO tiering_snapshotday (legal_entity_id, as_of, table_name, policy_id, lines, moved_standing)
VALUES (%(entity)s, %(as_of)s, %(table)s, %(policy)s, %(lines)s, %(moved)s)
ON CONFLICT (legal_entity_id, as_of) DO UPDATE
SET lines = excluded.lines, moved_standing = tiering_snapshotday.moved_standing OR excluded.moved_standing
"""


@dataclass(frozen=True)
class Staged:
    """A file in its staging tables. `lines` were copied; `categories` as for rules.snapshot_line."""

    staging: Staging
    table: Table
    categories: dict[str, int]
    lines: int


@dataclass(frozen=True)
class Loaded:
    """Lines of the file: `accepted` are valid; lines of the day: `changed` are new or say something else."""

    accepted: int
    changed: int
    rejects_by_code: dict[str, int]

    @property
    def rejected(self) -> int:
        return sum(self.rejects_by_code.values())


def load(cursor, night: Night, staged: Staged) -> Loaded:
    """In the night's transaction. A day that would have no line at all is not made. Leaves night_delta for the tiers
    (jobs.differences) where there are lines and the day moves them.
    """
    is_first = not partitions.is_there(cursor, night.table)
    target = night.table if is_first else f"{night.table}_more"
    with hash_joins(cursor, rows=staged.lines):
        customers, joined = _fill(cursor, night, staged, target, kind=SQL("" if is_first else "UNLOGGED"))
    night.progress(NightStep.LOAD, 80)
    changed = _begin(cursor, night, customers) if is_first else _merge(cursor, night, target)
    night.progress(NightStep.LOAD, 90)
    if customers and night.moves_standing:
        list_differences(cursor, night)
    night.progress(NightStep.LOAD, 100)
    return Loaded(customers + joined, changed, _rejects(cursor, staged.staging))


def _fill(cursor, night: Night, staged: Staged, target: str, *, kind: SQL) -> tuple[int, int]:
    """`target` has every customer of the file once, with the key. How many these are, and how many valid lines more."""
    learn_most_texts(cursor, staged.staging, COPYING, staged.categories, lines=staged.lines)
    texts = learned(cursor, staged.staging, most=FEW_TEXTS)
    lines = day_lines(night, staged.staging, COPYING, texts=texts)
    with hash_in_cache(cursor, rows=staged.lines):
        cursor.execute(SQL("CREATE {} TABLE {} AS {}").format(kind, Identifier(target), lines))
    night.progress(NightStep.LOAD, 60)
    all_known = _holds(partitions.constrain, cursor, night, target)
    if not all_known:
        sort_out(cursor, night, staged.staging, staged.table, target, staged.categories)
        partitions.constrain(cursor, night, target)
    each_once = _holds(partitions.key, cursor, target)
    if not each_once:
        keep_first_lines(cursor, night, staged.staging, target)
        partitions.key(cursor, target)
    joined = 0 if all_known else credit(cursor, night, staged.staging, target)
    return staged.lines if all_known and each_once else _count(cursor, target), joined


def _holds(constrain: Callable, *arguments) -> bool:
    try:
        with transaction.atomic(using=OWNER):
            constrain(*arguments)
    except IntegrityError:
        return False
    return True


def _begin(cursor, night: Night, customers: int) -> int:
    if not customers:
        cursor.execute(SQL("DROP TABLE {}").format(Identifier(night.table)))
        return 0
    partitions.analyse(cursor, night.table)
    partitions.attach(cursor, night)
    _keep_day(cursor, night, customers)
    return customers


def _merge(cursor, night: Night, more: str) -> int:
    unite_day(cursor, night)
    changed = merge(cursor, day=night.table, more=more)
    cursor.execute(SQL("DROP TABLE {}").format(Identifier(more)))
    _keep_day(cursor, night, _count(cursor, night.table))
    return changed


def _keep_day(cursor, night: Night, lines: int) -> None:
    values = {
        "entity": night.legal_entity_id,
        "as_of": night.as_of,
        "table": night.table,
        "policy": night.policy_id,
        "lines": lines,
        "moved": night.moves_standing,
    }
    cursor.execute(KEEP_DAY, values)


def _count(cursor, table: str) -> int:
    cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table)))
    return cursor.fetchone()[0]


def _rejects(cursor, staging: Staging) -> dict[str, int]:
    text = SQL("SELECT code, count(*) FROM {} GROUP BY code ORDER BY code")
    cursor.execute(text.format(staging.table("rejects")))
    return dict(cursor.fetchall())
