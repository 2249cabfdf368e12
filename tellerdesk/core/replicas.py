"""A streaming replica that answers what is only read; every write, and whoever must see his own, goes to the primary.

Which of the two a question goes to is decided once a request (tellerdesk.staff.own_writes) and held here for as long
as it is answered; core.routers asks.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

REPLICA = "replica"
# Seconds in which one that did not answer is not asked again.
LEFT_ALONE = 5

logger = logging.getLogger("tellerdesk.replica")
_reading = ContextVar("reading from the replica", default=False)


@dataclass
class _Known:
    """What this process last heard of the replica; `trouble` was told in the log."""

    trouble: str = ""
    asked_again_at: float = 0


_known = _Known()

POSITION = "SELECT pg_last_wal_replay_lsn() - '0/0', pg_last_xact_replay_timestamp()"


def is_set() -> bool:
    return REPLICA in connections.settings


def reading_alias() -> str:
    """For what names its connection itself."""
    return REPLICA if _reading.get() else DEFAULT_DB_ALIAS


@contextmanager
def reading() -> Iterator[None]:
    held = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(held)


def is_current(*, written: int, now: datetime, own: int | None) -> bool:
    """Whether it shows what the person wrote (up to `own`) and does not lag behind the primary, which stood at
    `written` when its clock said `now`. Positions are bytes of the log. Nobody waits: the primary answers otherwise.
    """
    if time.monotonic() < _known.asked_again_at:
        return False
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(POSITION)
            replayed, until = cursor.fetchone()
    except Error as error:
        leave_alone(type(error).__name__)
        return False
    if trouble := _trouble(replayed, until, written, now):
        _tell(trouble)
        return False
    _tell("")
    return own is None or own <= replayed


def leave_alone(trouble: str) -> None:
    """After an error of its connection."""
    connections[REPLICA].close()
    _known.asked_again_at = time.monotonic() + LEFT_ALONE
    _tell(trouble)


def broke() -> bool:
    """Whether an error of this request was the replica's."""
    return connections[REPLICA].errors_occurred


def _trouble(replayed, until: datetime | None, written: int, now: datetime) -> str:
    """By the primary's clock alone. Where nothing was written for long, the last replayed commit is old, and the
    positions say that nothing is missing.
    """
    if replayed is None:
        return "is no replica"
    late = until is None or (now - until).total_seconds() > settings.REPLICA_MAY_LAG
    return "lags" if late and replayed < written else ""


def _tell(trouble: str) -> None:
    """Once when it begins, once when it is over."""
    if trouble == _known.trouble:
        return
    _known.trouble = trouble
    if trouble:
        logger.warning("The replica is not read from: %s", trouble)
    else:
        logger.warning("The replica is read from again")
