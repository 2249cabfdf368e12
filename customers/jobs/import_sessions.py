"""Two sessions of the owner by turns: while one commits, which is when its foreign keys are checked, the other goes on.

They commit in their order: each chunk ends with a lock of the import's own row, where the later one waits for the
earlier, and gives up where the earlier left no trace (import_chunk). Jobs find the session whose turn it is where they
always do, in `connections`.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

from django.db import connections

from tellerdesk.core.database_roles import OWNER


class Sessions:
    """`prepare` is run once in each. With `count=1` every commit is waited for."""

    def __init__(self, prepare: Callable[[], None], *, count: int = 2):
        self.first = connections[OWNER]
        self.waiting = [self.first.copy() for _ in range(count - 1)]
        self.prepare = prepare
        self.thread = ThreadPoolExecutor(1)
        self.committing: Future | None = None

    def __enter__(self) -> Self:
        for _session in range(1 + len(self.waiting)):
            connections[OWNER].inc_thread_sharing()
            self.prepare()
            self._take_turns()
        return self

    def __exit__(self, *problem) -> None:
        try:
            self.wait()
        finally:
            self.thread.shutdown()
            for session in [connections[OWNER], *self.waiting]:
                session.dec_thread_sharing()
                if session is not self.first:
                    session.close()
            connections[OWNER] = self.first

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is done when the block ends, and committed behind it; a fault rolls it back."""
        session = connections[OWNER]
        session.set_autocommit(False)
        try:
            yield
        except BaseException:
            session.rollback()
            session.set_autocommit(True)
            raise
        self.wait()
        self.committing = self.thread.submit(_commit, session)
        if self.waiting:
            self._take_turns()
        else:
            self.wait()

    def wait(self) -> None:
        """For the last commit; raises what it raised."""
        if self.committing:
            committing, self.committing = self.committing, None
            committing.result()

    def _take_turns(self) -> None:
        self.waiting.append(connections[OWNER])
        connections[OWNER] = self.waiting.pop(0)


def _commit(session) -> None:
    try:
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.set_autocommit(True)
