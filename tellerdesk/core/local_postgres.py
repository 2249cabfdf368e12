"""The embedded PostgreSQL: made at the first start, kept between starts, shared by all processes of a data folder.

Standard library only: settings and manage.py need it before Django is there. Every process that uses the server counts
as one of its users until `stop()`; the last one to leave stops the server.
"""

import os
import pwd
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from tellerdesk.core.embedded import NotStarted, binaries, cluster, places, process, sharing

REPOSITORY = Path(__file__).resolve().parent.parent.parent
# Seconds. Backends of a killed server die a moment after it, and the new one refuses to start beside them.
PATIENCE_WITH_THE_DYING = 15
PATIENCE_WITH_RECOVERY = 300
PATIENCE_WITH_STOPPING = 60


@dataclass
class _Held:
    """What this process keeps between start and stop."""

    users: object = None
    server: subprocess.Popen | None = None


_held = _Held()


def data_folder() -> Path:
    return Path(os.environ.get("TELLERDESK_DATA") or REPOSITORY / ".data").resolve()


def is_wanted() -> bool:
    return not os.environ.get("DATABASE_URL")


def home() -> Path:
    """Where cluster, log and socket are."""
    return places.home(data_folder())


def address() -> str:
    """DATABASE_URL of the embedded server, whether it runs or not; the folder of its socket stands in the path."""
    socket = quote(str(places.socket_folder(data_folder())))
    return f"postgresql://{cluster.OWNER}@:{places.PORT}/{socket}/{cluster.DATABASE}"


def obstacle() -> str | None:
    """Why this user cannot work with the data folder, as a sentence."""
    data = data_folder()
    there = next(folder for folder in (data, *data.parents) if os.path.exists(folder))
    if os.access(there, os.R_OK | os.W_OK | os.X_OK):
        return None
    return f"{there} cannot be written by this user: set TELLERDESK_DATA to a folder that can hold the data."


def ensure_running() -> bool:
    """True when this call started the server. Raises NotStarted with what the server's log says."""
    data = data_folder()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with sharing.alone(data):
        _held.users = _held.users or sharing.join(data)
        if is_running():
            return False
        _start(data, home())
        return True


def stop() -> bool:
    """Leave; the last process to leave stops the server, and only then the answer is True."""
    if _held.users is None:
        return False
    with sharing.alone(data_folder()):
        users, _held.users = _held.users, None
        if not sharing.leave(users):
            return False
        _stop(home() / "cluster")
        return True


def is_running() -> bool:
    if _held.server is not None:
        _held.server.poll()  # a dead child that nobody asks for keeps its number
    return process.is_ready(home() / "cluster")


def _start(data: Path, home: Path) -> None:
    user = places.server_user(data)
    cluster.make_folders(data, home, user)
    programs = binaries.find(cluster.version(home / "cluster"))
    if not places.reaches(user, programs / "postgres"):
        programs = binaries.copy_into(home, programs)
    cluster.make(home, programs, user)
    if home != data / "postgres":
        (data / places.NOTE).write_text(f"{home}\n", encoding="utf-8")
    cluster.configure(home, places.socket_folder(data), user)
    _start_patiently(home, programs, user)


def _start_patiently(home: Path, programs: Path, user: pwd.struct_passwd | None) -> None:
    give_up = time.monotonic() + PATIENCE_WITH_THE_DYING
    while not _started(home, programs, user):
        left = give_up - time.monotonic()
        if left < 0:
            raise NotStarted("PostgreSQL does not start. Its log ends:\n" + process.last_words(home))
        if not process.is_alive(home / "cluster"):
            how = signal.SIGQUIT if left > PATIENCE_WITH_THE_DYING / 2 else signal.SIGKILL
            process.end_orphans(home / "cluster", how)
        time.sleep(0.5)


def _started(home: Path, programs: Path, user: pwd.struct_passwd | None) -> bool:
    folder = home / "cluster"
    if process.is_alive(folder):  # still recovering, and whoever started it is gone
        return process.await_ready(folder, partial(process.is_alive, folder), PATIENCE_WITH_RECOVERY)
    process.forget_dead_server(folder)
    server = _held.server = process.launch(home, programs, user)
    return process.await_ready(folder, lambda: server.poll() is None, PATIENCE_WITH_RECOVERY)


def _stop(folder: Path) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT):  # "fast": sessions end, all is written; then "immediate"
        if process.signal_and_await_end(folder, how, PATIENCE_WITH_STOPPING):
            break
    if _held.server is not None:
        _held.server.wait()
        _held.server = None
