"""The keys themselves, for processes without a database that seal many numbers: given in memory, never written."""

import hmac
import os
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


@dataclass(frozen=True)
class Keyring:
    """Seals and digests as vault.services does, with the keys that were the newest when it was made."""

    seal_key_id: int
    seal_key: bytes = field(repr=False)
    digest_key: bytes = field(repr=False)

    def seal(self, text: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), None)

    def digest(self, text: str) -> bytes:
        return hmac.digest(self.digest_key, text.encode(), sha256)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.seal_key)
