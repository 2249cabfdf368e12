"""A file on its way through a background job: what every import and every night keeps of itself."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import connections, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENT_AFTER = timedelta(minutes=2)


class RunStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")


class FileRun(models.Model):
    """`stored` and `rejects_stored` name files of files.storage; empty where nothing is kept (any more).

    Counts are lines of the file: `accepted` valid ones, `changed` those of them that changed something, `rejected` the
    rest; `rejects_by_code` says how many for each code. `error_code` is set where the file was refused as a whole.
    `started_by` is null for the command line.
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    file_sha256 = models.CharField(max_length=64, blank=True)
    stored = models.CharField(max_length=200, blank=True)
    dry_run = models.BooleanField(default=False)

    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.QUEUED)
    step = models.CharField(max_length=20, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    rejects_stored = models.CharField(max_length=200, blank=True)
    rejects_by_code = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.JSONField(default=dict)

    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.status in (RunStatus.SUCCEEDED, RunStatus.FAILED)

    @property
    def is_silent(self) -> bool:
        """Not over, and nothing was heard of it for a while: no worker may be at it."""
        heard = self.heartbeat_at or self.started_at or self.queued_at
        return not self.is_over and timezone.now() - heard > SILENT_AFTER

    @property
    def seconds(self) -> float | None:
        """From start to end, or to now while it runs."""
        if self.started_at is None:
            return None
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()


class Progress:
    """Tells step, percent and heartbeat of a run on the application's connection, outside the job's transaction.

    Twice a second at most, a new step always. Never waits, for the disk as little as for a lock: while somebody holds
    the run's row, nothing is told.
    """

    EVERY = 0.5

    def __init__(self, run: FileRun, *, using: str = "default"):
        self.manager = type(run)._base_manager.using(using)
        self.pk = run.pk
        self.step = ""
        self.told_at = 0.0

    def tell(self, step: str, done: float = 0, total: float = 1) -> None:
        """`done` of `total` in whatever unit; a total of 0 is done."""
        now = time.monotonic()
        if step == self.step and now - self.told_at < self.EVERY:
            return
        self.step, self.told_at = step, now
        percent = min(int(100 * done / total), 100) if total else 100
        self._update(step=step, progress=percent, heartbeat_at=timezone.now())

    def _update(self, **columns) -> None:
        free = self.manager.filter(pk=self.pk).select_for_update(skip_locked=True, no_key=True, of=("self",))
        with transaction.atomic(using=self.manager.db), connections[self.manager.db].cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")
            if free.values_list("pk", flat=True).first() is not None:
                self.manager.filter(pk=self.pk).update(**columns)
