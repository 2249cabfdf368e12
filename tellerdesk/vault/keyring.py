"""The keys themselves, for processes without a database that seal many numbers: given in memory, never written."""

import hmac
import os
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
DIGEST = 32  # bytes


@dataclass(frozen=True)
class Keyring:
    """Seals and digests as vault.services does, with the keys that were the newest when it was made.

    `digest_mark` is what digests of this key begin with; the key that was there before keys were marked has none.
    """

    seal_key_id: int
    seal_key: bytes = field(repr=False)
    digest_key: bytes = field(repr=False)
    digest_mark: bytes = field(default=b"", repr=False)

    def seal(self, text: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def digest(self, text: str) -> bytes:
        """With four bytes of mark 224 bits of the HMAC remain, as many as SHA-512/224 has."""
        return (self.digest_mark + hmac.digest(self.digest_key, text.encode(), sha256))[:DIGEST]

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.seal_key)
