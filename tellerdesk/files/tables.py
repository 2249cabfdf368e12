"""A table that somebody sent: CSV in any of the usual ways, or a workbook. Recognised here, streamed, never whole."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import BinaryIO, NamedTuple

from tellerdesk.files.blocks import SIZE, Block, blocks, of_whole_records, without_first_lines
from tellerdesk.files.columns import Column, known, layout
from tellerdesk.files.encodings import UTF8, decodes, encoding_of
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.formulas import restored
from tellerdesk.files.records import records
from tellerdesk.files.workbooks import as_csv, is_workbook

DELIMITERS = (",", "\t", "|")
OF_ROWS = 1024 * 1024  # bytes of a block that is taken apart into rows


class Row(NamedTuple):
    """One record, `line` the physical line it begins on (header = 1).

    `cells` by canonical name, only of columns the file has; None where there is a `problem`: `wrong_encoding`,
    `broken_quotes`, `line_too_long`, `missing_column` (too few cells for a required column), `extra_column`.
    `values` are the cells in the file's own order, as well as they can be told apart, for the rejects; `raw` the text.
    """

    line: int
    cells: dict[str, str] | None
    raw: str
    problem: str | None
    values: list[str]


@dataclass(frozen=True)
class Table:
    """`layout` has the canonical name of every position, None for an ignored column; `header` the cells as sent."""

    source: Callable[[], BinaryIO]
    encoding: str
    delimiter: str
    header: list[str]
    layout: list[str | None]
    header_line: int
    least_cells: int

    @classmethod
    def open(cls, source: Callable[[], BinaryIO], columns: Sequence[Column]) -> "Table":
        """`source` opens the file anew at every call. Raises FileRefused."""
        source = _text_of(source)
        encoding = encoding_of(source)
        line, text = _header(source, encoding)
        delimiter = max(DELIMITERS, key=lambda each: known(_cells(text, each), columns))
        header = _cells(text, delimiter)
        places = layout(header, columns)
        required = [places.index(column.name) for column in columns if column.required]
        return cls(source, encoding, delimiter, header, places, line, 1 + max(required, default=-1))

    def blocks(self, size: int = SIZE) -> Iterator[Block]:
        """What follows the header (files.blocks), each with whole records."""
        with self.source() as file:
            found = without_first_lines(blocks(file, self.encoding, size), self.header_line)
            yield from of_whole_records(found, self.delimiter)

    def rows(self, block: Block | None = None) -> Iterator[Row]:
        """Of one block, or of the whole file; blank lines are left out."""
        for each in self.blocks(OF_ROWS) if block is None else [block]:
            yield from self._rows(each)

    def pick(self, lines: Iterable[int]) -> Iterator[Row]:
        """The records that begin on these lines of the file, given in ascending order; reads the file once."""
        wanted = iter(lines)
        line = next(wanted, None)
        for block in self.blocks():
            if line is None:
                return
            end = block.first_line + block.lines
            if line >= end:
                continue
            if block.decoded and b'"' not in block.data:
                texts = _lines(block.data)
                while line is not None and line < end:
                    yield from self._rows_of([texts[line - block.first_line]], line)
                    line = next(wanted, None)
                continue
            for row in self.rows(block):
                while line is not None and line < row.line:
                    line = next(wanted, None)
                if row.line == line:
                    yield row
            while line is not None and line < end:
                line = next(wanted, None)

    @property
    def names(self) -> list[str]:
        """Canonical names of the columns the file has, in the order of `Row.cells`."""
        return [name for _place, name in self._places]

    @cached_property
    def _places(self) -> list[tuple[int, str]]:
        return [(place, name) for place, name in enumerate(self.layout) if name]

    def _rows(self, block: Block) -> Iterator[Row]:
        if block.decoded:
            yield from self._rows_of(_lines(block.data), block.first_line)
            return
        first = block.first_line
        for readable, run in groupby(block.data.split(b"\n")[:-1], partial(self._reads, block)):
            lines = list(run)
            if readable:
                yield from self._rows_of([line.decode(self.encoding) for line in lines], first)
            else:
                yield from self._unread(lines, first, block.problem)
            first += len(lines)

    def _reads(self, block: Block, line: bytes) -> bool:
        return block.problem == "wrong_encoding" and decodes(line, self.encoding)

    def _unread(self, lines: list[bytes], first: int, problem: str) -> Iterator[Row]:
        for number, line in enumerate(lines, first):
            text = line.decode(self.encoding, "replace").replace("\0", "\ufffd")
            yield Row(number, None, text, problem, text.split(self.delimiter))

    def _rows_of(self, lines: list[str], first: int) -> Iterator[Row]:
        blank = f'{self.delimiter} \t"'
        for at, taken, values in records(lines, self.delimiter, more_follow=False):
            raw = lines[at] if taken == 1 else "\n".join(lines[at : at + taken])
            if raw.strip(blank):
                yield self._row(first + at, raw, values)

    def _row(self, line: int, raw: str, values: list[str] | None) -> Row:
        if values is None:
            return Row(line, None, raw, "broken_quotes", raw.split(self.delimiter))
        if "'" in raw:
            values = [restored(value) for value in values]
        if len(values) != len(self.layout) and (problem := self._misfit(values)):
            return Row(line, None, raw, problem, values)
        return Row(line, {name: values[place] for place, name in self._places}, raw, None, values)

    def _misfit(self, values: list[str]) -> str | None:
        """Empty cells at the end are neither missing nor too many: they are added or taken off."""
        width = len(self.layout)
        if len(values) < self.least_cells:
            return "missing_column"
        if any(values[width:]):
            return "extra_column"
        values[width:] = []
        values += [""] * (width - len(values))
        return None


def _text_of(source: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
    with source() as file:
        head = file.read(8)
    if not head:
        raise FileRefused("empty_file", line=1)
    return as_csv(source) if is_workbook(head) else source


def _header(source: Callable[[], BinaryIO], encoding: str) -> tuple[int, str]:
    """The first line that is not blank, and its number. A quoted name of a column stays on one line."""
    with source() as file:
        block = next(blocks(file, encoding, 64 * 1024), None)
    if block is None:
        raise FileRefused("empty_file", line=1)
    if block.problem == "line_too_long":
        raise FileRefused("not_a_table", line=1)
    for number, line in enumerate(block.data.split(b"\n"), 1):
        if line.strip(b' ,|\t"'):
            return number, _text(line, UTF8 if block.decoded else encoding)
    raise FileRefused("empty_file", line=1)


def _text(line: bytes, encoding: str) -> str:
    """Raises FileRefused `wrong_encoding`: without its header a file says nothing."""
    if not decodes(line, encoding):
        raise FileRefused("wrong_encoding", line=1)
    return line.decode(encoding)


def _cells(line: str, delimiter: str) -> list[str]:
    _place, _lines, cells = next(records([line], delimiter, more_follow=False))
    return [restored(cell) for cell in cells or line.split(delimiter)]


def _lines(data: bytes) -> list[str]:
    return data.decode(UTF8).split("\n")[:-1]
