"""Around the lines of a customer import: its seals, its lock, its faults, and what happens beside it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from customers.errors import ImportNotPossible
from customers.jobs import import_chunk, import_customers, import_sessions
from customers.jobs.import_customers import LOCK_SPACE, run_import
from customers.jobs.import_retention import forget_old_imports
from customers.models import Customer, CustomerImport, ImportReject
from customers.selectors.imports import is_stuck, may_be_resumed
from customers.services import import_checked, resume_import
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import history_of
from tellerdesk.audit.verification import verify
from tellerdesk.files.errors import FileRefused, StoredFileBroken
from tellerdesk.files.rejects import read_rejects
from tellerdesk.files.runs import SILENT_AFTER
from tellerdesk.files.turns import alone
from tests.customers.import_files import counts, csv, head_office, imported, line, rejected, sent
from tests.factories import make_customer, make_resident_number, make_staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _surroundings(business_date, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def by():
    return head_office()


def test_the_audit_holds_every_customer_and_document(by):
    run = imported(csv(*(line() for _ in range(30)), line(name="")), by=by)
    verdict = verify()
    assert verdict.faults == []
    event = AuditEvent.objects.get(action="customers.imported")
    assert (event.actor, event.subject_id, event.detail["accepted"], event.detail["sealed"]) == (
        by.username, str(run.pk), 30, 60
    )  # fmt: skip
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))[-3:] == [
        "customers.import_sent",
        "customers.imported",
        "customers.import_done",
    ]


@pytest.mark.parametrize("column", ["customers_customer SET address", "customers_identitydocument SET number_masked"])
def test_a_change_behind_the_audits_back_is_seen(by, column):
    imported(csv(line()), by=by)
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE {column} = 'x'")
    assert [fault.kind for fault in verify().faults] == ["record_changed"]


def test_the_history_of_a_customer_tells_where_it_came_from(by):
    imported(csv(line(), line()), by=by)
    for customer in Customer.objects.all():
        assert [each.action for each in history_of("customers.customer", customer.pk)] == ["customers.imported"]


def test_what_a_counter_opens_in_the_same_moment_is_met_once_more(by, monkeypatch):
    """The chunk has found nobody; before it inserts, a teller opens one of its people."""
    number = make_resident_number()
    teller = make_staff()
    insert, opened = import_chunk.insert, []

    def late(cursor, run):
        if not opened:
            opened.append(make_customer(by=teller, number=number))
        insert(cursor, run)

    monkeypatch.setattr(import_chunk, "insert", late)
    run = imported(csv(line(number), line()), by=by)
    assert (counts(run), Customer.objects.count()) == (("succeeded", 2, 1, 1), 2)
    assert rejected(run) == [(2, "customer_exists", f"document_number:customer_exists:{opened[0].customer_number}")]


def test_one_import_of_an_entity_at_a_time(by):
    first, second = sent(csv(line()), by=by), sent(csv(line()), by=by)
    woken = []
    with alone_elsewhere(by.legal_entity_id):
        run_import(first.pk, wake=woken.append)
        assert (CustomerImport.objects.filter(status="queued").count(), woken) == (2, [])
    run_import(first.pk, wake=woken.append)
    assert woken == [second.pk]
    run_import(second.pk, wake=woken.append)
    assert (woken, Customer.objects.count()) == ([second.pk], 2)


@pytest.mark.parametrize("fails", ["_start", "_import", "_tidy", "forget_old_imports"])
def test_the_next_is_woken_though_this_one_failed(by, monkeypatch, fails):
    first, second = sent(csv(line()), by=by), sent(csv(line()), by=by)
    woken = []
    monkeypatch.setattr(import_customers, fails, broken)
    with pytest.raises(RuntimeError):
        run_import(first.pk, wake=woken.append)
    first.refresh_from_db()
    assert (woken, first.is_over) == ([second.pk], True)


def broken(*args):
    raise RuntimeError("a fault of ours")


def alone_elsewhere(entity):
    """The lock held by another session."""
    other = connections["owner"].copy()

    class Held:
        def __enter__(self):
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(7310003, %s)", [entity])

        def __exit__(self, *problem):
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(7310003, %s)", [entity])
            other.close()

    return Held()


def test_the_lock_is_let_go_at_the_end(by):
    imported(csv(line()), by=by)
    with alone(LOCK_SPACE, by.legal_entity_id) as ours:
        assert ours


def test_what_is_over_stays_over(by):
    run = imported(csv(line()), by=by)
    run_import(run.pk)
    assert (Customer.objects.count(), ImportReject.objects.count()) == (1, 0)


def test_a_fault_of_ours_leaves_what_is_in_and_may_be_taken_up_again(by, monkeypatch):
    monkeypatch.setattr("customers.jobs.import_reading.SIZE", 2)
    run = sent(csv(*(line() for _ in range(5)), line(name="")), by=by)
    store, stored = import_chunk._store, []

    def failing(run, chunk, checked):
        stored.append(chunk)
        if len(stored) == 2:
            raise RuntimeError("a fault of ours")
        return store(run, chunk, checked)

    monkeypatch.setattr(import_chunk, "_store", failing)
    with pytest.raises(RuntimeError, match="a fault of ours"):
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error_code, may_be_resumed(run), run.accepted) == ("failed", "interrupted", True, 2)
    run_import_again(run)
    assert (counts(run), run.error_code, Customer.objects.count()) == (("succeeded", 6, 5, 1), "", 5)
    assert rejected(run) == [(7, "required", "name:required")]
    assert verify().faults == []


def test_nothing_gets_in_behind_a_chunk_whose_commit_failed(by, monkeypatch):
    monkeypatch.setattr("customers.jobs.import_reading.SIZE", 1)
    run = sent(csv(*(line() for _ in range(4))), by=by)
    commit, commits = import_sessions._commit, []

    def failing(session):
        commits.append(session)
        if len(commits) == 2:
            session.rollback()
            session.set_autocommit(True)
            raise RuntimeError("the server went away")
        commit(session)

    monkeypatch.setattr(import_sessions, "_commit", failing)
    with pytest.raises(RuntimeError, match="the server went away"):
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.error_code, run.last_line, run.accepted, Customer.objects.count()) == ("interrupted", 2, 1, 1)
    run_import_again(run)
    assert (counts(run), Customer.objects.count(), verify().faults) == (("succeeded", 4, 4, 0), 4, [])


def run_import_again(run):
    run_import(resume_import(run=run, by=run.started_by).pk)
    run.refresh_from_db()


def test_the_file_of_a_dry_run_is_imported_once(by):
    dry = imported(csv(line()), by=by, dry_run=True)
    real = import_checked(checked=dry, by=by)
    with pytest.raises(ImportNotPossible):
        import_checked(checked=dry, by=by)
    run_import(real.pk)
    real.refresh_from_db()
    assert (counts(real), real.checked_by, Customer.objects.count()) == (("succeeded", 1, 1, 0), dry, 1)
    assert (real.file_sha256, real.file_name) == (dry.file_sha256, dry.file_name)


@pytest.mark.parametrize("content", [csv(line()), "no table\n"])
def test_nothing_but_a_good_dry_run_is_taken_over(by, content):
    run = imported(content, by=by, dry_run=content == "no table\n")
    with pytest.raises(ImportNotPossible):
        import_checked(checked=run, by=by)
    with pytest.raises(ImportNotPossible):
        resume_import(run=run, by=by)


def test_files_are_kept_for_a_while_only(by, tmp_path):
    dry = imported(csv(line(), line(name="")), by=by, dry_run=True)
    forget_old_imports()
    assert len(list((tmp_path / "uploads").iterdir())) == 2
    CustomerImport.objects.filter(pk=dry.pk).update(finished_at=dry.finished_at - timedelta(days=8))
    forget_old_imports()
    dry.refresh_from_db()
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [dry.rejects_stored]
    CustomerImport.objects.filter(pk=dry.pk).update(finished_at=dry.finished_at - timedelta(days=31))
    forget_old_imports()
    assert (list((tmp_path / "uploads").iterdir()), rejected(dry)) == ([], [])


def test_an_import_whose_upload_is_gone_is_not_taken_up_again(by, monkeypatch):
    run = interrupted(by, monkeypatch)
    CustomerImport.objects.filter(pk=run.pk).update(finished_at=run.finished_at - timedelta(days=8))
    forget_old_imports()
    run.refresh_from_db()
    assert (is_stuck(run), may_be_resumed(run)) == (True, False)
    with pytest.raises(ImportNotPossible):
        resume_import(run=run, by=by)


def test_what_was_taken_up_again_keeps_its_upload_while_it_waits(by, monkeypatch):
    run = interrupted(by, monkeypatch)
    CustomerImport.objects.filter(pk=run.pk).update(finished_at=run.finished_at - timedelta(days=8))
    resume_import(run=run, by=by)
    forget_old_imports()
    run.refresh_from_db()
    assert (run.status, run.stored != "") == ("queued", True)


def interrupted(by, monkeypatch) -> CustomerImport:
    """After the first of three lines."""
    monkeypatch.setattr("customers.jobs.import_reading.SIZE", 1)
    run = sent(csv(line(), line(name=""), line()), by=by)
    stopped_at(run, 2, RuntimeError("a fault of ours"), monkeypatch)
    return run


def stopped_at(run, place: int, fault: Exception, monkeypatch) -> None:
    """The place-th chunk meets the fault."""
    store, stored = import_customers.store, []

    def failing(*args):
        stored.append(args)
        if len(stored) == place:
            raise fault
        store(*args)

    with monkeypatch.context() as patch:
        patch.setattr(import_customers, "store", failing)
        try:
            run_import(run.pk)
        except RuntimeError:
            assert fault.args == ("a fault of ours",)
    run.refresh_from_db()


@pytest.mark.parametrize(
    ("fault", "code", "rejected_more"),
    [(StoredFileBroken("chunk 3"), "file_gone", 0), (FileRefused("too_large", megabytes=4096), "too_large", 1)],
)
def test_what_chunks_have_counted_stays_when_the_file_fails_behind_them(by, monkeypatch, fault, code, rejected_more):
    monkeypatch.setattr("customers.jobs.import_reading.SIZE", 1)
    run = sent(csv(line(), line(name=""), line(name=""), line()), by=by)
    stopped_at(run, 3, fault, monkeypatch)
    assert (run.status, run.error_code, run.rows, run.accepted, run.rejected) == (
        "failed", code, 2, 1, 1 + rejected_more
    )  # fmt: skip
    assert run.rejects_by_code == {"required": 1} | ({code: 1} if rejected_more else {})
    assert len(rejected(run)) == run.rejected


def test_a_run_nobody_speaks_of_any_more_is_stuck(by):
    run = sent(csv(line()), by=by)
    run.status, run.heartbeat_at = "running", timezone.now() - SILENT_AFTER * 0.9
    assert not is_stuck(run)
    run.heartbeat_at -= SILENT_AFTER * 0.2
    assert is_stuck(run)


def test_one_that_waits_for_nobody_is_stuck_too(by):
    run, other = sent(csv(line()), by=by), sent(csv(line()), by=by)
    assert not is_stuck(run)
    run.queued_at -= SILENT_AFTER * 1.1
    assert is_stuck(run)
    CustomerImport.objects.filter(pk=other.pk).update(status="running", heartbeat_at=timezone.now())
    assert not is_stuck(run)
    CustomerImport.objects.filter(pk=other.pk).update(heartbeat_at=timezone.now() - SILENT_AFTER * 1.1)
    assert is_stuck(run)


def test_one_of_another_entity_holds_nobody_up(by):
    run, other = sent(csv(line()), by=by), sent(csv(line()), by=head_office("NB"))
    run.queued_at -= SILENT_AFTER * 1.1
    CustomerImport.objects.filter(pk=other.pk).update(status="running", heartbeat_at=timezone.now())
    assert is_stuck(run)


@pytest.mark.parametrize("fault", [RuntimeError("a fault of ours"), OperationalError("connection lost")])
def test_rejects_go_with_an_end_that_failed_unless_it_may_have_been_committed(by, monkeypatch, tmp_path, fault):
    run = sent(csv(line(name="")), by=by)
    end, ends = import_customers._end, []

    def failing(run, **columns):
        ends.append(columns)
        if len(ends) == 1:
            raise fault
        end(run, **columns)

    monkeypatch.setattr(import_customers, "_end", failing)
    with pytest.raises(type(fault)):
        run_import(run.pk)
    run.refresh_from_db()
    left = {path.name for path in (tmp_path / "uploads").iterdir()} - {run.stored}
    assert left == ({ends[0]["rejects_stored"]} if isinstance(fault, OperationalError) else set())
    run_import_again(run)
    assert b"required" in b"".join(read_rejects(run.rejects_stored))
