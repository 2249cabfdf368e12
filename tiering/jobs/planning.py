"""What the planner is told for a night: memory, workers, and joins that hold for any number of lines."""

import os
from contextlib import contextmanager

from django.conf import settings

from tellerdesk.core.database_roles import OWNER

MEMORY = "SET LOCAL work_mem = '256MB'"
SETTINGS = f"""
{MEMORY}; SET LOCAL hash_mem_multiplier = 2; SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = {{workers}}; SET LOCAL max_parallel_maintenance_workers = {{workers}};
SET LOCAL min_parallel_table_scan_size = '1MB'
"""
# Beside the process that leads a statement, which works and writes what the others find.
USUAL_WORKERS, MOST_WORKERS = 2, 4
# Two or three processes share a hash of so much each, doubled: 16 to 24 MB stay in the caches of a usual processor. Of
# all customers at once, nearly every look is a miss of cache and of page table; in pieces, the join is a tenth faster
# at one million and at two. Pieces pass through files: those of ten million are more than a disk takes beside the load.
IN_CACHE = "SET LOCAL work_mem = '4MB'"
MOST_IN_PIECES = 3_000_000
# From here on one pass over all customers beats that many looks into an index, and never turns quadratic.
MANY = 5_000
JOINS = ("enable_nestloop", "enable_mergejoin")


def prepare(cursor) -> None:
    """For the running transaction."""
    cursor.execute(SETTINGS.format(workers=processes() - 1))


def processes() -> int:
    """How many work at one statement of a night."""
    return workers(settings.DATABASES[OWNER]["HOST"], os.cpu_count() or 1) + 1


def workers(host: str, cores: int) -> int:
    """One for each further core of this machine, where the server stands on it; how many another has we cannot know."""
    return min(max(cores - 1, 1), MOST_WORKERS) if host.startswith("/") else USUAL_WORKERS


@contextmanager
def hash_joins(cursor, *, rows: int):
    """For statements over freshly filled tables, of which the planner knows nothing yet."""
    if rows < MANY:
        yield
        return
    _set(cursor, "off")
    yield
    _set(cursor, "DEFAULT")


def _set(cursor, value: str) -> None:
    cursor.execute("; ".join(f"SET LOCAL {name} TO {value}" for name in JOINS))


@contextmanager
def hash_in_cache(cursor, *, rows: int):
    """For one join with so many rows, each read once; nothing that sorts."""
    if rows > MOST_IN_PIECES:
        yield
        return
    cursor.execute(IN_CACHE)
    yield
    cursor.execute(MEMORY)
