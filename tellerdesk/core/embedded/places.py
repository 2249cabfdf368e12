"""Which user runs the embedded server, and where its files and its socket are.

Nothing here writes: the answers are the same before the first start and after it, so that settings can use them.
"""

import hashlib
import os
import pwd
import stat
import sys
import tempfile
from pathlib import Path

NOTE = "postgres-is-in"
# sizeof(sockaddr_un.sun_path) less the closing NUL.
LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107
PORT = 5432


def server_user(data: Path) -> pwd.struct_passwd | None:
    """Whom root becomes, since PostgreSQL refuses to run as root: the data's owner, else postgres, else nobody."""
    if os.geteuid() != 0:
        return None
    for cluster in (data / "postgres" / "cluster", _elsewhere(data) / "cluster"):
        if cluster.exists() and cluster.stat().st_uid != 0:
            return pwd.getpwuid(cluster.stat().st_uid)
    return _named("postgres") or pwd.getpwnam("nobody")


def home(data: Path) -> Path:
    """The folder with the cluster, its log and its socket: inside the data folder wherever the server can get there."""
    if (note := data / NOTE).exists():
        return Path(note.read_text(encoding="utf-8").strip())
    user, inside = server_user(data), data / "postgres"
    if (inside / "cluster").exists() or reaches(user, data):
        return inside
    return _elsewhere(data)


def socket_folder(data: Path) -> Path:
    folder = home(data) / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET:
        return folder
    return _temporary() / f"tellerdesk-{_mark(data)}"


def may_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    """By the mode bits alone; access lists are not asked."""
    if not folder.exists():
        return True
    seen = folder.stat()
    if seen.st_uid == user.pw_uid:
        return bool(seen.st_mode & stat.S_IXUSR)
    if seen.st_gid == user.pw_gid:
        return bool(seen.st_mode & stat.S_IXGRP)
    return bool(seen.st_mode & stat.S_IXOTH)


def reaches(user: pwd.struct_passwd | None, path: Path) -> bool:
    """Whether every folder above `path` lets the server's user through; the path itself is not asked."""
    return user is None or all(may_enter(user, folder) for folder in path.resolve().parents)


def _elsewhere(data: Path) -> Path:
    base = Path("/var/lib") if os.access("/var/lib", os.W_OK) else _temporary()
    return base / f"tellerdesk-{_mark(data)}"


def _temporary() -> Path:
    """/tmp wherever there is one: TMPDIR differs between two logins, and the address must not."""
    return Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())


def _mark(data: Path) -> str:
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:12]


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
