"""Identity numbers at rest: AES-256-GCM text with the id of its key, and a keyed digest for look-up and constraints.

Layout of a sealed text: 12 bytes nonce, then ciphertext and tag (NIST SP 800-38D). The digest is HMAC-SHA-256 with
a key of its own, so that whoever reads the table cannot try all numbers.
"""

import base64
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction

from tellerdesk.vault.errors import MasterKeyWrong
from tellerdesk.vault.keyring import NONCE, Keyring
from tellerdesk.vault.models import DataKey

FIRST_KEYS_LOCK = 7_310_001


@dataclass(frozen=True)
class Sealed:
    ciphertext: bytes
    key_id: int


def seal(text: str) -> Sealed:
    keys = keyring()
    return Sealed(keys.seal(text), keys.seal_key_id)


def unseal(ciphertext: bytes, key_id: int) -> str:
    """Raises MasterKeyWrong where the text was sealed with a key this installation cannot open."""
    sealed = bytes(ciphertext)
    try:
        return _cipher(_database(), key_id).decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
    except InvalidTag as error:
        raise MasterKeyWrong from error


def digest(text: str) -> bytes:
    """32 bytes, the same for the same text as long as the digest key stands."""
    return keyring().digest(text)


def keyring() -> Keyring:
    """The newest keys."""
    return _keyring(_database())


def sealing_key() -> tuple[int, AESGCM]:
    """The newest key with its id, for what is sealed piece by piece."""
    key_id = _current(_database(), DataKey.Purpose.SEAL)
    return key_id, _cipher(_database(), key_id)


def opening_key(key_id: int) -> AESGCM:
    return _cipher(_database(), key_id)


def ensure_keys() -> None:
    """Makes the first key of each purpose; two starts at once make one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_KEYS_LOCK])
        for purpose in DataKey.Purpose.values:
            if not DataKey.objects.filter(purpose=purpose).exists():
                DataKey.objects.create(purpose=purpose, wrapped=_wrap(AESGCM.generate_key(256)))


def _database() -> str:
    """Keys are remembered per database: tests and commands change it within one process."""
    return connection.settings_dict["NAME"]


@lru_cache(maxsize=16)
def _current(database: str, purpose: str) -> int:
    return DataKey.objects.filter(purpose=purpose).latest("pk").pk


@lru_cache(maxsize=16)
def _keyring(database: str) -> Keyring:
    seal_key, digest_key = (_current(database, purpose) for purpose in (DataKey.Purpose.SEAL, DataKey.Purpose.DIGEST))
    return Keyring(seal_key, _key(database, seal_key), _key(database, digest_key))


@lru_cache(maxsize=64)
def _key(database: str, key_id: int) -> bytes:
    wrapped = bytes(DataKey.objects.get(pk=key_id).wrapped)
    try:
        return _master().decrypt(wrapped[:NONCE], wrapped[NONCE:], b"data key")
    except InvalidTag as error:
        raise MasterKeyWrong from error


@lru_cache(maxsize=64)
def _cipher(database: str, key_id: int) -> AESGCM:
    return AESGCM(_key(database, key_id))


def _wrap(key: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _master().encrypt(nonce, key, b"data key")


@lru_cache(maxsize=1)
def _master() -> AESGCM:
    return AESGCM(base64.b64decode(settings.MASTER_KEY))
