"""The rejects of an import as a file to correct and send again: the lines are read once more from the sealed upload."""

from collections import deque
from collections.abc import Iterator

from customers.import_messages import reject_message
from customers.jobs.import_chunk import code_of
from customers.models import CustomerImport
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.rejects import RejectWriter
from tellerdesk.files.tables import Table

PAGE = 5_000


def write_rejects(run: CustomerImport, table: Table) -> str:
    """The name of the stored file; "" where nothing was rejected."""
    if not run.rejected:
        return ""
    writer = RejectWriter(table.header)
    try:
        _write(run, table, writer)
        return writer.close().name
    except BaseException:
        writer.abandon()
        raise


def _write(run: CustomerImport, table: Table, writer: RejectWriter) -> None:
    pending: deque[tuple[int, str]] = deque()

    def lines() -> Iterator[int]:
        for reject in rejects_of(run):
            pending.append(reject)
            yield reject[0]

    for row in table.pick(lines()):
        while pending[0][0] < row.line:
            pending.popleft()
        line, problems = pending.popleft()
        writer.add(line, code_of(problems), reject_message(problems), row.values)


def rejects_of(run: CustomerImport) -> Iterator[tuple[int, str]]:
    """By line, in pages: a million of them is nothing to hold."""
    rejects, after = run.rejects.using(OWNER).order_by("line"), 0
    while page := list(rejects.filter(line__gt=after).values_list("line", "problems")[:PAGE]):
        yield from page
        after = page[-1][0]
