"""Uploaded and spooled files: never in clear on the disk, gone when they are no longer needed."""

import io
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from weakref import finalize

from django.conf import settings

from tellerdesk.files.errors import FileRefused, StoredFileBroken
from tellerdesk.files.sealed_chunks import CHUNK, SealedReader, SealedWriter, open_sealed

LARGEST = 1024**3  # bytes of an upload
NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Stored:
    """`size` and `sha256` are those of the content in clear."""

    name: str
    size: int
    sha256: str


class StoredWriter:
    """A file that is being written: it gets its name with `close`, whole, or none with `abandon`."""

    def __init__(self):
        handle, self.draft = tempfile.mkstemp(dir=folder(), prefix="draft-")  # mode 0600
        self.file = os.fdopen(handle, "wb", buffering=0)
        self.sealed = SealedWriter(self.file)
        self.size = 0
        self.sum = sha256()

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self.sum.update(data)
        self.sealed.write(data)

    def close(self) -> Stored:
        self.sealed.close()
        os.fsync(self.file.fileno())
        self.file.close()
        name = secrets.token_hex(16)
        os.rename(self.draft, folder() / name)
        return Stored(name, self.size, self.sum.hexdigest())

    def abandon(self) -> None:
        self.file.close()
        Path(self.draft).unlink(missing_ok=True)


def keep(chunks: Iterable[bytes], *, largest: int = LARGEST) -> Stored:
    """Raises FileRefused `too_large`; nothing is left then."""
    writer = StoredWriter()
    try:
        _pour(chunks, writer, largest)
        return writer.close()
    except BaseException:
        writer.abandon()
        raise


def open_stored(name: str) -> BinaryIO:
    """Streaming and decrypting. Raises StoredFileBroken, also while it is read."""
    return open_sealed(_path(name))


def forget(name: str) -> None:
    """The same however often it is called."""
    if name:
        _path(name).unlink(missing_ok=True)


def keep_nameless(chunks: Iterable[bytes]) -> Callable[[], BinaryIO]:
    """For as long as this process holds what is returned, which opens it: no crash leaves it behind."""
    with tempfile.TemporaryFile(dir=folder(), buffering=0) as file:
        sealed = SealedWriter(file)
        for chunk in chunks:
            sealed.write(chunk)
        sealed.close()
        return _Nameless(os.dup(file.fileno()))


def stored_before(moment: float) -> set[str]:
    """Names of the files that were closed before that second of the clock."""
    found = [path for path in folder().iterdir() if NAME.fullmatch(path.name)]
    return {path.name for path in found if _is_left_from_before(path, moment)}


def forget_drafts(*, older_than: float = 24 * 3600) -> int:
    """What killed writers left, by age in seconds; how many there were."""
    limit = time.time() - older_than
    old = [draft for draft in folder().glob("draft-*") if _is_left_from_before(draft, limit)]
    for draft in old:
        draft.unlink(missing_ok=True)
    return len(old)


def _is_left_from_before(path: Path, moment: float) -> bool:
    """Not what has gone since it was found: others write, finish and forget files meanwhile."""
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False


def folder() -> Path:
    path = settings.DATA_FOLDER / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class _Nameless:
    """Called, it opens the file; the file is gone when nobody holds this any more."""

    def __init__(self, descriptor: int):
        self.descriptor = descriptor
        finalize(self, os.close, descriptor)

    def __call__(self) -> BinaryIO:
        return io.BufferedReader(SealedReader(os.dup(self.descriptor)), CHUNK)


def _pour(chunks: Iterable[bytes], writer: StoredWriter, largest: int) -> None:
    for chunk in chunks:
        writer.write(chunk)
        if writer.size > largest:
            raise FileRefused("too_large", megabytes=largest // 1024**2)


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise StoredFileBroken("not a name of ours")
    return folder() / name
