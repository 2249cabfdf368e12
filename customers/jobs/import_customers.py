"""客户导入: a file of customers into the tables, in chunks that are each whole or not there.

Safe to run twice and after any end: one import of a legal entity at a time by a lock of the session, every chunk
commits with its checkpoint, and what is over stays over.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import partial

from django.db import InterfaceError, OperationalError, connections, transaction
from django.utils import timezone
from django.utils.translation import override

from customers.import_messages import failure_message
from customers.jobs import import_sql as statements
from customers.jobs.import_chunk import newest_serial, prepare_staging, reserve_serials, store
from customers.jobs.import_reading import Chunk, chunks, count_lines, numbers_given, open_file
from customers.jobs.import_rejects import write_rejects
from customers.jobs.import_retention import forget_old_imports
from customers.jobs.import_rows import Checked, Setting, checked_of, greeting, question
from customers.jobs.import_sessions import Sessions
from customers.models import CustomerImport, ImportReject
from customers.models.customer_import import INTERRUPTED
from customers.rules.customer_number import serial_of
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.database_roles import OWNER
from tellerdesk.core.side_processes import SideProcesses
from tellerdesk.files.errors import FileRefused, StoredFileBroken
from tellerdesk.files.rejects import write_refusal
from tellerdesk.files.runs import Progress, RunStatus
from tellerdesk.files.storage import forget
from tellerdesk.files.tables import Table
from tellerdesk.files.turns import alone
from tellerdesk.staff.models import Branch
from tellerdesk.vault.services import keyring

LOCK_SPACE = 7_310_003
FILE_GONE = "file_gone"


def wake_nobody(import_id: int) -> None:
    pass


def run_import(import_id: int, *, wake: Callable[[int], object] = wake_nobody) -> None:
    """Carries the import to its end, and wakes the next of the same legal entity, however this one ends.

    Nothing where another one of the entity is running: that one's end wakes this one.
    """
    run = CustomerImport.objects.using(OWNER).select_related("legal_entity", "branch", "started_by").get(pk=import_id)
    ours = False
    try:
        with alone(LOCK_SPACE, run.legal_entity_id) as ours:
            if ours:
                _in_turn(run)
    finally:
        if ours:
            waiting = CustomerImport.objects.waiting(run.legal_entity_id).exclude(pk=run.pk)
            for following in waiting.values_list("pk", flat=True)[:1]:
                wake(following)


def _in_turn(run: CustomerImport) -> None:
    run.refresh_from_db()
    if not run.is_over:
        _carry_out(run)
    _tidy(run)
    forget_old_imports()


def _carry_out(run: CustomerImport) -> None:
    try:
        _start(run)
        table = open_file(run.stored)
        _import(run, table, Progress(run))
        _succeed(run, table)
    except FileRefused as refusal:
        _refuse(run, refusal.code, refusal.context)
    except StoredFileBroken:
        _stop(run, FILE_GONE)
    except Exception:
        _stop(run, INTERRUPTED)
        raise


def _start(run: CustomerImport) -> None:
    """What was fixed at the first start stays; a dry run, which writes nothing, begins anew."""
    now = timezone.now()
    fixed = {"started_at": run.started_at or now, "opened_at": run.opened_at or now, "as_of": run.as_of or today()}
    anew = dict.fromkeys(("rows", "accepted", "rejected", "issued", "last_line"), 0) if run.dry_run else {}
    anew |= {"warnings": {}, "rejects_by_code": {}} if run.dry_run else {}
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        if run.dry_run:
            cursor.execute(statements.FORGET_REJECTS, [run.pk])
        _update(run, status=RunStatus.RUNNING, heartbeat_at=now, error_code="", finished_at=None, **fixed, **anew)


def _import(run: CustomerImport, table: Table, progress: Progress) -> None:
    progress.tell("counting")
    if not run.total_lines:
        _update(run, total_lines=count_lines(table))
    progress.tell("lines", run.last_line, run.total_lines)
    with (
        SideProcesses("customers.jobs.import_rows", greeting(_setting(run, table))) as processes,
        Sessions(partial(prepare_staging, run, _serials_given(run, table)), count=1 if run.dry_run else 2) as sessions,
    ):
        for chunk, checked in _checked(run, table, processes):
            store(run, chunk, checked, sessions)
            progress.tell("lines", run.last_line, run.total_lines)
    progress.tell("rejects", 1, 1)


def _serials_given(run: CustomerImport, table: Table) -> set[int]:
    """Of numbers that the file gives to somebody and that we would issue some day; a dry run issues none."""
    if run.dry_run:
        return set()
    newest = newest_serial()
    return {serial for number in numbers_given(table) if (serial := serial_of(number)) and serial > newest}


def _setting(run: CustomerImport, table: Table) -> Setting:
    branches = dict(Branch.objects.filter(legal_entity=run.legal_entity_id).values_list("code", "pk"))
    return Setting(table.names, branches, run.branch_id, keyring(), run.as_of)


def _checked(run: CustomerImport, table: Table, processes: SideProcesses) -> Iterator[tuple[Chunk, Checked]]:
    asked: deque[Chunk] = deque()

    def questions() -> Iterator[bytes]:
        for chunk in chunks(table, after=run.last_line):
            asked.append(chunk)
            yield question(chunk.handed_over(), reserve_serials(run, chunk.unnumbered))

    for message in processes.answers(questions()):
        yield asked.popleft(), checked_of(message)


def _succeed(run: CustomerImport, table: Table) -> None:
    """Whether an end that lost its connection was committed nobody knows: its rejects stay, and a sweep decides."""
    with override(run.started_by.language):
        rejects = write_rejects(run, table)
    try:
        _end(run, status=RunStatus.SUCCEEDED, progress=100, rejects_stored=rejects)
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        forget(rejects)
        raise


def _refuse(run: CustomerImport, code: str, detail: dict) -> None:
    """The file as a whole: one more reject, of its first line."""
    run.refresh_from_db()
    with override(run.started_by.language):
        rejects = write_refusal(code=code, message=failure_message(code, detail))
    line = {"customer_import_id": run.pk, "line": detail.get("line", 1), "code": code, "problems": f":{code}"}
    by_code = dict(Counter(run.rejects_by_code) + Counter([code]))
    counts = {"rejected": run.rejected + 1, "rejects_by_code": by_code, "rejects_stored": rejects}
    with transaction.atomic(using=OWNER):
        ImportReject.objects.using(OWNER).bulk_create([ImportReject(**line)], ignore_conflicts=True)
        _end(run, status=RunStatus.FAILED, error_code=code, error_detail=detail, **counts)


def _stop(run: CustomerImport, code: str) -> None:
    """What chunks have counted and committed stays."""
    run.refresh_from_db()
    _end(run, status=RunStatus.FAILED, error_code=code)


def _end(run: CustomerImport, **columns) -> None:
    with transaction.atomic(using=OWNER):
        _update(run, finished_at=timezone.now(), step="", **columns)
        _record_end(run)


def _record_end(run: CustomerImport) -> None:
    counts = {"accepted": run.accepted, "rejected": run.rejected, "error": run.error_code}
    action = {
        RunStatus.FAILED: "customers.import_failed",
        RunStatus.SUCCEEDED: "customers.import_checked" if run.dry_run else "customers.import_done",
    }[run.status]
    record(action, subject=run, by=run.started_by, detail=counts, using=OWNER)


def _tidy(run: CustomerImport) -> None:
    """The upload of a dry run waits for the import, that of a broken one to be taken up again; others are done with."""
    waits = (run.dry_run and run.status == RunStatus.SUCCEEDED) or run.error_code == INTERRUPTED
    if run.stored and not waits:
        forget(run.stored)
        _update(run, stored="")


def _update(run: CustomerImport, **columns) -> None:
    CustomerImport.objects.using(OWNER).filter(pk=run.pk).update(**columns)
    for name, value in columns.items():
        setattr(run, name, value)
