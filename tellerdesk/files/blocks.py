"""A file as blocks of whole lines in UTF-8, as fast as it can be read and in constant memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from tellerdesk.files.encodings import BOM, UTF8, decodes
from tellerdesk.files.records import finished_lines

SIZE = 4 * 1024 * 1024
# What is kept of a line that is longer than a block, so that it can be named.
SHOWN_OF_LONG_LINE = 1000


@dataclass(frozen=True)
class Block:
    """Whole lines ending with LF, the first of them line `first_line` of the file; blank lines are in it.

    `problem` is None for UTF-8; `wrong_encoding` where a line of the block does not decode, or holds NUL: `data` is
    raw then, and Table.rows tells which; `line_too_long` for the beginning of one line that is longer than a block.
    """

    first_line: int
    data: bytes
    problem: str | None = None

    @property
    def decoded(self) -> bool:
        return self.problem is None

    @cached_property
    def lines(self) -> int:
        return self.data.count(b"\n")


def blocks(file: BinaryIO, encoding: str, size: int = SIZE) -> Iterator[Block]:
    """Of the whole file, the header included."""
    line = 1
    for piece, too_long in _whole_lines(file, size):
        block = Block(line, piece, "line_too_long") if too_long else _block(line, piece, encoding)
        yield block
        line += block.lines


def without_first_lines(found: Iterator[Block], lines: int) -> Iterator[Block]:
    for block in found:
        behind = lines + 1 - block.first_line
        if behind > 0:
            block = _cut(block, behind)
        if block.data:
            yield block


def of_whole_records(found: Iterator[Block], delimiter: str) -> Iterator[Block]:
    """A record that goes over the end of a block (files.records) stands in the next one with all its lines."""
    rest = None
    for block in found:
        if rest and block.decoded:
            block = Block(rest.first_line, rest.data + block.data)
        elif rest:
            yield rest
        rest = _unfinished(block, delimiter)
        if rest is None:
            yield block
        elif len(rest.data) < len(block.data):
            yield Block(block.first_line, block.data[: -len(rest.data)])
    if rest:
        yield rest


def _unfinished(block: Block, delimiter: str) -> Block | None:
    if not block.decoded or b'"' not in block.data:
        return None
    rest = _cut(block, finished_lines(block.data, delimiter))
    return rest if rest.data else None


def _cut(block: Block, lines: int) -> Block:
    at = 0
    for _line in range(lines):
        at = block.data.find(b"\n", at) + 1
        if at == 0:
            return Block(block.first_line, b"", block.problem)
    return Block(block.first_line + lines, block.data[at:], block.problem)


def _block(line: int, piece: bytes, encoding: str) -> Block:
    if b"\r" in piece:
        piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    if not decodes(piece, encoding):
        return Block(line, piece, "wrong_encoding")
    return Block(line, piece if encoding == UTF8 else piece.decode(encoding).encode())


def _whole_lines(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    rest = file.read(len(BOM))
    rest = b"" if rest == BOM else rest
    while piece := file.read(size):
        end = piece.rfind(b"\n") + 1
        if end:
            yield rest + piece[:end], False
            rest = piece[end:]
        elif len(rest) + len(piece) <= size:
            rest += piece
        else:
            yield rest[:SHOWN_OF_LONG_LINE] + b"\n", True
            whole, newline, rest = _after_line_end(file, size).rpartition(b"\n")
            if newline:
                yield whole + newline, False
    if rest:
        yield rest + b"\n", False


def _after_line_end(file: BinaryIO, size: int) -> bytes:
    while piece := file.read(size):
        _skipped, newline, rest = piece.partition(b"\n")
        if newline:
            return rest
    return b""
