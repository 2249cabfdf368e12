"""批处理, the night: a file of one day, from its lines to tiers, owners and sums.

Safe to begin again after any end: what is read in before is staging, and everything else, the run's own row included,
is one transaction of the owner.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import BinaryIO

from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction

from customers.jobs.file_retention import forget_files_of
from tellerdesk.core.business_date import today
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.errors import FileRefused, StoredFileBroken
from tellerdesk.files.storage import forget, open_stored
from tellerdesk.files.turns import alone
from tiering.enums import NightStep
from tiering.jobs import night_report, partitions, planning, staging
from tiering.jobs.assessed_days import keep_end_of_quarter
from tiering.jobs.assign_owners import assign_owners
from tiering.jobs.assign_tiers import assign_tiers
from tiering.jobs.load_snapshot import Loaded, Staged, load
from tiering.jobs.night import LOCK_SPACE, Night, say_nothing
from tiering.jobs.night_progress import NightProgress
from tiering.jobs.reading import read
from tiering.jobs.rejected_lines import write_rejects
from tiering.jobs.snapshot_file import category_bits, open_snapshot
from tiering.jobs.summarise import summarise
from tiering.jobs.taken_back import take_back_owners
from tiering.jobs.upgrade_cases import open_upgrade_cases
from tiering.models import NightlyRun, SnapshotDay
from tiering.selectors.policies import as_rules, policy_row
from tiering.selectors.runs import BROKEN_OFF

FILE_GONE, DAY_GONE = "file_gone", "day_not_kept"
# Seconds before a night that lost its database, or was chosen to end a deadlock, begins again.
PAUSES = (1, 2, 4, 8, 15)
LOST = (OperationalError, InterfaceError)

Source = Callable[[], BinaryIO]


class DayNotKept(Exception):
    """The day's lines had their time since the file was sent: a few of them would stand for the whole day."""


def run_night(
    run_id: int,
    source: Source | None = None,
    progress: Callable[[str, int], None] = say_nothing,
    *,
    on: date | None = None,
) -> NightlyRun:
    """Carries the run to its end; nothing where it is over already. `source` opens a file that is not stored.

    `on` is the business date on which it runs, where a night of the past is lived through again: owners are dealt among
    those who were there.
    """
    pauses = list(PAUSES)
    while True:
        try:
            return _attempt(run_id, source, progress, on)
        except LOST as fault:
            connections[OWNER].close()
            connections["default"].close()
            if not (pauses and is_passing(fault)):
                night_report.give_up(run_id, BROKEN_OFF)
                raise
        time.sleep(pauses.pop(0))


def is_passing(fault: Exception) -> bool:
    """A lost connection, a server that restarts, a deadlock; not a full disk, a cancelled statement, a lock's time."""
    code = getattr(fault.__cause__, "pgcode", None)
    return code is None or code.startswith(("08", "40", "57P0"))


def _attempt(run_id: int, source: Source | None, look_on: Callable[[str, int], None], on: date | None) -> NightlyRun:
    run = NightlyRun.objects.using(OWNER).get(pk=run_id)
    progress = NightProgress(run, look_on)
    with alone(LOCK_SPACE, run.legal_entity_id, waiting=progress.wait):
        run.refresh_from_db()
        if not run.is_over:
            night_report.start(run)
            _carry_out(run, source or partial(open_stored, run.stored), progress, on or today())
            keep_end_of_quarter(run)
        night_report.tidy(run)
        forget_files_of(NightlyRun)
    return run


def _carry_out(run: NightlyRun, source: Source, progress: NightProgress, on: date) -> None:
    try:
        _load_and_assign(run, _stage(run, source, progress), progress, on)
    except FileRefused as refusal:
        night_report.refuse(run, refusal)
    except StoredFileBroken:
        night_report.fail(run, FILE_GONE)
    except DayNotKept:
        night_report.fail(run, DAY_GONE)
    except LOST:
        raise
    except Exception:
        night_report.fail(run, BROKEN_OFF)
        raise
    finally:
        with suppress(DatabaseError, InterfaceError), connections[OWNER].cursor() as cursor:
            staging.drop(cursor, run.legal_entity_id)


