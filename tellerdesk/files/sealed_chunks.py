"""Long things at rest: AES-256-GCM chunk by chunk, as they come, in constant memory.

Layout: the mark, the id of the data key (8 bytes), 16 random bytes that name the file; then chunks of 1 MiB plaintext,
the last one shorter or empty, each 12 bytes nonce, ciphertext, tag. Name, number of the chunk and whether it is the
last are authenticated with it, so a file that was cut, reordered or mixed with another is noticed.
"""

import io
import os
import struct
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.vault.services import opening_key, sealing_key

MARK = b"TDF1"
HEAD = struct.Struct(">4sq16s")
PLACE = struct.Struct(">16sq?")
CHUNK = 1024 * 1024
NONCE, TAG = 12, 16
SEALED_CHUNK = NONCE + CHUNK + TAG


class SealedWriter:
    """Writes into an open file; what is not closed has no last chunk and will not open."""

    def __init__(self, file: io.RawIOBase):
        self.file = file
        key_id, self.cipher = sealing_key()
        self.name = os.urandom(16)
        self.number = 0
        self.pending = bytearray()
        file.write(HEAD.pack(MARK, key_id, self.name))

    def write(self, data: bytes) -> None:
        self.pending += data
        while len(self.pending) > CHUNK:
            self._seal(bytes(self.pending[:CHUNK]), last=False)
            del self.pending[:CHUNK]

    def close(self) -> None:
        self._seal(bytes(self.pending), last=True)

    def _seal(self, text: bytes, *, last: bool) -> None:
        nonce = os.urandom(NONCE)
        place = PLACE.pack(self.name, self.number, last)
        self.file.write(nonce + self.cipher.encrypt(nonce, text, place))
        self.number += 1


class SealedReader(io.RawIOBase):
    """Decrypts as it is read. Works with `pread`, so several readers may share an open file; closes its own."""

    def __init__(self, descriptor: int):
        self.descriptor = descriptor
        mark, key_id, self.name = _head(os.pread(descriptor, HEAD.size, 0))
        if mark != MARK:
            raise StoredFileBroken("not a stored file")
        self.cipher: AESGCM = opening_key(key_id)
        self.size = os.fstat(descriptor).st_size
        self.number = 0
        self.ready = memoryview(b"")
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self.ready and not self.ended:
            self.ready = memoryview(self._next())
        length = min(len(buffer), len(self.ready))
        buffer[:length] = self.ready[:length]
        self.ready = self.ready[length:]
        return length

    def close(self) -> None:
        if not self.closed:
            os.close(self.descriptor)
        super().close()

    def _next(self) -> bytes:
        """Raises StoredFileBroken."""
        at = HEAD.size + self.number * SEALED_CHUNK
        sealed = os.pread(self.descriptor, SEALED_CHUNK, at)
        self.ended = at + len(sealed) >= self.size
        place = PLACE.pack(self.name, self.number, self.ended)
        self.number += 1
        try:
            return self.cipher.decrypt(sealed[:NONCE], sealed[NONCE:], place)
        except (InvalidTag, ValueError) as error:
            raise StoredFileBroken(f"chunk {self.number}") from error


def _head(data: bytes) -> tuple[bytes, int, bytes]:
    if len(data) < HEAD.size:
        raise StoredFileBroken("no head")
    return HEAD.unpack(data)


def open_sealed(path: Path) -> BinaryIO:
    """Streaming and decrypting. Raises StoredFileBroken, also while it is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise StoredFileBroken("gone") from error
    try:
        return io.BufferedReader(SealedReader(descriptor), CHUNK)
    except BaseException:
        os.close(descriptor)
        raise
