"""Which blocks of a file COPY reads exactly as we do; whatever may differ is judged line by line instead."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tellerdesk.files.blocks import Block

# Of a block that is not plain: small enough that one odd line does not take many others along on the slow way.
PIECE = 64 * 1024
# Numbers of newer servers that are none of ours: 0x1F, 0o17, 0b1, 1_000.
OF_NEWER_SERVERS = re.compile(rb"0[xXoObB]"), re.compile(rb"_[0-9]")
# An amount that is longer than rules.money reads has so many digits before its point, behind it or in its exponent.
ZEROS = bytes.maketrans(b"123456789", b"000000000")
ENDLESS = b"0" * 26


def is_plain(block: Block, delimiter: str) -> bool:
    """Every line is one record, and every number that the database takes is one of ours."""
    if not _has_lines_for_records(block, delimiter) or any(odd.search(block.data) for odd in OF_NEWER_SERVERS):
        return False
    return ENDLESS not in block.data.translate(ZEROS)


def pieces(block: Block, delimiter: str) -> Iterator[Block]:
    """The block itself where its records may go over several lines, or are not readable text."""
    if not _has_lines_for_records(block, delimiter):
        yield block
        return
    while block.data:
        end = block.data.find(b"\n", PIECE) + 1 or len(block.data)
        piece, block = _cut(block, end, block.data.count(b"\n", 0, end))
        yield piece


def first_lines(block: Block, lines: int) -> tuple[Block, Block]:
    """So many lines of it, or all it has, and the rest."""
    rest = block.data.split(b"\n", lines)[lines:]
    return _cut(block, len(block.data) - sum(map(len, rest)), lines)


def _cut(block: Block, end: int, lines: int) -> tuple[Block, Block]:
    return Block(block.first_line, block.data[:end]), Block(block.first_line + lines, block.data[end:])


def _has_lines_for_records(block: Block, delimiter: str) -> bool:
    """Quotes only around whole cells, with neither a quote nor a line's end inside."""
    if b'"' not in block.data:
        return block.decoded
    return block.decoded and b'"' not in _quoted_cell(delimiter).sub(b"", b"\n" + block.data)


@lru_cache
def _quoted_cell(delimiter: str) -> re.Pattern:
    edge = b"[" + re.escape(delimiter.encode()) + b"\n]"
    return re.compile(edge + b'"[^"\n]*"(?=' + edge + b")")
