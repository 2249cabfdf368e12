"""The process that serves a cluster: started, watched and ended by the lock file it keeps, postmaster.pid."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tellerdesk.core.embedded import NotStarted
from tellerdesk.core.embedded.cluster import run_as


def launch(home: Path, binaries: Path, user: pwd.struct_passwd | None) -> subprocess.Popen:
    """In a session of its own: Ctrl-C at the terminal is for us, and we stop the server last."""
    with open(home / "log" / "start.log", "wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", home / "cluster"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **run_as(user),
        )


def await_ready(cluster: Path, is_alive: Callable[[], bool], seconds: float) -> bool:
    """False when the server gave up; raises NotStarted when it is still recovering after `seconds`."""
    give_up = time.monotonic() + seconds
    while is_alive():
        if is_ready(cluster):
            return True
        if time.monotonic() > give_up:
            raise NotStarted(f"PostgreSQL is not ready after {seconds} seconds.")
        time.sleep(0.05)
    return False


def is_ready(cluster: Path) -> bool:
    lines = _lock_file(cluster)
    return len(lines) >= 8 and lines[7].strip() == "ready" and _serves(_number(lines), cluster)


def is_alive(cluster: Path) -> bool:
    lines = _lock_file(cluster)
    return bool(lines) and _serves(_number(lines), cluster)


def forget_dead_server(cluster: Path) -> None:
    """PostgreSQL refuses to start while the number of its killed predecessor belongs to any process of this user."""
    if not is_alive(cluster):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def end_orphans(cluster: Path, how: signal.Signals) -> None:
    """Backends of a killed server that are deep in a statement outlive it, and no new server starts beside them.

    Their folder is the cluster. What they wrote is safe or undone by the recovery that follows.
    """
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.readlink(process / "cwd") == str(cluster) and b"postgres" in (process / "cmdline").read_bytes():
                os.kill(int(process.name), how)


def signal_and_await_end(cluster: Path, how: signal.Signals, seconds: float) -> bool:
    give_up = time.monotonic() + seconds
    if is_alive(cluster):
        os.kill(_number(_lock_file(cluster)), how)
    while is_alive(cluster):
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def last_words(home: Path) -> str:
    logs = sorted((home / "log").glob("*.log"), key=lambda file: file.stat().st_mtime)[-2:]
    lines = [line for file in logs for line in file.read_text(encoding="utf-8", errors="replace").splitlines()[-10:]]
    return "\n".join(lines)


def _lock_file(cluster: Path) -> list[str]:
    """Number, folder, start, port, socket, address, memory, status of the server; empty when there is none."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines if lines and lines[0].lstrip("-").isdigit() else []


def _number(lines: list[str]) -> int:
    """Negative in the file of a server without clients (single-user mode)."""
    return abs(int(lines[0]))


def _serves(number: int, cluster: Path) -> bool:
    """Whether that process is a living PostgreSQL on this cluster; a zombie has no command line."""
    seen = Path(f"/proc/{number}/cmdline")
    if seen.parent.parent.joinpath("self").exists():
        words = seen.read_bytes() if seen.exists() else b""
    else:
        words = subprocess.run(["ps", "-o", "command=", "-p", str(number)], capture_output=True).stdout
    return os.fsencode(cluster) in words
