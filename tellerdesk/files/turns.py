"""One run of a kind at a time for each legal entity, whichever process it runs in: a lock of the database session."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, connections

from tellerdesk.core.database_roles import OWNER

ASKED_EVERY = 0.5  # seconds


@contextmanager
def alone(space: int, legal_entity_id: int, *, waiting: Callable[[], None] | None = None) -> Iterator[bool]:
    """Whether it is our turn; `space` is that of the kind. With `waiting` we wait for it and say so, again and again.

    The server lets go of the lock when the session ends, however it ends.
    """
    with _locked("", (space, legal_entity_id), waiting) as ours:
        yield ours


@contextmanager
def held_off(space: int, legal_entity_id: int, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Nobody is alone here meanwhile; others may hold them off too."""
    with _locked("_shared", (space, legal_entity_id), waiting):
        yield


@contextmanager
def _locked(kind: str, place: tuple[int, int], waiting: Callable[[], None] | None) -> Iterator[bool]:
    with connections[OWNER].cursor() as cursor:
        ours = _ask(cursor, f"pg_try_advisory_lock{kind}", *place)
        while waiting and not ours:
            waiting()
            time.sleep(ASKED_EVERY)
            ours = _ask(cursor, f"pg_try_advisory_lock{kind}", *place)
        try:
            yield ours
        finally:
            if ours:
                with suppress(DatabaseError, InterfaceError):  # a session that is lost holds nothing
                    _ask(cursor, f"pg_advisory_unlock{kind}", *place)


def _ask(cursor, function: str, space: int, legal_entity_id: int) -> bool:
    cursor.execute(f"SELECT {function}(%s, %s)", [space, legal_entity_id])
    return cursor.fetchone()[0]
