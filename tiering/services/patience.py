"""Who changes standing or owners by hand gives way to whoever holds the rows: the night, another manager."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, connection

from tiering.errors import StandingBusy

# Shorter than the second after which PostgreSQL looks for deadlocks: whoever waits on the night gives way to it.
PATIENCE = "400ms"
BUSY = ("55P03", "40P01", "23505")  # not free in time, deadlock, an owner that somebody wrote meanwhile


@contextmanager
def patient() -> Iterator[None]:
    """Within a transaction, which ends where StandingBusy is raised.

    What comes after waits as before: the commit itself waits for its turn in the audit chain.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        [before] = cursor.fetchone()
    limit_waiting(PATIENCE)
    try:
        yield
    except (OperationalError, IntegrityError) as error:
        if getattr(error.__cause__, "pgcode", None) in BUSY:
            raise StandingBusy from error
        raise
    limit_waiting(before)


def limit_waiting(timeout: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [timeout])
