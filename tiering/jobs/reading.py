"""A file into its staging tables, on several connections at once; Python reads blocks and looks at no line of them."""

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.blocks import Block
from tellerdesk.files.tables import Table
from tiering.jobs.lanes import Lane
from tiering.jobs.staging import COPYING, Staging

TOLD_EVERY = 0.5  # seconds
BLOCK = 2 * 1024 * 1024  # bytes: each lane holds a few of them


class Feed:
    """The blocks of a file for whoever asks next; `read` counts bytes handed out."""

    def __init__(self, blocks: Iterator[Block]):
        self.blocks = blocks
        self.lock = threading.Lock()
        self.read = 0
        self.stopped = False

    def next(self) -> Block | None:
        with self.lock:
            block = None if self.stopped else next(self.blocks, None)
            self.read += len(block.data) if block else 0
            return block

    def close(self) -> None:
        """Whoever asks after this gets none."""
        self.stopped = True


def read(staging: Staging, table: Table, categories: dict[str, int], tell: Callable[[int], None]) -> int:
    """The tables of `staging` have been made. `tell` hears the bytes read so far. How many lines were staged."""
    feed, database = Feed(table.blocks(BLOCK)), connections[OWNER]

    def copy_what_is_next(number: int) -> int:
        with a_connection(database) as connection:
            lane = Lane(connection, staging, number, table, categories)
            while (block := feed.next()) is not None:
                lane.take(block)
            return lane.staged

    with ThreadPoolExecutor(len(COPYING)) as pool, closing(feed):
        lanes = [pool.submit(copy_what_is_next, number) for number in COPYING]
        _await(lanes, feed, tell)
        return sum(lane.result() for lane in lanes)


@contextmanager
def a_connection(database: BaseDatabaseWrapper):
    """One more of the owner, beside the night's own: what it commits is there whatever becomes of the night.

    Raises Django's errors for psycopg2's: a night begins again after a connection that was lost or not to be had.
    """
    connection = database.copy()
    with connection.wrap_database_errors:
        connection.connect()
        try:
            with connection.connection.cursor() as cursor:
                cursor.execute("SET synchronous_commit = off")
            connection.connection.autocommit = False
            yield connection.connection
        finally:
            connection.close()


def _await(working: Collection[Future], feed: Feed, tell: Callable[[int], None]) -> None:
    """Raises what a lane that fails has raised; the others have the feed closed on them, and stop after their block."""
    while working:
        done, working = wait(working, TOLD_EVERY, FIRST_EXCEPTION)
        for future in done:
            future.result()
        tell(feed.read)
