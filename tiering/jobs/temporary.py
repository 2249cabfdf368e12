"""Tables that live as long as the night's transaction, between a statement that finds and those that write: what reads
may run in parallel, what writes never does.
"""

from contextlib import contextmanager

from psycopg2.sql import SQL, Composable, Identifier

# Estimates of what differs are far too high, and rows from a worker would then seem dear.
CHEAP_WORKERS = "SET LOCAL parallel_setup_cost = 100; SET LOCAL parallel_tuple_cost = 0.01"
ONE_BY_ONE = "SET LOCAL enable_hashjoin = {0}; SET LOCAL enable_mergejoin = {0}"


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


@contextmanager
def one_by_one(cursor):
    """Joins that go to each row of the large table by its place or key, where few of its rows are wanted."""
    cursor.execute(ONE_BY_ONE.format("off"))
    yield
    cursor.execute(ONE_BY_ONE.format("on"))
