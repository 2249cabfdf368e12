"""Who uses the server of a data folder: a lock that every process holds together, and one that admits one at a time.

The system lets go of both when a process dies, however it dies.
"""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(data: Path):
    """One process at a time starts or stops the server."""
    with open(data / "postgres.lock", "ab", opener=_private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def join(data: Path):
    users = open(data / "postgres.users", "ab", opener=_private)  # noqa: SIM115 - held until leave()
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def leave(users) -> bool:
    """True for the last one."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        users.close()


def _private(path, flags):
    return os.open(path, flags, 0o600)