def _stage(run: NightlyRun, source: Source, progress: NightProgress) -> Staged:
    """Committed as it goes, outside of the night's transaction: none of it is a day yet."""

    def tell(done: int) -> None:
        progress.tell(NightStep.READ, min(100 * done // max(run.file_size, 1), 99))

    with progress.step(NightStep.READ):
        table = open_snapshot(source)
        place = staging.Staging(run.legal_entity_id, tuple(table.layout))
        with connections[OWNER].cursor() as cursor:
            staging.make(cursor, place)
            partitions.make_entity_table(cursor, run.legal_entity_id)
        categories = category_bits(_policy_of(run).pk)
        return Staged(place, table, categories, read(place, table, categories, tell))


def _load_and_assign(run: NightlyRun, staged: Staged, progress: NightProgress, on: date) -> None:
    """All of it or nothing; a dry run does all of it, and then nothing has been.

    Whether a night that lost its connection was committed nobody knows: its rejects stay, and a sweep decides.
    """
    rejects = ""
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            planning.prepare(cursor)
            night = _night_of(run, progress, on)
            with progress.step(NightStep.LOAD):
                loaded = load(cursor, night, staged)
                rejects = _write_rejects(cursor, run, staged, loaded)
            found = _counts(loaded) | {"rejects_stored": rejects, "policy_version": night.policy.version}
            if loaded.accepted:
                found |= _assign(cursor, night, progress)
            found["seconds_by_step"] = progress.seconds
            if run.dry_run:
                transaction.set_rollback(True, using=OWNER)
            else:
                night_report.succeed(run, **found)
    except LOST:
        raise
    except BaseException:
        forget(rejects)
        raise
    if run.dry_run:
        night_report.succeed(run, **found)


def _night_of(run: NightlyRun, progress: NightProgress, on: date) -> Night:
    row = _policy_of(run)
    newest = SnapshotDay.objects.using(OWNER).filter(legal_entity=run.legal_entity_id).standing().order_by("-as_of")
    day = newest.values_list("as_of", flat=True).first()
    return Night(
        run_id=run.pk,
        legal_entity_id=run.legal_entity_id,
        as_of=run.as_of,
        policy=as_rules(row),
        policy_id=row.pk,
        table=partitions.day_table(run.legal_entity_id, run.as_of),
        moves_standing=day is None or day <= run.as_of,
        today=on,
        progress=progress.tell,
    )


def _policy_of(run: NightlyRun):
    """A day keeps the version that its first file met. Raises DayNotKept."""
    days = SnapshotDay.objects.using(OWNER).select_related("policy")
    day = days.filter(legal_entity=run.legal_entity_id, as_of=run.as_of).first()
    if day and day.dropped_on:
        raise DayNotKept
    return day.policy if day else policy_row(run.legal_entity_id, run.as_of)


def _write_rejects(cursor, run: NightlyRun, staged: Staged, loaded: Loaded) -> str:
    if not loaded.rejected:
        return ""
    return write_rejects(cursor, staged.staging, staged.table, language=night_report.language_of(run))


def _counts(loaded: Loaded) -> dict:
    return {
        "rows": loaded.accepted + loaded.rejected,
        "accepted": loaded.accepted,
        "rejected": loaded.rejected,
        "changed": loaded.changed,
        "rejects_by_code": loaded.rejects_by_code,
    }


def _assign(cursor, night: Night, progress: NightProgress) -> dict:
    with progress.step(NightStep.TIERS):
        tiers = assign_tiers(cursor, night)
    with progress.step(NightStep.OWNERS):
        take_back_owners(cursor, night)
        owners = assign_owners(cursor, night)
        open_upgrade_cases(cursor, night)
    with progress.step(NightStep.SUMMARY):
        summary = summarise(cursor, night)
    return {
        "moved_standing": night.moves_standing,
        "missing": tiers.missing,
        "moved_up": tiers.moved_up,
        "moved_down": tiers.moved_down,
        "assigned": owners.assigned,
        "unowned": owners.unowned,
        "tiers": summary.tiers,
    }
