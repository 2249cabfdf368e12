"""What the planner is told for a night: memory, workers, and joins that hold for any number of lines."""

from contextlib import contextmanager

SETTINGS = """
SET LOCAL work_mem = '256MB'; SET LOCAL hash_mem_multiplier = 2; SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 2; SET LOCAL max_parallel_maintenance_workers = 2;
SET LOCAL min_parallel_table_scan_size = '1MB'
"""
# From here on one pass over all customers beats that many looks into an index, and never turns quadratic.
MANY = 5_000
JOINS = ("enable_nestloop", "enable_mergejoin")


def prepare(cursor) -> None:
    """For the running transaction."""
    cursor.execute(SETTINGS)


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
