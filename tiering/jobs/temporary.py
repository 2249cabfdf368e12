"""Tables that live as long as the night's transaction, between a statement that finds and those that write: what reads
may run in parallel, what writes never does.
"""

from contextlib import contextmanager

from psycopg2.sql import SQL, Composable, Identifier

# Estimates of what differs are far too high, and rows from a worker would then seem dear.
CHEAP_WORKERS = "SET LOCAL parallel_setup_cost = 100; SET LOCAL parallel_tuple_cost = 0.01"


def keep(cursor, name: str, query: str | Composable, values: dict | None = None, *, analyse: bool = False) -> int:
    """The rows of `query` as a table; returns how many. Statistics cost more than small tables repay."""
    cursor.execute(CHEAP_WORKERS)
    cursor.execute(SQL("DROP TABLE IF EXISTS pg_temp.{}").format(Identifier(name)))
    head = SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS ").format(Identifier(name))
    cursor.execute(head + (SQL(query) if isinstance(query, str) else query), values)
    found = cursor.rowcount
    if analyse:
        cursor.execute(SQL("ANALYZE pg_temp.{}").format(Identifier(name)))
    return found


def keep_for_workers(cursor, name: str, query: str | Composable, values: dict | None = None) -> None:
    """The same where a parallel statement reads it, which no temporary table allows. Whoever makes it drops it; where
    the transaction breaks off it never was.
    """
    cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(name)))
    head = SQL("CREATE UNLOGGED TABLE {} AS ").format(Identifier(name))
    cursor.execute(head + (SQL(query) if isinstance(query, str) else query), values)
    cursor.execute(SQL("ANALYZE {}").format(Identifier(name)))


@contextmanager
def joined_by(cursor, way: str):
    """`nestloop` where few rows of a large table are wanted, each by its place or key; `hashjoin` where many are, of
    tables that are too new for statistics.
    """
    others = [each for each in ("nestloop", "hashjoin", "mergejoin") if each != way]
    cursor.execute("; ".join(f"SET LOCAL enable_{each} = off" for each in others))
    yield
    cursor.execute("; ".join(f"SET LOCAL enable_{each} TO DEFAULT" for each in others))
