"""How a change gets at tables that are in use: it gives way to whoever is writing, and asks again.

It waits for less than the server needs to look for deadlocks (deadlock_timeout, one second), so that where it and a
counter wait for each other it is always the change that gives way.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connections, transaction
from psycopg2 import errors, sql

from tellerdesk.core.database_roles import OWNER
from tellerdesk.rotation.errors import TablesBusy
from tellerdesk.rotation.tables import DigestTable

LONGEST_WAIT = "800ms"
PAUSE = 0.7  # seconds between two attempts
TOLD_EVERY = 10  # attempts
BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)


@contextmanager
def unguarded(tables: list[DigestTable], *, first: str = "") -> Iterator:
    """One transaction of the owner alone with the tables, whose triggers do not hold it back; a cursor of it.

    Everybody may read meanwhile, as before. `first` is a statement to run before the tables are locked.
    Raises TablesBusy, with nothing changed.
    """
    names = [table.name for table in tables]
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        try:
            cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'")
            if first:
                cursor.execute(first)
            cursor.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.SQL(", ").join(names)))
            cursor.execute("SET LOCAL lock_timeout = 0")
        except OperationalError as error:
            if isinstance(error.__cause__, BUSY):
                raise TablesBusy from error
            raise
        for name in names:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with a check still to be made is not altered
        for name in names:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def patient(act: Callable[[], int], tell: Callable[[str], None]) -> int:
    """What `act` gives, tried until nobody stands in the way."""
    attempts = 0
    while True:
        try:
            return act()
        except TablesBusy:
            attempts += 1
            if attempts % TOLD_EVERY == 0:
                tell("waiting for whoever writes (an import?); the change gives way until it is over")
            time.sleep(PAUSE)
