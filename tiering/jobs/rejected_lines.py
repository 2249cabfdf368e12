"""Rejected lines as a file to correct and send again, read once more from where they came."""

from collections import deque
from collections.abc import Iterator

from django.utils.translation import override
from psycopg2.sql import SQL

from tellerdesk.files.rejects import RejectWriter
from tellerdesk.files.tables import Table
from tiering.jobs.staging import Staging
from tiering.reject_messages import SENTENCES

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


def write_refusal(*, code: str, message: str) -> str:
    """A file that was refused as a whole: one reject, of its first line."""
    writer = RejectWriter([])
    writer.add(1, code, message, [])
    return writer.close().name


def _write(cursor, staging: Staging, table: Table, writer: RejectWriter) -> None:
    words = {code: str(message) for code, message in SENTENCES.items()}
    pending: deque[tuple[int, str]] = deque()

    def lines() -> Iterator[int]:
        for reject in _in_order(cursor, staging):
            pending.append(reject)
            yield reject[0]

    for row in table.pick(lines()):
        while pending[0][0] < row.line:
            pending.popleft()
        line, code = pending.popleft()
        writer.add(line, code, words[code], row.values)


def _in_order(cursor, staging: Staging) -> Iterator[tuple[int, str]]:
    with cursor.connection.cursor("night_rejects") as rejects:
        rejects.itersize = READ_AT_ONCE
        rejects.execute(SQL("SELECT line, code FROM {} ORDER BY line").format(staging.table("rejects")))
        yield from rejects
