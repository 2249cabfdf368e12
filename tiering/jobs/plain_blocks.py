"""Which blocks of a file COPY reads exactly as we do; whatever may differ is judged line by line instead."""

import re
from collections.abc import Iterator
from functools import lru_cache

from tellerdesk.files.blocks import Block

# Small enough that one bad line does not take many others along on the slow way.
PIECE = 64 * 1024
# Digits as 0, letters that matter as small ones, both signs as a minus.
SHAPES = bytes.maketrans(b"123456789XOBE+", b"000000000xobe-")
# Numbers of newer servers that are none of ours (0x1F, 1_000), endless exponents and endless digits (rules.money).
ODD_NUMBERS = (b"0x", b"0o", b"0b", b"_0", b"e00000", b"e-00000", b"0" * 26)


def is_plain(block: Block, delimiter: str) -> bool:
    """Every line is one record, and every number that the database takes is one of ours."""
    if not block.decoded or (b'"' in block.data and not _has_plain_quotes(block.data, delimiter)):
        return False
    shape = block.data.translate(SHAPES)
    return not any(odd in shape for odd in ODD_NUMBERS)


def pieces(block: Block, delimiter: str) -> Iterator[Block]:
    """The block itself where it is none of whole lines in readable text."""
    if not block.decoded or (b'"' in block.data and not _has_plain_quotes(block.data, delimiter)):
        yield block
        return
    line, start = block.first_line, 0
    while start < len(block.data):
        end = block.data.find(b"\n", start + PIECE) + 1 or len(block.data)
        data = block.data[start:end]
        yield Block(line, data)
        line, start = line + data.count(b"\n"), end


def _has_plain_quotes(data: bytes, delimiter: str) -> bool:
    """Only around whole cells, with neither a quote nor a line's end inside."""
    return b'"' not in _quoted_cell(delimiter).sub(b"", b"\n" + data)


@lru_cache
def _quoted_cell(delimiter: str) -> re.Pattern:
    edge = b"[" + re.escape(delimiter.encode()) + b"\n]"
    return re.compile(edge + b'"[^"\n]*"(?=' + edge + b")")
