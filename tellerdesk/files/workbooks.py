"""Workbooks become CSV in a process of their own (workbook_csv), sealed on the disk like every upload."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.conf import settings

from tellerdesk.files.errors import FileRefused
from tellerdesk.files.sealed_chunks import CHUNK
from tellerdesk.files.storage import keep_nameless

# A zip (XLSX, ODS), or the older kind of compound file (XLS, and workbooks locked by a password).
MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Far above what a bank sends; a small workbook that unpacks to more is an attack.
LARGEST_CSV = 4 * 1024**3


def is_workbook(head: bytes) -> bool:
    return head.startswith(MARKS)


def as_csv(source: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
    """A source of the first sheet as CSV in UTF-8, the lines numbered as the rows of the sheet.

    Raises FileRefused `broken_workbook`.
    """
    command = [sys.executable, "-m", "tellerdesk.files.workbook_csv"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            feeder = threading.Thread(target=_feed, args=(source, child.stdin), daemon=True)
            feeder.start()
            kept = keep_nameless(_limited(child.stdout))
            feeder.join()
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        raise FileRefused("broken_workbook", line=1)
    return kept


def _feed(source: Callable[[], BinaryIO], pipe: BinaryIO) -> None:
    """A child that gives up closes the pipe; its return code tells."""
    with contextlib.suppress(BrokenPipeError), pipe, source() as file:
        while piece := file.read(CHUNK):
            pipe.write(piece)


def _limited(pipe: BinaryIO) -> Iterator[bytes]:
    length = 0
    while piece := pipe.read(CHUNK):
        length += len(piece)
        if length > LARGEST_CSV:
            raise FileRefused("too_large", megabytes=LARGEST_CSV // 1024**2)
        yield piece
