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

from benchmarks import night_filling, scratch
from tiering.jobs import planning
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

# The same lines as doubles, as our staging has them; not measured.
STAGED = """
DROP TABLE IF EXISTS bench_staged, bench_bare;
CREATE UNLOGGED TABLE bench_staged AS
SELECT customer_number, aum::float8 AS aum, card_spend_year::float8 AS card_spend_year,
  personal_loan_balance::float8 AS personal_loan_balance, custody_margin::float8 AS custody_margin FROM bench_floor;
ANALYZE bench_staged
"""
# What every load comes to: each line finds its customer and becomes a row of a logged table with a key. Nothing is
# judged, no tier is computed. One COPY and one table to read from: the night itself works in two lanes.
BARE = """
CREATE TABLE bench_bare AS
SELECT c.id AS customer_id, c.home_branch_id AS branch_id, (s.aum * 100)::bigint AS aum,
  (s.card_spend_year * 100)::bigint AS card_spend_year,
  (s.personal_loan_balance * 100)::bigint AS personal_loan_balance,
  (s.custody_margin * 100)::bigint AS custody_margin, c.birth_date, 1 AS categories, 0::smallint AS card_level,
  0::smallint AS admission, 0::smallint AS tier, 0::smallint AS reasons
FROM bench_staged s JOIN customers_customer c
  ON c.legal_entity_id = %(entity)s AND c.customer_number = s.customer_number;
ALTER TABLE bench_bare ADD PRIMARY KEY (customer_id);
SET LOCAL default_statistics_target = 10;
ANALYZE bench_bare (customer_id, branch_id, aum, tier)
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


def bare_join(entity: int) -> float:
    """Seconds for join, key and statistics, with the night's own settings; after plain_copy."""
    with night_filling.settled() as cursor:
        cursor.execute(STAGED)
    connection = scratch.connect()
    with connection, connection.cursor() as cursor:
        planning.prepare(cursor)
        with planning.hash_joins(cursor, rows=planning.MANY):
            seconds = timed(lambda: cursor.execute(BARE, {"entity": entity}))
    connection.close()
    with night_filling.settled() as cursor:
        cursor.execute("DROP TABLE bench_staged, bench_bare")
    return seconds


def settle() -> None:
    """What the day before left to be done in the background is done."""
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    write_out()


def write_out() -> None:
    """Nothing of what was measured before is still on its way to the disk."""
    with night_filling.settled() as cursor:
        cursor.execute("CHECKPOINT")


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
