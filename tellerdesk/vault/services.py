"""Identity numbers at rest: AES-256-GCM text with the id of its key, and a keyed digest for look-up and constraints.

Layout of a sealed text: 12 bytes nonce, then ciphertext and tag (NIST SP 800-38D). The digest is HMAC-SHA-256 with
a key of its own, so that whoever reads the table cannot try all numbers.

Keys change while we run (tellerdesk.rotation, docs/adr/0016). Whoever digests in a transaction holds the digest key
until its end by a shared lock, asked for once; whoever looks up outside of one asks again after a miss (`looked_up`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils import timezone

from tellerdesk.vault.errors import MasterKeyWrong
from tellerdesk.vault.keyring import NONCE, Keyring
from tellerdesk.vault.master import candidates, opened, unwrap, wrap
from tellerdesk.vault.models import DataKey

FIRST_KEYS_LOCK = 7_310_001
MARK = 4  # bytes


@dataclass(frozen=True)
class Sealed:
    ciphertext: bytes
    key_id: int


@dataclass(frozen=True)
class Current:
    """The ids of the newest keys in force."""

    seal: int
    digest: int


def seal(text: str) -> Sealed:
    keys = _keyring(_database(), _known())
    return Sealed(keys.seal(text), keys.seal_key_id)


def unseal(ciphertext: bytes, key_id: int) -> str:
    """Raises MasterKeyWrong where the text was sealed with a key this installation cannot open."""
    sealed = bytes(ciphertext)
    try:
        return _cipher(_database(), key_id).decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
    except InvalidTag as error:
        raise MasterKeyWrong from error


def digest(text: str) -> bytes:
    """32 bytes, the same for the same text as long as the digest key stands: in a transaction, to its end."""
    current = _held() if connection.in_atomic_block else _known()
    return _keyring(_database(), current).digest(text)


def looked_up(text: str, find: Callable):
    """What `find` finds by the digest of `text`; after a miss, once more if the key has changed meanwhile.

    A hit needs no second look, and a miss is one as long as the key is still the same afterwards.
    """
    asked_with = digest(text)
    found = find(asked_with)
    if found is None and not connection.in_atomic_block:
        refresh()
        newest = digest(text)
        found = find(newest) if newest != asked_with else None
    return found


def keyring() -> Keyring:
    """The newest keys, as the database says now."""
    return _keyring(_database(), refresh())


def keyring_of(digest_key: DataKey) -> Keyring:
    """Digests with this key, whether it is in force or not."""
    return _keyring(_database(), Current(_known().seal, digest_key.pk))


def sealing_key() -> tuple[int, AESGCM]:
    """The newest key with its id, for what is sealed piece by piece."""
    key_id = refresh().seal
    return key_id, _cipher(_database(), key_id)


def opening_key(key_id: int) -> AESGCM:
    return _cipher(_database(), key_id)


def refresh() -> Current:
    """The newest keys, asked for."""
    current = _newest()
    _CURRENT[_database()] = current
    return current


def ensure_keys() -> None:
    """Makes the first key of each purpose; two starts at once make one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_KEYS_LOCK])
        for purpose in DataKey.Purpose.values:
            if not DataKey.objects.filter(purpose=purpose).exists():
                make_key(purpose, in_force_at=timezone.now())


def make_key(purpose: str, *, in_force_at=None, using: str | None = None) -> DataKey:
    """A new key, wrapped by the master key that opens the others."""
    newest = DataKey.objects.using(using).order_by("-pk").first()
    master = opened(newest.wrapped)[1] if newest else candidates()[0]
    wrapped = wrap(AESGCM.generate_key(256), master)
    return DataKey.objects.using(using).create(purpose=purpose, wrapped=wrapped, in_force_at=in_force_at)


# What this process knows of each database.
_CURRENT: dict[str, Current] = {}


class _Hold:
    """Stands among the callbacks of the running transaction: Django drops it with the savepoint that took the lock."""

    def __init__(self, current: Current):
        self.current = current

    def __call__(self):
        """At commit the lock is gone, and so is this."""


def _held() -> Current:
    for _savepoints, callback, _robust in connection.run_on_commit:
        if isinstance(callback, _Hold):
            return callback.current
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault_hold_keys()")
        current = Current(*cursor.fetchone())
    _CURRENT[_database()] = current
    transaction.on_commit(_Hold(current))
    return current


def _known() -> Current:
    return _CURRENT.get(_database()) or refresh()


def _newest() -> Current:
    newest = DataKey.objects.in_force().order_by("purpose", "-pk").distinct("purpose")
    return Current(**dict(newest.values_list("purpose", "pk")))


def _database() -> str:
    """Keys are remembered per database: tests and commands change it within one process."""
    return connection.settings_dict["NAME"]


@lru_cache(maxsize=16)
def _keyring(database: str, current: Current) -> Keyring:
    sealing, digesting = _key(database, current.seal), _key(database, current.digest)
    mark = current.digest.to_bytes(MARK, "big") if digesting.marks else b""
    return Keyring(current.seal, sealing.plain, digesting.plain, mark)


@dataclass(frozen=True)
class _Key:
    plain: bytes
    marks: bool


@lru_cache(maxsize=64)
def _key(database: str, key_id: int) -> _Key:
    row = DataKey.objects.get(pk=key_id)
    return _Key(unwrap(row.wrapped), row.marks)


@lru_cache(maxsize=64)
def _cipher(database: str, key_id: int) -> AESGCM:
    return AESGCM(_key(database, key_id).plain)
