"""Starting our own commands as a user would: other processes, other data folders."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings

ENDED_BY_TESTS = 60


@contextlib.contextmanager
def data_folder(parent: Path | None = None):
    """A data folder with a server of its own; gone afterwards, also what lies outside of it."""
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield folder
    finally:
        run_code(folder, "local_postgres.ensure_running(); local_postgres.stop()")
        if (note := folder / "postgres-is-in").exists():
            shutil.rmtree(note.read_text(encoding="utf-8").strip())
        shutil.rmtree(folder)


def environment(folder: Path, **more) -> dict:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "PYTEST", "TELLERDESK"))
    }
    return {**kept, "TELLERDESK_DATA": str(folder), **more}


def run_code(folder: Path, code: str) -> str:
    """What the code prints, run in a new Python that has imported local_postgres."""
    code = f"from tellerdesk.core import local_postgres\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment(folder), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def start(*words: str, folder: Path, **more) -> subprocess.Popen:
    """manage.py with these words."""
    command = [sys.executable, "manage.py", *words]
    return subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=environment(folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_until(holds, seconds: float = ENDED_BY_TESTS):
    give_up = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.05)
    return found


def running_in(folder: Path) -> dict[int, str]:
    """Command lines, by number, of processes that name the folder, or whose environment does."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes()
            if words and os.fsencode(folder) in words + (process / "environ").read_bytes():
                found[int(process.name)] = words.replace(b"\0", b" ").decode()
    return found


def runs(pid: int) -> bool:
    """A zombie that nobody waits for runs no more."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
