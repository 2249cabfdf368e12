"""A yearly calendar as a file: which days are off, which weekend days are worked (放假安排的通知).

A file counts whole or not at all: a calendar half taken over would give wrong due days silently.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from customers.rules.import_values import date_of_word
from customers.rules.texts import clean_text, line_problem

OLDEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
LONGEST_NAME = 40
KINDS = {
    "休": False, "放假": False, "节假日": False, "holiday": False,
    "班": True, "上班": True, "调休上班": True, "working": True,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    day: date
    is_working: bool
    name: str = ""


@dataclass(frozen=True)
class Fault:
    """`line` is that of the file, the header being the first."""

    line: int
    code: str


def read_lines(rows: Iterable[tuple[int, dict[str, str]]]) -> tuple[list[Line], list[Fault]]:
    """Line number and cells by column. A day that stands there twice must say the same twice."""
    found: dict[date, Line] = {}
    faults: list[Fault] = []
    for number, cells in rows:
        line = parsed(cells)
        codes = list(line_faults(cells, line))
        if not codes and found.setdefault(line.day, line) != line:
            codes = ["day_twice"]
        faults += [Fault(number, code) for code in codes]
    return list(found.values()), faults


def parsed(cells: dict[str, str]) -> Line | None:
    day, kind = date_of_word(clean_text(cells["day"])), clean_text(cells["kind"]).lower()
    if day is None or kind not in KINDS:
        return None
    return Line(day, KINDS[kind], clean_text(cells.get("name", "")))


def line_faults(cells: dict[str, str], line: Line | None) -> Iterator[str]:
    if date_of_word(clean_text(cells["day"])) is None:
        yield "not_a_day"
    if clean_text(cells["kind"]).lower() not in KINDS:
        yield "unknown_kind"
    if line and not OLDEST <= line.day <= LATEST:
        yield "out_of_range"
    if line and line_problem(line.name, LONGEST_NAME):
        yield "bad_name"
