"""Lines of text as records of cells: RFC 4180 with any delimiter, and one broken record never takes the next along."""

import csv
import re
from collections.abc import Generator
from functools import lru_cache

# Physical lines of one record; a quote that is not closed by then was never meant to open.
MOST_LINES = 50

Record = tuple[int, int, list[str] | None]


def records(lines: list[str], delimiter: str, *, more_follow: bool) -> Generator[Record, None, int]:
    """(place of the first line, number of lines, cells); cells are None where the quotes do not fit.

    Returns the place where it stopped: before the end only where the last record may go on in what follows.
    """
    at = 0
    while at < len(lines):
        line = lines[at]
        if '"' not in line:
            yield at, 1, line.split(delimiter)
            at += 1
            continue
        taken, cells = _quoted(lines[at : at + MOST_LINES], delimiter)
        if cells is None and more_follow and at + MOST_LINES > len(lines):
            return at
        yield at, taken, cells
        at += taken
    return at


def _quoted(lines: list[str], delimiter: str) -> tuple[int, list[str] | None]:
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return 1, None
    return reader.line_num, cells


def has_lines_for_records(data: bytes, delimiter: str) -> bool:
    """Of whole lines in UTF-8: quotes only around whole cells, with neither a quote nor a line's end inside."""
    return b'"' not in data or b'"' not in _quoted_cell(delimiter).sub(b"", b"\n" + data)


def finished_lines(data: bytes, delimiter: str) -> int:
    """So many of the lines are whole records; those behind them may go on in what follows.

    What goes on began at one of the last lines: where these have a record each, nothing does.
    """
    last = data.rsplit(b"\n", MOST_LINES)[-MOST_LINES:]
    if has_lines_for_records(b"\n".join(last), delimiter):
        return data.count(b"\n")
    found = records(data.decode().split("\n")[:-1], delimiter, more_follow=True)
    while True:
        try:
            next(found)
        except StopIteration as end:
            return end.value


@lru_cache
def _quoted_cell(delimiter: str) -> re.Pattern:
    edge = b"[" + re.escape(delimiter.encode()) + b"\n]"
    return re.compile(edge + b'"[^"\n]*"(?=' + edge + b")")
