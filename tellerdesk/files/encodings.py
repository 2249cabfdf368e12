"""Which of the encodings of Chinese offices a file is written in; read once through, never held whole."""

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from tellerdesk.files.errors import FileRefused

UTF8, GB18030 = "utf-8", "gb18030"
BOM = codecs.BOM_UTF8
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PIECE = 1024 * 1024


def encoding_of(source) -> str:
    """`utf-8` or `gb18030`: the one the whole file is valid in, else the one in which fewer lines fail.

    Raises FileRefused `wrong_encoding` for UTF-16 and for what is no text at all.
    """
    with source() as file:
        head = file.read(4096)
    if head.startswith(UTF16) or b"\0" in head.partition(b"\n")[0]:
        raise FileRefused("wrong_encoding", line=1)
    if head.startswith(BOM) or _is_valid(source, UTF8):
        return UTF8
    return GB18030 if _is_valid(source, GB18030) else _better(source)


def decodes(data: bytes, encoding: str) -> bool:
    """NUL counts as undecodable: no text holds it, and no database takes it."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _is_valid(source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with source() as file:
        try:
            for piece in _pieces(file):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _better(source) -> str:
    failing = {UTF8: 0, GB18030: 0}
    with source() as file:
        for piece in _whole_lines(file):
            for encoding in failing:
                failing[encoding] += _failing(piece, encoding)
    return min(failing, key=failing.get)


def _failing(piece: bytes, encoding: str) -> int:
    if decodes(piece, encoding):
        return 0
    return sum(not decodes(line, encoding) for line in piece.split(b"\n"))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(PIECE), b"")


def _whole_lines(file: BinaryIO) -> Iterable[bytes]:
    rest = b""
    for piece in _pieces(file):
        ready, newline, rest_of_piece = piece.rpartition(b"\n")
        if newline or len(rest) > PIECE:
            yield rest + ready
            rest = rest_of_piece
        else:
            rest += rest_of_piece
    yield rest
