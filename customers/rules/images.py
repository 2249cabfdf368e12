"""What an uploaded scan is, by its content alone: JPEG, PNG or PDF, whole, and nothing else besides (rules 1.1).

Names and declared types are not looked at. A file that a browser might also take for a page or a program (a polyglot)
is none of the three: nothing may stand behind the end that its own format gives it.
"""

import re
import struct
from zlib import crc32

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
LONGEST_SIDE = 20_000  # pixels
MOST_PIXELS = 100_000_000
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}  # by colour type
JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
SCAN, END = 0xDA, 0xD9
PDF_START = re.compile(rb"%PDF-[12]\.[0-9]\s")
PDF_END = re.compile(rb"startxref\s+[0-9]+\s+%%EOF\s*\Z")
PDF_TAIL = 1024
# A PDF that acts by itself: scripts, launched programs, forms that are sent, files inside. Scans have none of these.
PDF_ACTS = re.compile(rb"/(JavaScript|JS|Launch|SubmitForm|ImportData|EmbeddedFile|RichMedia|XFA)\b")
PDF_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)  # packed data, in which any word may stand by chance
PAGE = re.compile(rb"<(!doctype\s+html|html|svg|script|iframe|body)\b", re.IGNORECASE)


def image_type(data: bytes) -> str | None:
    """The content type; None for what is no whole image of one of the three kinds."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG if _is_jpeg(data) else None
    if data.startswith(PNG_START):
        return PNG if _is_png(data) else None
    return PDF if _is_pdf(data) else None


def _is_jpeg(data: bytes) -> bool:
    """Segments from SOI to the first scan, a frame of sensible size among them, and EOI at the very end."""
    at, framed = 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return False
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in JPEG_ALONE:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at + 4 : at + 2 + length]
        if length < 2 or len(segment) < length - 2 or PAGE.search(segment):
            return False
        if marker in JPEG_FRAMES:
            framed = len(segment) >= 5 and _fits(*reversed(struct.unpack(">HH", segment[1:5])))
        if marker == SCAN:
            return framed and _ends_with_its_scans(data, at + 2 + length)
        at += 2 + length
    return False


def _ends_with_its_scans(data: bytes, at: int) -> bool:
    """The first EOI after the entropy-coded data is the end of the file; a camera's padding of zeros may follow."""
    end = data.find(b"\xff\xd9", at)
    return end >= at and not data[end + 2 :].strip(b"\x00")


def _is_png(data: bytes) -> bool:
    """Every chunk whole and with its checksum: IHDR first, IDAT among them, IEND last and at the end of the file."""
    at, names = len(PNG_START), []
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body, check = (
            data[at + 4 : at + 8],
            data[at + 8 : at + 8 + length],
            data[at + 8 + length : at + 12 + length],
        )
        if len(check) < 4 or crc32(name + body) != int.from_bytes(check, "big"):
            return False
        if name != b"IDAT" and PAGE.search(body):
            return False
        if not names and not (name == b"IHDR" and _is_header(body)):
            return False
        names.append(name)
        at += 12 + length
        if name == b"IEND":
            return at == len(data) and b"IDAT" in names
    return False


def _is_header(body: bytes) -> bool:
    if len(body) != 13:
        return False
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", body)
    return (
        _fits(width, height)
        and depth in PNG_DEPTHS.get(colour, ())
        and (compression, filtering) == (0, 0)
        and interlace in (0, 1)
    )


def _fits(width: int, height: int) -> bool:
    """A decoder must not be made to unfold gigabytes."""
    return 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS


def _is_pdf(data: bytes) -> bool:
    begins = PDF_START.match(data[:16]) and PDF_END.search(data[-PDF_TAIL:])
    return bool(begins) and not PDF_ACTS.search(PDF_STREAM.sub(b"", data)) and not PAGE.search(data[:PDF_TAIL])
