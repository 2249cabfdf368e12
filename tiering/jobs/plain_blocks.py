"""Which blocks of a file COPY reads exactly as we do; whatever may differ is judged line by line instead."""

import re
from collections.abc import Iterator

from tellerdesk.files.blocks import Block
from tellerdesk.files.records import has_lines_for_records

# Of a block that is not plain: small enough that one odd line does not take many others along on the slow way.
PIECE = 64 * 1024
# What a double reads as a number and we do not (0x1F), and amounts that it blurs: of six decimals and more, or with an
# exponent that brings them there. Each needs one of these pairs, whose last byte is rare and is looked for first.
PAIRS = (b"0x", b"0X", b"e-", b"E-")
ODD = re.compile(rb"0[xX][0-9a-fA-F.]|[0-9.][eE]-[0-9]")
SIX_DECIMALS = re.compile(rb"\.[0-9]{6}")


def is_plain(block: Block, delimiter: str) -> bool:
    """Every line is one record, and every number that the database takes is one of ours, to the fen."""
    return not _has_odd_numbers(block.data) and _has_lines_for_records(block, delimiter)


def pieces(block: Block, delimiter: str) -> Iterator[Block]:
    """The block itself where its records may go over several lines, or are not readable text."""
    if not _has_lines_for_records(block, delimiter):
        yield block
        return
    while block.data:
        piece, block = first_bytes(block, PIECE)
        yield piece


def first_bytes(block: Block, size: int) -> tuple[Block, Block]:
    """Whole lines of about so many bytes, and the rest."""
    if size >= len(block.data):
        return block, Block(block.first_line + block.lines, b"")
    end = block.data.find(b"\n", size) + 1 or len(block.data)
    return _cut(block, end, block.data.count(b"\n", 0, end))


def first_lines(block: Block, lines: int) -> tuple[Block, Block]:
    """So many lines of it, or all it has, and the rest."""
    rest = block.data.split(b"\n", lines)[lines:]
    return _cut(block, len(block.data) - sum(map(len, rest)), lines)


def _cut(block: Block, end: int, lines: int) -> tuple[Block, Block]:
    return Block(block.first_line, block.data[:end]), Block(block.first_line + lines, block.data[end:])


def _has_odd_numbers(data: bytes) -> bool:
    has_pairs = any(pair[1:] in data and pair in data for pair in PAIRS)
    return bool(has_pairs and ODD.search(data) or SIX_DECIMALS.search(data))


def _has_lines_for_records(block: Block, delimiter: str) -> bool:
    return block.decoded and has_lines_for_records(block.data, delimiter)
