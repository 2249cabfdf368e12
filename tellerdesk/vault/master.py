"""The master key, which wraps the data keys. While it is being changed there are two, and either may be the right one.

A process that runs through a change finds the new one where the installation keeps its keys in the data folder; one
that was given its key by the environment is given the new one beside it (TELLERDESK_NEW_MASTER_KEY).
"""

import base64
import os
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tellerdesk.core.kept_secrets import kept_now
from tellerdesk.vault.errors import MasterKeyWrong
from tellerdesk.vault.keyring import NONCE

FILE, NEW_FILE = "master-key", "master-key.new"
SIZE = 32
LABEL = b"data key"


def candidates() -> list[str]:
    """Keys in base64 that may be the one, the most likely first; the files are read anew each time."""
    found = [settings.MASTER_KEY, settings.NEW_MASTER_KEY, kept_now(FILE), kept_now(NEW_FILE)]
    return list(dict.fromkeys(filter(None, found)))


def cipher_of(master: str) -> AESGCM:
    """Raises ValueError for what is no key of 32 bytes in base64."""
    try:
        key = base64.b64decode(master, validate=True)
    except NotBase64 as error:
        raise ValueError("not base64") from error
    if len(key) != SIZE:
        raise ValueError(f"{len(key)} bytes, not {SIZE}")
    return AESGCM(key)


def wrap(key: bytes, master: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher_of(master).encrypt(nonce, key, LABEL)


def unwrap(wrapped: bytes) -> bytes:
    """With whichever candidate fits. Raises MasterKeyWrong."""
    return opened(wrapped)[0]


def opened(wrapped: bytes) -> tuple[bytes, str]:
    """The key and the master key that opened it. Raises MasterKeyWrong."""
    sealed = bytes(wrapped)
    for master in candidates():
        try:
            return cipher_of(master).decrypt(sealed[:NONCE], sealed[NONCE:], LABEL), master
        except InvalidTag:
            continue
    raise MasterKeyWrong


def new_master() -> str:
    """Random bytes in base64, as they are given by the environment or kept."""
    return base64.b64encode(os.urandom(SIZE)).decode()
