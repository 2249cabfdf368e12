"""How long files of runs stay, and what removes those that nobody needs or knows any more."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.files.runs import FileRun
from tellerdesk.files.storage import forget, forget_drafts, open_stored, stored_before
from tellerdesk.vault.errors import MasterKeyWrong

# The upload of a dry run waits to be taken over, that of a broken-off one to be taken up again; rejected lines wait to
# be corrected. All of them lie there sealed.
KEPT_UPLOADS, KEPT_REJECTS = timedelta(days=7), timedelta(days=30)
# A file stands on the disk before the row that names it is committed: younger ones may still get theirs.
KEPT_UNKNOWN = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    uploads: timedelta = KEPT_UPLOADS
    rejects: timedelta = KEPT_REJECTS


STANDARD = Kept()


def forget_old_files(kind: type[FileRun], *, kept: Kept = STANDARD, legal_entity_id: int | None = None) -> None:
    """Of all legal entities unless one is named; the same however often it runs. Counts and codes stay."""
    now, over = timezone.now(), kind._base_manager.using(OWNER).exclude(finished_at=None)
    if legal_entity_id:
        over = over.filter(legal_entity_id=legal_entity_id)
    _forget(over.filter(finished_at__lt=now - kept.uploads), "stored")
    _forget(over.filter(finished_at__lt=now - kept.rejects), "rejects_stored")
    forget_drafts()


def sweep(*, older_than: timedelta = KEPT_UNKNOWN) -> int:
    """Removes what killed processes left: files that no run of any kind names. How many there were.

    Those that our keys do not open belong to another database that shares the folder, and stay.
    """
    forget_drafts()
    old = stored_before(time.time() - older_than.total_seconds())
    orphans = [name for name in old - names_in_use() if _is_ours(name)]
    for name in orphans:
        forget(name)
    return len(orphans)


def names_in_use() -> set[str]:
    names: set[str] = set()
    for kind in FileRun.__subclasses__():
        for pair in kind._base_manager.using(OWNER).values_list("stored", "rejects_stored").iterator():
            names.update(pair)
    return names


def _forget(runs, column: str) -> None:
    for run in runs.exclude(**{column: ""}).only("pk", column):
        forget(getattr(run, column))
        runs.model._base_manager.using(OWNER).filter(pk=run.pk).update(**{column: ""})


def _is_ours(name: str) -> bool:
    try:
        with open_stored(name) as file:
            file.read(1)
    except (StoredFileBroken, MasterKeyWrong, ObjectDoesNotExist):
        return False
    return True
