"""Files kept for ever under what they are: named by the SHA-256 of their content in clear, sealed, each content once.

They stand outside the static tree. Nothing here removes one: a row of the database names it for good.
"""

import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.files.sealed_chunks import CHUNK, SealedWriter, open_sealed

NAME = re.compile(r"[0-9a-f]{64}")


def keep_content(data: bytes) -> str:
    """The name it is kept under. On the disk for good before this returns; two at once keep one."""
    name = sha256(data).hexdigest()
    path = path_of(name)
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(data, path)
    return name


def open_content(name: str) -> BinaryIO:
    """Streaming and decrypting. Raises StoredFileBroken, also while it is read."""
    return open_sealed(path_of(name))


def content_fault(name: str) -> str:
    """`gone`, `broken` or `other_content`; empty where the file is what its name says."""
    found = sha256()
    try:
        with open_content(name) as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
    except StoredFileBroken as fault:
        return "gone" if str(fault) == "gone" else "broken"
    return "" if found.hexdigest() == name else "other_content"


def path_of(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise StoredFileBroken("not a name of ours")
    return folder() / name[:2] / name


def folder() -> Path:
    return settings.DATA_FOLDER / "images"


def _write(data: bytes, path: Path) -> None:
    """Under another name first, so that whoever finds the file finds it whole."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix="draft-")  # mode 0600
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            sealed = SealedWriter(file)
            sealed.write(data)
            sealed.close()
            os.fsync(file.fileno())
        os.rename(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    for folder_of_it in (path.parent, folder()):
        _settle(folder_of_it)


def _settle(path: Path) -> None:
    """The name itself outlives a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
