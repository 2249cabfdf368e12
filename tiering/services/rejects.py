"""Rejected lines leave the house: the sender corrects them and sends them again."""

from collections.abc import Iterator

from django.db import transaction

from tellerdesk.audit.services import record
from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.files.rejects import read_rejects
from tellerdesk.staff.models import Staff
from tiering.models import NightlyRun


@transaction.atomic
def hand_out_rejects(*, run: NightlyRun, by: Staff) -> Iterator[bytes] | None:
    """The CSV piece by piece; None where there is none, or none any more."""
    pieces = read_rejects(run.rejects_stored)
    try:
        first = next(pieces) if run.rejects_stored else None
    except (StoredFileBroken, StopIteration):
        first = None
    if first is None:
        return None
    record("tiering.rejects_read", subject=run, by=by, detail={"rows": run.rejected})
    return _with(first, pieces)


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
