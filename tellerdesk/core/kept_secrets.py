"""Secrets made once and kept with mode 0600 in the data folder, for where the environment gives none."""

import base64
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from tellerdesk.core.local_postgres import data_folder

# The master key is exactly one AES-256 key; Django wants at least 50 characters to sign with.
SIZES = {"master-key": 32, "secret-key": 48}
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def kept_secret(name: str) -> str:
    """Random bytes in base64, the same at every start with the same data folder."""
    return _kept(name, lambda: base64.b64encode(secrets.token_bytes(SIZES[name])).decode())


def kept_now(name: str) -> str:
    """What stands in the file at this moment; nothing where there is none."""
    try:
        return (data_folder() / name).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def keep(name: str, secret: str) -> str:
    """What is kept under that name from now on: the secret, or what was there before."""
    return _kept(name, lambda: secret)


def put_in_place(name: str, *, of: str, former: str) -> None:
    """`name` takes the place of `of`, whose content stays beside it as `former`. At any moment `of` is there.

    `former` names the content: where it is there already, somebody was stopped on this very way.
    """
    folder = data_folder()
    with suppress(FileExistsError):
        os.link(folder / of, folder / former)
    os.replace(folder / name, folder / of)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def demo_password() -> str:
    """TELLERDESK_DEMO_PASSWORD, else one that can be typed: three groups of four without 0 o 1 l i."""
    return os.environ.get("TELLERDESK_DEMO_PASSWORD") or _kept("demo-password", _typeable)


def _typeable() -> str:
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def _kept(name: str, make) -> str:
    path = data_folder() / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, make())
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, secret: str) -> None:
    """Whole or not at all, and the first of two processes wins: a key that changes under its data loses them."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
