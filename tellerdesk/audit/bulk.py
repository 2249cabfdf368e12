"""One event for many records: the owner, who alone may, writes their seals set-based before the event is linked.

The trigger at commit hashes the seals of its event into the chain as it does those it wrote itself (audit.sql).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, transaction
from psycopg2 import sql

from tellerdesk.audit.models import AuditEvent, SealedTable
from tellerdesk.audit.services import event_of
from tellerdesk.audit.sql import AS_SEALED, DIGEST_OF_ROW, DIGEST_OF_VERSION
from tellerdesk.core.database_roles import OWNER

NEXT_EVENT = "SELECT nextval(pg_get_serial_sequence('audit_auditevent', 'id'))"
# {records} is a query with one column, the ids.
SEAL = """
INSERT INTO audit_recordseal (event_id, record, version, digest)
SELECT {event}, {prefix} || t.id, {version}, {digest}
FROM {table} t JOIN ({records}) r(id) ON r.id = t.id
"""
# `id + 0`, or the planner may walk all seals backwards for the one of a record.
BROKEN = """
SELECT {prefix} || t.id FROM {table} t JOIN ({records}) r(id) ON r.id = t.id
LEFT JOIN LATERAL (
  SELECT version, digest FROM audit_recordseal WHERE record = {prefix} || t.id ORDER BY id + 0 DESC LIMIT 1
) s ON TRUE
WHERE CASE s.version {versions} END IS DISTINCT FROM s.digest OR s.digest IS NULL
ORDER BY t.id LIMIT 20
"""
SUM = """
SELECT count(*), encode(sha256(coalesce(string_agg(digest, ''::bytea ORDER BY record COLLATE "C"), '')), 'hex')
FROM audit_recordseal WHERE event_id = %s
"""


@dataclass(frozen=True)
class Records:
    """Rows of one sealed table; `ids` is a query with one column that finds them in the running transaction."""

    label: str
    ids: sql.Composable


def record_many(action: str, *, subject, records: Iterable[Records], by, detail=None) -> AuditEvent:
    """Writes the event about `subject` in the owner's running transaction and seals all `records` with it.

    `detail` gains `sealed`, how many records, and `digest`, SHA-256 over their seals in order.
    """
    event = event_of(action, subject=subject, by=by, detail=detail)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(NEXT_EVENT)
        event.pk = cursor.fetchone()[0]
        cursor.execute(AS_SEALED)
        for each in records:
            cursor.execute(_seal(event.pk, each))
        cursor.execute(SUM, [event.pk])
        event.detail |= dict(zip(("sealed", "digest"), cursor.fetchone(), strict=True))
    event.save(using=OWNER, force_insert=True)
    return event


def broken_records(records: Records) -> list[str]:
    """The first of those that are not as their last event left them, seen by the owner's running transaction.

    Whoever seals rows anew that nobody has looked at asks this before, or covers up what was done to them.
    """
    versions = list(SealedTable.objects.filter(label=records.label).order_by("version"))
    query = sql.SQL(BROKEN).format(
        prefix=sql.Literal(f"{records.label}:"),
        table=sql.Identifier(versions[-1].table_name),
        versions=sql.SQL(" ").join(
            sql.SQL(DIGEST_OF_VERSION).format(version=sql.Literal(each.version), columns=_columns(each))
            for each in versions
        ),
        records=records.ids,
    )
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(AS_SEALED)
        cursor.execute(query)
        return [record for (record,) in cursor.fetchall()]


def _columns(table: SealedTable) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier("t", column) for column in table.columns)


def _seal(event_id: int, records: Records) -> sql.Composable:
    table = SealedTable.objects.filter(label=records.label).latest("version")
    return sql.SQL(SEAL).format(
        event=sql.Literal(event_id),
        prefix=sql.Literal(f"{records.label}:"),
        version=sql.Literal(table.version),
        digest=sql.SQL(DIGEST_OF_ROW).format(columns=_columns(table)),
        table=sql.Identifier(table.table_name),
        records=records.ids,
    )
