"""A customer file as chunks of lines, from the checkpoint on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from customers.rules.import_columns import COLUMNS
from tellerdesk.files.columns import Column
from tellerdesk.files.storage import open_stored
from tellerdesk.files.tables import Row, Table

SIZE = 5_000  # lines of a chunk: one transaction, one checkpoint

FILE_COLUMNS = tuple(Column(each.name, each.chinese, each.required) for each in COLUMNS)


@dataclass
class Chunk:
    """`rows` are [line, cell, …] for import_rows; `broken` the lines that are no record, with the reason.

    `lines` counts both.
    """

    last_line: int
    lines: int
    rows: list[list] = field(default_factory=list)
    broken: list[tuple[int, str]] = field(default_factory=list)
    unnumbered: int = 0

    def handed_over(self) -> list[list]:
        """The rows, which are then held no longer."""
        rows, self.rows = self.rows, []
        return rows


def open_file(stored: str) -> Table:
    """Raises FileRefused, StoredFileBroken."""
    return Table.open(partial(open_stored, stored), FILE_COLUMNS)


def count_lines(table: Table) -> int:
    """Number of the last line; blank ones and the header count."""
    return table.header_line + sum(block.data.count(b"\n") for block in table.blocks())


def numbers_given(table: Table) -> Iterator[str]:
    """Customer numbers that stand in the file, wherever they do; one more reading of it."""
    if "customer_number" not in table.names:
        return
    for row in table.rows():
        if row.cells and (number := row.cells["customer_number"].strip()):
            yield number


def chunks(table: Table, *, after: int) -> Iterator[Chunk]:
    rows = (row for row in table.rows() if row.line > after)
    while taken := list(islice(rows, SIZE)):
        yield _chunk(taken)


def _chunk(rows: list[Row]) -> Chunk:
    chunk = Chunk(last_line=rows[-1].line, lines=len(rows))
    for row in rows:
        if row.cells is None:
            chunk.broken.append((row.line, row.problem))
        else:
            chunk.rows.append([row.line, *row.cells.values()])
            chunk.unnumbered += not row.cells.get("customer_number", "").strip()
    return chunk
