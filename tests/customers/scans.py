"""Scans as a scanner makes them, and what only pretends to be one; no picture library needed."""

import struct
import zlib

QUANTIZATION = b"\xff\xdb" + struct.pack(">HB", 67, 0) + bytes(range(1, 65))
FRAME = b"\xff\xc0" + struct.pack(">HBHHBBBB", 11, 8, 16, 16, 1, 1, 0x11, 0)
SCAN = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 63, 0) + b"\x7f\xa0\x12\x00"


def png(width: int = 8, height: int = 8, *, shade: int = 200, chunks: bytes = b"") -> bytes:
    rows = (b"\x00" + bytes([shade]) * width) * height if width * height < 10_000 else b"\x00"
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunks
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def jpeg(*, extra: bytes = b"", frame: bytes = FRAME) -> bytes:
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + extra
        + QUANTIZATION
        + frame
        + SCAN
        + b"\xff\xd9"
    )


def pdf(*, inside: bytes = b"<< /Type /Catalog >>") -> bytes:
    return b"%PDF-1.4\n1 0 obj\n" + inside + b"\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
