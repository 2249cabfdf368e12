"""One night at a time for each legal entity, whichever process it runs in."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, connections

from tellerdesk.core.database_roles import OWNER

SPACE = 7_310_004
ASKED_EVERY = 0.5  # seconds


@contextmanager
def alone(legal_entity_id: int, waiting: Callable[[], None]) -> Iterator[None]:
    """Waits for its turn and says so, again and again. The server lets go of the lock when the session ends."""
    with connections[OWNER].cursor() as cursor:
        while not _ask(cursor, "pg_try_advisory_lock", legal_entity_id):
            waiting()
            time.sleep(ASKED_EVERY)
        try:
            yield
        finally:
            with suppress(DatabaseError, InterfaceError):  # a session that is lost holds nothing
                _ask(cursor, "pg_advisory_unlock", legal_entity_id)


def _ask(cursor, function: str, legal_entity_id: int) -> bool:
    cursor.execute(f"SELECT {function}(%s, %s)", [SPACE, legal_entity_id])
    return cursor.fetchone()[0]
