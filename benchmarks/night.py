"""Snapshot files go through the night as its command runs it, at one size after another.

Beside each load stands a plain COPY of the same file into an unlogged typed table, and beside the day's lines a
parallel scan with an aggregate, both measured in the same minute.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from statistics import median

from psycopg2.sql import SQL, Identifier

from benchmarks import night_faults, night_filling
from benchmarks.figures import ROUNDS, table
from benchmarks.night_once import MOST_MEMORY, Measured, bare_join, measure, plain_copy, settle, timed, write_out
from tiering.jobs.partitions import day_table

GOAL = 3
# Times the customers, and the day on which a size begins: the last of a quarter, so that movement counts from a day on
# which everybody was there already.
GROWTH = {1: date(2025, 12, 31), 2: date(2026, 3, 31), 5: date(2026, 6, 30), 10: date(2026, 9, 30)}
# From so many customers on one day is measured, after the one that fills everything.
MANY = 5_000_000
SCAN = "SELECT count(*), sum(aum), avg(aum) FROM {}"
STEPS = ("read", "load", "tiers", "owners", "summary")


@dataclass(frozen=True)
class Day:
    """One file of one day beside its floors, in seconds."""

    copy: float
    bare: float
    scan: float
    night: Measured

    @property
    def load_ratio(self) -> float:
        return self.night.load / self.copy

    @property
    def plain(self) -> float:
        return self.copy + self.bare


def run(customers: int) -> None:
    entity, sizes = night_filling.fill(customers), {}
    with tempfile.TemporaryDirectory() as folder:
        for factor, first in GROWTH.items():
            size, days = customers * factor, days_from(first)
            sizes[size] = a_size(entity, size, days, Path(folder))
            print_loads(size, sizes[size])
            if size == customers:
                night_faults.run(customers, days, Path(folder))
    print_growth(sizes)


def days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in count())


def a_size(entity: int, customers: int, days: Iterator[date], folder: Path) -> list[Day]:
    """Three days, or one of very many customers, after one more on which everybody new gets tier and owner."""
    grow(customers)
    rounds = ROUNDS if customers < MANY else 1
    return [a_day(entity, next(days), customers, folder / "day.csv") for _ in range(rounds + 1)][1:]


def grow(customers: int) -> None:
    with night_filling.settled() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")
        (there,) = cursor.fetchone()
    if there < customers:
        night_filling.add_customers(there + 1, customers)


def a_day(entity: int, day: date, customers: int, path: Path) -> Day:
    night_filling.write_day(path, day, customers)
    settle()
    copy, bare = plain_copy(path), bare_join(entity)
    write_out()
    night = measure(path, day)
    scan = median(timed(lambda: look(day_table(entity, day))) for _ in range(ROUNDS))
    return Day(copy, bare, scan, night)


def look(name: str) -> None:
    with night_filling.settled() as cursor:
        cursor.execute(SQL(SCAN).format(Identifier(name)))


def print_loads(customers: int, days: list[Day]) -> None:
    copy, scan = median(day.copy for day in days), median(day.scan for day in days)
    load, bare = median(day.night.load for day in days), median(day.plain for day in days)
    rows = [
        ["plain COPY of the file (floor)", f"{copy:.2f}", "1.00"],
        ["COPY and bare join, key, statistics", f"{bare:.2f}", f"{bare / copy:.2f}"],
        ["whole load", f"{load:.2f}", f"{median(day.load_ratio for day in days):.2f}"],
        *(step_row(step, days) for step in ("read", "load")),
        ["  of COPY and bare join", "", f"{median(day.night.load / day.plain for day in days):.2f}"],
        ["one look at every line of the day", f"{scan:.2f}", f"{scan / copy:.2f}"],
    ]
    memory = max(day.night.memory for day in days)
    held = f"Python held {memory:.0f} MB (goal {MOST_MEMORY})"
    title = f"Snapshot of {customers:,} customers, medians of {len(days)} days; {held}"
    table(title, ["", "s", f"ratio (goal {GOAL} for the load)"], rows)


def step_row(step: str, days: list[Day]) -> list[str]:
    seconds = median(day.night.steps[step] for day in days)
    return [f"  {step}", f"{seconds:.2f}", f"{median(day.night.steps[step] / day.copy for day in days):.2f}"]


def print_growth(sizes: dict[int, list[Day]]) -> None:
    """Seconds for a million customers: a step that grows with them alone keeps its figure."""
    rows = [
        [name, *(f"{1e6 * median(map(taken, days)) / customers:.2f}" for customers, days in sizes.items())]
        for name, taken in kinds().items()
    ]
    table("Seconds a million customers", ["", *(f"{customers:,}" for customers in sizes)], rows)


def kinds() -> dict[str, Callable[[Day], float]]:
    steps = {step: lambda day, step=step: day.night.steps[step] for step in STEPS}
    return {
        "plain COPY": lambda day: day.copy,
        "COPY and bare join": lambda day: day.plain,
        "scan": lambda day: day.scan,
        **steps,
    }
