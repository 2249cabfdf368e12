"""Files of nights do not stay for ever: what customers had is in the day tables, not in uploads."""

from datetime import timedelta

from django.utils import timezone

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.storage import forget, forget_drafts
from tiering.models import NightlyRun

# A dry run's file until it is loaded, a broken-off run's until it is loaded again; rejects until they are corrected.
KEPT_UPLOADS, KEPT_REJECTS = timedelta(days=7), timedelta(days=30)


def forget_old_files() -> None:
    """At the end of every night; the same however often it runs."""
    now = timezone.now()
    over = NightlyRun.objects.using(OWNER).exclude(finished_at=None)
    _forget(over.filter(finished_at__lt=now - KEPT_UPLOADS), "stored")
    _forget(over.filter(finished_at__lt=now - KEPT_REJECTS), "rejects_stored")
    forget_drafts()


def _forget(runs, column: str) -> None:
    for run in runs.exclude(**{column: ""}).only("pk", column):
        forget(getattr(run, column))
        NightlyRun.objects.using(OWNER).filter(pk=run.pk).update(**{column: ""})
