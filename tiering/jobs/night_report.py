"""What a run says of itself, from start to end: its row, its rejects, its event in the audit."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from tellerdesk.audit.services import record
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.rejects import write_refusal
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.storage import forget
from tellerdesk.staff.system import System
from tiering.enums import NightStep
from tiering.models import NightlyRun
from tiering.selectors.runs import BROKEN_OFF


def start(run: NightlyRun) -> None:
    """In the lock."""
    now = timezone.now()
    give_up_killed(run)
    _update(
        run,
        status=RunStatus.RUNNING,
        step=NightStep.READ,
        progress=0,
        started_at=run.started_at or now,
        heartbeat_at=now,
    )


def give_up_killed(run: NightlyRun) -> None:
    """Of the command line, whose runs nobody takes up again: whatever is said to be running beside us was killed, and
    so was what waits in silence, for whoever waits speaks.
    """
    others = NightlyRun.objects.using(OWNER).filter(legal_entity=run.legal_entity_id, stored="").exclude(pk=run.pk)
    for other in others.filter(status__in=(RunStatus.QUEUED, RunStatus.RUNNING)).order_by("pk"):
        if other.status == RunStatus.RUNNING or other.is_silent:
            fail(other, BROKEN_OFF)


def succeed(run: NightlyRun, **columns) -> None:
    """In the night's transaction, with its event; a dry run, which leaves no trace but its row, after it."""
    _update(
        run,
        status=RunStatus.SUCCEEDED,
        step=NightStep.DONE,
        progress=100,
        finished_at=timezone.now(),
        **columns,
    )
    if not run.dry_run:
        names = ("as_of", "accepted", "rejected", "changed", "moved_up", "moved_down", "assigned", "file_sha256")
        detail = {name: getattr(run, name) for name in names}
        record("tiering.night_run", subject=run, by=actor_of(run), detail=detail, using=OWNER)


def refuse(run: NightlyRun, refusal: FileRefused) -> None:
    """The file as a whole: one reject, of its first line."""
    with override(language_of(run)):
        message = refusal.as_dict()["message"]
        rejects = write_refusal(code=refusal.code, message=message)
    told = {"rejected": 1, "rejects_by_code": {refusal.code: 1}, "rejects_stored": rejects}
    fail(run, refusal.code, detail=refusal.context, **told)


def fail(run: NightlyRun, code: str, *, detail: dict | None = None, **columns) -> None:
    with transaction.atomic(using=OWNER):
        _update(
            run,
            status=RunStatus.FAILED,
            error_code=code,
            error_detail=detail or {},
            finished_at=timezone.now(),
            **columns,
        )
        told = {"as_of": run.as_of, "error": code, "file_sha256": run.file_sha256}
        record("tiering.night_failed", subject=run, by=actor_of(run), detail=told, using=OWNER)


def give_up(run_id: int, code: str) -> None:
    """On a fresh connection: a fault of the database that does not pass. What was over before it stays as it was."""
    run = NightlyRun.objects.using(OWNER).get(pk=run_id)
    if not run.is_over:
        fail(run, code)


def tidy(run: NightlyRun) -> None:
    """The file of a dry run waits to be loaded for real, that of a broken-off run to be loaded again."""
    waits = (run.dry_run and run.status == RunStatus.SUCCEEDED) or run.error_code == BROKEN_OFF
    if run.stored and not waits:
        forget(run.stored)
        _update(run, stored="")


def actor_of(run: NightlyRun):
    return run.started_by or System(run.legal_entity)


def language_of(run: NightlyRun) -> str:
    return run.started_by.language if run.started_by else settings.LANGUAGE_CODE


def _update(run: NightlyRun, **columns) -> None:
    NightlyRun.objects.using(OWNER).filter(pk=run.pk).update(**columns)
    for name, value in columns.items():
        setattr(run, name, value)
