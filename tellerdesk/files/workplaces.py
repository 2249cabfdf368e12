"""Folders for what must stand on the disk in clear for a moment: ours alone, gone with their act or its process."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder of mode 0700. A lock says that somebody works in it, and ends with its process, however that ends."""
    with _locked(folder()):
        place = Path(tempfile.mkdtemp(dir=folder()))
        held = _lock(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def clear_abandoned() -> int:
    """Removes what killed processes left; how many there were."""
    with _locked(folder()):
        return sum(_cleared(place) for place in folder().iterdir())


def folder() -> Path:
    path = settings.DATA_FOLDER / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _cleared(place: Path) -> bool:
    try:
        held = _lock(place, fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):  # somebody works in it, or has just ended
        return False
    shutil.rmtree(place)
    os.close(held)
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    held = _lock(path)
    try:
        yield
    finally:
        os.close(held)


def _lock(path: Path, mode: int = 0) -> int:
    held = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | mode)
    except OSError:
        os.close(held)
        raise
    return held
