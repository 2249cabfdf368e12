"""A snapshot file that somebody sent goes into the queue of the night."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tiering.messages import DAY_NOT_KEPT
from tiering.models import NightlyRun, SnapshotDay
from tiering.tasks import night

FUTURE = _("This day has not come yet.")


@transaction.atomic
def queue_night(*, upload, as_of: date, dry_run: bool, by) -> NightlyRun:
    """`upload` is a files.uploads.SealedUpload, or what stands in for one: name, take().

    Raises FieldErrors (as_of: future, day_not_kept) and FileRefused (empty, too large).
    """
    check_day(as_of)
    check_kept(as_of, by.legal_entity_id)
    stored = upload.take()
    run = NightlyRun.objects.create(
        legal_entity=by.legal_entity,
        started_by=by,
        as_of=as_of,
        file_name=upload.name[:255],
        file_size=stored.size,
        file_sha256=stored.sha256,
        stored=stored.name,
        dry_run=dry_run,
    )
    night.enqueue(run.pk)
    detail = {"as_of": as_of, "size": stored.size, "file_sha256": stored.sha256, "dry_run": dry_run}
    record("tiering.snapshot_queued", subject=run, by=by, detail=detail)
    return run


def check_day(as_of: date) -> None:
    """Raises FieldErrors: as_of future."""
    if as_of > today():
        raise FieldErrors({"as_of": [("future", FUTURE)]})


def check_kept(as_of: date, legal_entity_id: int) -> None:
    """Raises FieldErrors: as_of day_not_kept. The night itself looks again, where it is alone with the days."""
    days = SnapshotDay.objects.filter(legal_entity=legal_entity_id, as_of=as_of)
    if days.exclude(dropped_on=None).exists():
        raise FieldErrors({"as_of": [("day_not_kept", DAY_NOT_KEPT)]})
