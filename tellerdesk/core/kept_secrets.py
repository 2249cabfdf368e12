"""Secrets made once and kept with mode 0600 in the data folder, for where the environment gives none."""

import base64
import os
import secrets
import tempfile
from pathlib import Path

from tellerdesk.core.local_postgres import data_folder

# The master key is exactly one AES-256 key; Django wants at least 50 characters to sign with.
SIZES = {"master-key": 32, "secret-key": 48}
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def kept_secret(name: str) -> str:
    """Random bytes in base64, the same at every start with the same data folder."""
    return _kept(name, lambda: base64.b64encode(secrets.token_bytes(SIZES[name])).decode())


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
