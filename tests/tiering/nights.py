"""A night as the command line runs it, from lines to report."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from functools import partial

from tellerdesk.files.rejects import read_rejects
from tellerdesk.staff.models import LegalEntity
from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun, SnapshotLine

HEADER = "customer_number,aum"


def run_lines(
    entity: LegalEntity, as_of: date, lines: Iterable[str] | bytes, *, header: str = HEADER, dry_run: bool = False
) -> NightlyRun:
    """The run when it is over. `lines` go below the header; bytes are a whole file."""
    data = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in [header, *lines]).encode()
    run = NightlyRun.objects.create(
        legal_entity=entity, as_of=as_of, file_name="snapshot.csv", file_size=len(data), dry_run=dry_run
    )
    return run_night(run.pk, source=partial(io.BytesIO, data))


def rejects_of(run: NightlyRun) -> list[tuple[int, str]]:
    """Line and code, in the order of the file."""
    if not run.rejects_stored:
        return []
    text = b"".join(read_rejects(run.rejects_stored)).decode("utf-8-sig")
    return [(int(row[-3]), row[-2]) for row in list(csv.reader(io.StringIO(text)))[1:]]


def lines_of(entity: LegalEntity, as_of: date) -> dict[str, SnapshotLine]:
    """The lines of a day by customer number."""
    lines = SnapshotLine.objects.filter(legal_entity_id=entity.pk, as_of=as_of)
    numbers = dict(entity.customer_set.values_list("pk", "customer_number"))
    return {numbers[line.customer_id]: line for line in lines}
