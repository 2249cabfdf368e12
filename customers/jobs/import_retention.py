"""What is kept of customer imports, and for how long; run by the owner at the end of every import."""

from datetime import timedelta

from django.db import connections
from django.utils import timezone

from customers.jobs import import_sql as statements
from customers.models import CustomerImport
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.storage import forget, forget_drafts

# The upload of a dry run waits to be imported, rejected lines to be corrected; both lie there sealed.
KEPT_UPLOADS, KEPT_REJECTS = timedelta(days=7), timedelta(days=30)


def forget_old_files() -> None:
    """Of all legal entities. The counts by code stay, line by line nothing does."""
    now, runs = timezone.now(), CustomerImport.objects.using(OWNER)
    for run in runs.holding_a_file_since_before(now - KEPT_UPLOADS):
        forget(run.stored)
        runs.filter(pk=run.pk).update(stored="")
    for run in runs.holding_rejects_since_before(now - KEPT_REJECTS):
        forget(run.rejects_stored)
        with connections[OWNER].cursor() as cursor:
            cursor.execute(statements.FORGET_REJECTS, [run.pk])
        runs.filter(pk=run.pk).update(rejects_stored="")
    forget_drafts()
