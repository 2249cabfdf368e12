"""One file of one day through the night's command, in a process of its own, and the floors beside it."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from benchmarks import night_filling
from tiering.models import NightlyRun

MOST_MEMORY = 200  # MB
LOOKED_EVERY = 0.05  # seconds
PEAK = re.compile(r"VmHWM:\s+([0-9]+) kB")
FLOOR = """
DROP TABLE IF EXISTS bench_floor;
CREATE UNLOGGED TABLE bench_floor (customer_number text, aum numeric, card_spend_year numeric,
  personal_loan_balance numeric, custody_margin numeric, card_level text, admission_private_wealth smallint,
  admission_wealth_management smallint, product_categories text)
"""


@dataclass(frozen=True)
class Measured:
    """Seconds by step, and megabytes at the highest."""

    steps: dict[str, float]
    memory: float

    @property
    def load(self) -> float:
        return self.steps["read"] + self.steps["load"]


def measure(path: Path, day: date) -> Measured:
    memory = night(path, day)
    return Measured(NightlyRun.objects.latest("pk").seconds_by_step, memory)


def night(path: Path, day: date) -> float:
    """Megabytes that the command held at most, as the kernel notes it of the program itself."""
    words = [sys.executable, "manage.py", "nightly", path, "--as-of", day.isoformat()]
    words += ["--legal-entity", night_filling.ENTITY]
    process, held = subprocess.Popen(words, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL), 0.0
    while process.poll() is None:
        held = max(held, megabytes(process.pid))
        time.sleep(LOOKED_EVERY)
    if process.returncode:
        raise RuntimeError(f"the night of {day} failed")
    return held


def megabytes(pid: int) -> float:
    """The most it has held so far; 0 while it is still a copy of this process, or no more."""
    with suppress(OSError):
        found = PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
        if found and b"nightly" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return int(found[1]) / 1024
    return 0.0


def plain_copy(path: Path) -> float:
    """Seconds, into an unlogged typed table."""
    with night_filling.settled() as cursor, open(path, "rb") as file:
        cursor.execute(FLOOR)
        return timed(lambda: cursor.copy_expert("COPY bench_floor FROM STDIN (FORMAT csv, HEADER)", file, 1024 * 1024))


def settle() -> None:
    """What the day before left to be done in the background is done."""
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
