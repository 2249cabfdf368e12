"""Files that are not what they should be, beside a plain COPY of a whole one: bad lines, corrections, one twice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from benchmarks import night_filling
from benchmarks.figures import table
from benchmarks.night_once import MOST_MEMORY, Measured, measure, plain_copy, settle

EVERY = 1000  # lines


@dataclass(frozen=True)
class Case:
    """`change` makes the lines of the file out of those of a whole one; the first has the header."""

    name: str
    change: Callable[[Iterator[bytes]], Iterable[bytes]]


def unknown_now_and_then(lines: Iterator[bytes]) -> Iterator[bytes]:
    for place, line in enumerate(lines):
        yield b"9" + line[1:12] + b"99999999" + line[12:] if place and place % EVERY == 0 else line


def unreadable_now_and_then(lines: Iterator[bytes]) -> Iterator[bytes]:
    for place, line in enumerate(lines):
        yield unreadable(line) if place and place % EVERY == 0 else line


def twice_now_and_then(lines: Iterator[bytes]) -> Iterator[bytes]:
    for place, line in enumerate(lines):
        yield line
        if place and place % EVERY == 0:
            yield line


def unreadable_all(lines: Iterator[bytes]) -> Iterator[bytes]:
    yield next(lines)
    yield from map(unreadable, lines)


def unreadable(line: bytes) -> bytes:
    """A letter behind the AUM."""
    return line.replace(b",", b"x,", 2).replace(b"x,", b",", 1)


def a_hundredth(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Each with another AUM."""
    yield next(lines)
    for line in islice(lines, 0, None, 100):
        number, _aum, rest = line.split(b",", 2)
        yield b",".join((number, b"4321.00", rest))


CASES = (
    Case("a line in a thousand of nobody", unknown_now_and_then),
    Case("a line in a thousand unreadable", unreadable_now_and_then),
    Case("a line in a thousand twice", twice_now_and_then),
)
LATER = (Case("the same file again", iter), Case("a correction of a hundredth", a_hundredth))
HOPELESS = Case("every line unreadable", unreadable_all)


def run(customers: int, days: Iterator[date], folder: Path) -> None:
    """Each of the first on a day of its own; then later files of the last of these days."""
    path = folder / "faults.csv"
    found = {}
    for case in CASES:
        day = next(days)
        found[case.name] = a_case(case, day, customers, path)
    for case in LATER:
        found[case.name] = a_case(case, day, customers, path)
    found[HOPELESS.name] = a_case(HOPELESS, next(days), customers, path)
    report(customers, found)


def a_case(case: Case, day: date, customers: int, path: Path) -> tuple[float, Measured]:
    """With the seconds of a plain COPY of the whole file."""
    whole = path.with_suffix(".whole")
    night_filling.write_day(whole, day, customers)
    with open(whole, "rb") as lines, open(path, "wb") as out:
        out.writelines(case.change(lines))
    settle()
    copy = plain_copy(whole)
    return copy, measure(path, day)


def report(customers: int, found: dict[str, tuple[float, Measured]]) -> None:
    rows = [
        [name, f"{took.load:.2f}", f"{took.load / copy:.2f}", f"{took.memory:.0f}"]
        for name, (copy, took) in found.items()
    ]
    title = f"Files that are not whole, {customers:,} customers, once each"
    table(title, ["", "load s", "times a plain COPY of the whole file", f"MB (goal {MOST_MEMORY})"], rows)
