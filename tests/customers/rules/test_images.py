import struct

import pytest

from customers.rules.images import JPEG, PDF, PNG, image_type
from tests.customers.scans import FRAME, QUANTIZATION, SCAN, chunk, jpeg, pdf, png

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(), PNG),
        (png(chunks=chunk(b"tEXt", "作者\x00示例".encode())), PNG),
        (jpeg(), JPEG),
        (jpeg(extra=b"\xff\xe1\x00\x0cExif\x00\x00\xff\xd9\x00\x00"), JPEG),
        (jpeg() + b"\x00" * 16, JPEG),
        (jpeg(extra=b"\xff"), JPEG),
        (pdf(), PDF),
        (pdf().rstrip(), PDF),
    ],
    ids=[
        "png",
        "png with a text",
        "jpeg",
        "jpeg with a thumbnail's end",
        "padded",
        "fill byte",
        "pdf",
        "pdf unended line",
    ],
)
def test_whole_scans_are_known_by_their_content(data, kind):
    assert image_type(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        b"GIF89a" + b"\x00" * 40,
        b"\x89PNG\r\n\x1a\n",
        HTML,
        SVG,
        HTML + png(),
        png() + HTML,
        jpeg() + HTML,
        jpeg() + b"PK\x03\x04",
        pdf() + HTML,
        HTML + pdf(),
        b"\n" + pdf(),
        jpeg()[:-2],
        png()[:-4],
        pdf()[:-8],
        png().replace(b"IDAT", b"IDAX"),
        png()[:19] + b"\x09" + png()[20:],
        png(chunks=chunk(b"tEXt", b"c\x00<script>alert(1)</script>")),
        jpeg(extra=b"\xff\xfe" + struct.pack(">H", 2 + len(HTML)) + HTML),
        pdf(inside=b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"),
        pdf(inside=b"<< /EmbeddedFile 3 0 R >>"),
        pdf(inside=HTML),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_anything_else_and_anything_besides_is_refused(data):
    assert image_type(data) is None


@pytest.mark.parametrize(("width", "height"), [(0, 8), (8, 0), (20_001, 1), (1, 20_001), (20_000, 20_000)])
def test_a_size_that_no_decoder_should_be_asked_for_is_refused(width, height):
    assert image_type(png(width, height)) is None


@pytest.mark.parametrize("size", [(0, 16), (16, 0), (65_535, 65_535)])
def test_a_frame_of_no_sensible_size_is_refused(size):
    frame = FRAME[:5] + struct.pack(">HH", *size) + FRAME[9:]
    assert image_type(jpeg(frame=frame)) is None


def test_a_jpeg_without_a_frame_is_refused():
    assert image_type(b"\xff\xd8" + QUANTIZATION + SCAN + b"\xff\xd9") is None


@pytest.mark.parametrize("kind", [png, jpeg, pdf], ids=["png", "jpeg", "pdf"])
def test_cut_anywhere_nothing_is_a_scan_and_nothing_fails(kind):
    data = kind()
    whole = {length for length in range(len(data) + 1) if image_type(data[:length])}
    assert whole - {len(data), len(data) - 1} == set()
