"""Rejected lines as a file to correct and send again, read once more from where they came."""

from collections import deque
from collections.abc import Iterator
from functools import cache

from django.utils.translation import override
from psycopg2.sql import SQL

from tellerdesk.files.rejects import RejectWriter
from tellerdesk.files.tables import Row, Table
from tiering.jobs.staging import Staging
from tiering.reject_messages import OF_A_COLUMN, reject_message
from tiering.rules.snapshot_line import column_at_fault

READ_AT_ONCE = 10_000


def write_rejects(cursor, staging: Staging, table: Table, *, language: str) -> str:
    """In the order of the lines, with the sentences in that language. The name of the stored file."""
    writer = RejectWriter(table.header)
    try:
        with override(language):
            _write(cursor, staging, table, writer)
        return writer.close().name
    except BaseException:
        writer.abandon()
        raise


def _write(cursor, staging: Staging, table: Table, writer: RejectWriter) -> None:
    words = cache(reject_message)
    pending: deque[tuple[int, str]] = deque()

    def lines() -> Iterator[int]:
        for reject in _in_order(cursor, staging):
            pending.append(reject)
            yield reject[0]

    for row in table.pick(lines()):
        while pending[0][0] < row.line:
            pending.popleft()
        line, code = pending.popleft()
        writer.add(line, code, words(code, _column(table, row, code)), row.values)


def _column(table: Table, row: Row, code: str) -> str:
    """As the file's header has it; empty where the fault is in no number of the line."""
    name = column_at_fault(row.cells) if row.cells and code in OF_A_COLUMN else None
    return table.header[table.layout.index(name)].strip() if name else ""


def _in_order(cursor, staging: Staging) -> Iterator[tuple[int, str]]:
    with cursor.connection.cursor("night_rejects") as rejects:
        rejects.itersize = READ_AT_ONCE
        rejects.execute(SQL("SELECT line, code FROM {} ORDER BY line").format(staging.table("rejects")))
        yield from rejects
