"""A snapshot file on its way into the night: uploaded, or taken over from its dry run."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.storage import Stored
from tellerdesk.staff.models import Staff
from tiering.errors import NotRepeatable
from tiering.models import NightlyRun
from tiering.selectors.runs import BROKEN_OFF
from tiering.services.nights import queue_night


def send_snapshot(*, upload, as_of: date, dry_run: bool, by: Staff) -> NightlyRun:
    """Raises FieldErrors, a refused file (empty, too large) included."""
    try:
        return queue_night(upload=upload, as_of=as_of, dry_run=dry_run, by=by)
    except FileRefused as refusal:
        raise FieldErrors({"file": [(refusal.code, refusal.as_dict()["message"])]}) from refusal


@transaction.atomic
def load_again(*, run: NightlyRun, by: Staff) -> NightlyRun:
    """The kept file goes to a new run: that of a dry run for real, that of a broken-off one as it was meant.

    Raises NotRepeatable, for the second click too.
    """
    found = NightlyRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not may_be_loaded(found):
        raise NotRepeatable
    file = KeptFile(found.file_name, Stored(found.stored, found.file_size, found.file_sha256))
    NightlyRun.objects.filter(pk=found.pk).update(stored="")
    dry_run = found.dry_run and found.status == RunStatus.FAILED
    return queue_night(upload=file, as_of=found.as_of, dry_run=dry_run, by=by)


def may_be_loaded(run: NightlyRun) -> bool:
    tried = run.dry_run and run.status == RunStatus.SUCCEEDED
    return bool(run.stored) and (tried or (run.status == RunStatus.FAILED and run.error_code == BROKEN_OFF))


@dataclass(frozen=True)
class KeptFile:
    """Stands in for an upload: what was sealed once is not sealed again."""

    name: str
    stored: Stored

    @property
    def size(self) -> int:
        return self.stored.size

    def take(self) -> Stored:
        return self.stored
