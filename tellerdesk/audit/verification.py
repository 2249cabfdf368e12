"""Walks the chains and holds every sealed record against the last event about it."""

from dataclasses import dataclass
from itertools import groupby

from django.db import connection, transaction
from psycopg2 import sql

from tellerdesk.audit.models import AuditChain, AuditEvent, SealedTable
from tellerdesk.audit.sql import AS_SEALED, BROKEN_LINKS, DIGEST_OF_VERSION, RECORDS_AND_SEALS


@dataclass(frozen=True)
class Fault:
    """`where` is `chain seq` or `app.model:pk`; `kind` one of the words in audit.sql."""

    where: str
    event_id: int | None
    kind: str


@dataclass(frozen=True)
class Verdict:
    events: int
    chains: int
    faults: list[Fault]


@transaction.atomic
def verify(*, progress=lambda text: None) -> Verdict:
    """Reads everything, writes nothing; `progress` is called with a line before each step."""
    progress("chains")
    faults = [Fault(f"{chain} {seq or '-'}", event, kind) for chain, seq, event, kind in _rows(BROKEN_LINKS)]
    with connection.cursor() as cursor:
        cursor.execute(AS_SEALED)
    for label, versions in groupby(SealedTable.objects.order_by("label", "version"), key=lambda table: table.label):
        progress(label)
        faults += _records_of(label, list(versions))
    return Verdict(AuditEvent.objects.count(), AuditChain.objects.count(), faults)


def _records_of(label: str, versions: list[SealedTable]) -> list[Fault]:
    query = sql.SQL(RECORDS_AND_SEALS).format(
        prefix=sql.Literal(f"{label}:"),
        table=sql.Identifier(versions[-1].table_name),
        versions=sql.SQL(" ").join(_digest_of(version) for version in versions),
    )
    return [Fault(record, event, kind) for record, event, kind in _rows(query)]


def _digest_of(version: SealedTable) -> sql.Composable:
    columns = sql.SQL(", ").join(sql.Identifier("t", column) for column in version.columns)
    return sql.SQL(DIGEST_OF_VERSION).format(version=sql.Literal(version.version), columns=columns)


def _rows(query) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
