"""What could not be used of a file, to be corrected and sent again: its own columns, then line, code and sentence."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from django.db import transaction

from tellerdesk.audit.services import record
from tellerdesk.files.encodings import BOM
from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.files.formulas import defused
from tellerdesk.files.runs import FileRun
from tellerdesk.files.sealed_chunks import CHUNK
from tellerdesk.files.storage import Stored, StoredWriter, open_stored

# A later import does not know these columns and ignores them.
OURS = ("line 行号", "code 错误码", "message 说明")
SPOOLED = 256 * 1024


class RejectWriter:
    """Spools sealed, in constant memory. `header` as the file had it; ours from an earlier round are left out."""

    def __init__(self, header: Sequence[str]):
        self.kept = [place for place, cell in enumerate(header) if cell not in OURS]
        self.stored = StoredWriter()
        self.text = io.StringIO()
        self.writer = csv.writer(self.text, lineterminator="\r\n")
        self.stored.write(BOM)
        self.writer.writerow([defused(header[place]) for place in self.kept] + list(OURS))

    def add(self, line: int, code: str, message: str, raw_cells: Sequence[str]) -> None:
        cells = [defused(raw_cells[place]) if place < len(raw_cells) else "" for place in self.kept]
        self.writer.writerow([*cells, line, code, defused(str(message))])
        if self.text.tell() > SPOOLED:
            self._spool()

    def close(self) -> Stored:
        self._spool()
        return self.stored.close()

    def abandon(self) -> None:
        self.stored.abandon()

    def _spool(self) -> None:
        self.stored.write(self.text.getvalue().encode("utf-8", "replace"))
        self.text.seek(0)
        self.text.truncate()


def write_refusal(*, code: str, message: str) -> str:
    """A file that was refused as a whole: one reject, of its first line. The name of the stored file."""
    writer = RejectWriter([])
    writer.add(1, code, message, [])
    return writer.close().name


def template_of(header: Sequence[str]) -> bytes:
    """A file with nothing but its header, in the form that offices open."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(header)
    return BOM + text.getvalue().encode()


def read_rejects(stored: str) -> Iterator[bytes]:
    """The CSV in clear, piece by piece."""
    with open_stored(stored) as file:
        while piece := file.read(CHUNK):
            yield piece


@transaction.atomic
def hand_out_rejects(*, run: FileRun, by) -> Iterator[bytes] | None:
    """The lines as they were sent, in clear, so every reading is an event. None where they are not kept (any more)."""
    if not run.rejects_stored:
        return None
    pieces = read_rejects(run.rejects_stored)
    try:
        first = next(pieces)
    except StoredFileBroken:
        return None
    record(f"{run._meta.app_label}.rejects_read", subject=run, by=by, detail={"rejected": run.rejected})
    return chain([first], pieces)
