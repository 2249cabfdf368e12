"""Snapshot files go through the night as its command runs it, in a process of its own, at one size after another.

Beside each load stands a plain COPY of the same file into an unlogged typed table, and beside the day's lines a
parallel scan with an aggregate, both measured in the same minute.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from django.conf import settings
from psycopg2.sql import SQL, Identifier

from benchmarks import night_filling
from benchmarks.figures import ROUNDS, table
from tiering.jobs.partitions import day_table
from tiering.models import NightlyRun

GOAL = 3
MOST_MEMORY = 200  # MB
GROWTH = (1, 2, 5)
FLOOR = """
DROP TABLE IF EXISTS bench_floor;
CREATE UNLOGGED TABLE bench_floor (customer_number text, aum numeric, card_spend_year numeric,
  personal_loan_balance numeric, custody_margin numeric, card_level text, admission_private_wealth smallint,
  admission_wealth_management smallint, product_categories text)
"""
SCAN = "SELECT count(*), sum(aum), avg(aum) FROM {}"
STEPS = ("read", "load", "tiers", "owners", "summary")


@dataclass(frozen=True)
class Measured:
    """One file of one day. Seconds, and megabytes at the highest."""

    copy: float
    scan: float
    steps: dict[str, float]
    memory: float

    @property
    def load(self) -> float:
        return self.steps["read"] + self.steps["load"]


def run(customers: int, *, growth: tuple[int, ...] = GROWTH) -> None:
    entity = night_filling.fill(customers)
    with tempfile.TemporaryDirectory() as folder:
        sizes = {factor * customers: a_size(entity, factor * customers, Path(folder)) for factor in growth}
    report(sizes)


def a_size(entity: int, customers: int, folder: Path) -> list[Measured]:
    """Three days, after one more on which everybody gets tier and owner."""
    grow(customers)
    begun = NightlyRun.objects.count()
    days = [night_filling.FIRST_DAY + timedelta(days=begun + number) for number in range(ROUNDS + 1)]
    return [a_day(entity, day, customers, folder / f"{day}.csv") for day in days][1:]


def grow(customers: int) -> None:
    with night_filling.settled() as cursor:
        cursor.execute("SELECT count(*) FROM customers_customer")
        (there,) = cursor.fetchone()
    if there < customers:
        night_filling.add_customers(there + 1, customers)


def a_day(entity: int, day: date, customers: int, path: Path) -> Measured:
    night_filling.write_day(path, day, customers)
    settle()
    copy = plain_copy(path)
    memory = night(path, day)
    steps = NightlyRun.objects.latest("pk").seconds_by_step
    scan = median(timed(lambda: look(day_table(entity, day))) for _ in range(ROUNDS))
    path.unlink()
    return Measured(copy, scan, steps, memory)


def night(path: Path, day: date) -> float:
    """Megabytes that the command held at most."""
    words = [sys.executable, "manage.py", "nightly", path, "--as-of", day.isoformat()]
    words += ["--legal-entity", night_filling.ENTITY]
    process = subprocess.Popen(words, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"the night of {day} failed")
    return used.ru_maxrss / 1024


def plain_copy(path: Path) -> float:
    with night_filling.settled() as cursor, open(path, "rb") as file:
        cursor.execute(FLOOR)
        return timed(lambda: cursor.copy_expert("COPY bench_floor FROM STDIN (FORMAT csv, HEADER)", file, 1024 * 1024))


def look(name: str) -> None:
    with night_filling.settled() as cursor:
        cursor.execute(SQL(SCAN).format(Identifier(name)))


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def settle() -> None:
    """What the day before left to be done in the background is done."""
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def report(sizes: dict[int, list[Measured]]) -> None:
    for customers, days in sizes.items():
        print_loads(customers, days)
    if len(sizes) > 1:
        print_growth(sizes)


def print_loads(customers: int, days: list[Measured]) -> None:
    copy, scan = median(day.copy for day in days), median(day.scan for day in days)
    rows = [
        ["plain COPY of the file (floor)", f"{copy:.2f}", "1.00"],
        ["whole load", f"{median(day.load for day in days):.2f}", f"{median(day.load / day.copy for day in days):.2f}"],
    ]
    for step in ("read", "load"):
        taken = median(day.steps[step] for day in days)
        rows.append([f"  {step}", f"{taken:.2f}", f"{median(day.steps[step] / day.copy for day in days):.2f}"])
    rows.append(["one look at every line of the day", f"{scan:.2f}", f"{scan / copy:.2f}"])
    memory = max(day.memory for day in days)
    held = f"Python held {memory:.0f} MB (goal {MOST_MEMORY})"
    title = f"Snapshot of {customers:,} customers, medians of {ROUNDS} days; {held}"
    table(title, ["", "s", f"ratio (goal {GOAL} for the load)"], rows)


def print_growth(sizes: dict[int, list[Measured]]) -> None:
    """Seconds for a million customers: a step that grows with them alone keeps its figure."""
    rows = [
        [name, *(f"{1e6 * median(taken(day) for day in days) / customers:.2f}" for customers, days in sizes.items())]
        for name, taken in kinds().items()
    ]
    table("Seconds a million customers", ["", *(f"{customers:,}" for customers in sizes)], rows)


def kinds() -> dict[str, Callable[[Measured], float]]:
    steps = {step: lambda day, step=step: day.steps[step] for step in STEPS}
    return {"plain COPY": lambda day: day.copy, "scan": lambda day: day.scan, **steps}
