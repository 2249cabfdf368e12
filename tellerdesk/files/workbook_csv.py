"""Run as a program: a workbook on stdin becomes the CSV of its first sheet on stdout.

A process of its own, since a workbook is read whole (254 MB for 200,000 × 12 cells), and a damaged one may take
whatever reads it along. Standard library and calamine only. Ends with 3 for a workbook that cannot be read.
"""

import csv
import io
import resource
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

UNREADABLE = 3
MOST_MEMORY = 6 * 1024**3
MOST_SECONDS = 900
EXACT_BELOW = 10**15


def cell_text(value) -> str:
    """Dates as ISO, whole numbers without a fraction, one line. A number of 16 digits and more, which a spreadsheet
    has rounded, stays in exponent form: invented digits must not pass for an identity or customer number.
    """
    if isinstance(value, str):
        return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return _number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else _plain(value)


def _number_text(value: float) -> str:
    if abs(value) >= EXACT_BELOW:
        return f"{value:e}"
    return f"{value:.0f}" if value.is_integer() else format(Decimal(repr(value)), "f")


def _plain(value) -> str:
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def write_csv(workbook: bytes, out) -> None:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
    writer = csv.writer(out, lineterminator="\n")
    for row in sheet.iter_rows():
        writer.writerow([cell_text(value) for value in row])


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="", write_through=False)
    try:
        write_csv(sys.stdin.buffer.read(), out)
    except (CalamineError, ValueError, IndexError, OSError, MemoryError):
        return UNREADABLE
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
