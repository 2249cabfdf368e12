"""However a night ends, the old day or the new one is there, and the next run completes it."""

from datetime import date
from functools import partial
from io import BytesIO
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from tellerdesk.files.storage import keep
from tests.core.processes import wait_until
from tests.factories import make_entity, make_staff
from tests.tiering.jobs.stopped_nights import held, kill_where_it_needs, somebody_waits_for, start, start_night
from tests.tiering.nights import aums_of, make_customers, rejects_of, run_lines
from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun, SnapshotDay, TierAssignment, TierMove, TierSummary
from tiering.services.nights import queue_night

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

DAY, NEXT = date(2026, 11, 19), date(2026, 11, 20)
A, B = "100001", "100002"


@pytest.fixture
def entity():
    entity = make_entity()
    make_customers(A, B)
    run_lines(entity, DAY, [f"{A},60000", f"{B},150000"])
    return entity


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "snapshot.csv"
    path.write_text(f"customer_number,aum\n{A},250000\n{B},40000\n999999,1\n", encoding="utf-8")
    return path


def standing():
    return {
        "tiers": dict(TierAssignment.objects.values_list("customer__customer_number", "tier")),
        "moves": TierMove.objects.count(),
        "days": list(SnapshotDay.objects.order_by("as_of").values_list("as_of", flat=True)),
        "summed": sorted(TierSummary.objects.values_list("as_of", "tier", "customers")),
    }


OLD = {"tiers": {A: 2, B: 3}, "moves": 2, "days": [DAY], "summed": [(DAY, 2, 1), (DAY, 3, 1)]}
NEW = {
    "tiers": {A: 4, B: 0},
    "moves": 4,
    "days": [DAY, NEXT],
    "summed": [*OLD["summed"], (NEXT, 4, 1)],
}
# In the order in which a night first needs them: reading, loading, tiers, owners, sums, its event.
TABLES = (
    "tiering_productcategory",
    "customers_customer",
    "tiering_snapshotday",
    "tiering_tierassignment",
    "tiering_tiermove",
    "staff_posting",
    "tiering_tiersummary",
    "audit_auditevent",
)


def summed(found: dict) -> dict:
    """Rows of the summary that count somebody."""
    return found | {"summed": [row for row in found["summed"] if row[2]]}


@pytest.mark.parametrize("table", TABLES)
def test_a_killed_night_leaves_the_old_day_and_the_next_run_completes_it(entity, file, table):
    with held(table):
        kill_where_it_needs(table, start_night(file))
    assert summed(standing()) == OLD
    output, errors = (again := start_night(file)).communicate(timeout=120)
    assert again.returncode == 0, errors
    assert "accepted 2, rejected 1" in output
    assert summed(standing()) == NEW
    killed, done = NightlyRun.objects.order_by("-pk")[:2][::-1]
    assert (killed.status, killed.error_code, done.status) == ("failed", "broken_off", "succeeded")


@pytest.mark.parametrize("table", ["customers_customer", "audit_auditevent"])
def test_a_night_whose_worker_was_killed_is_begun_again_by_the_next(entity, file, table):
    run = queue(file)
    with held(table):
        worker = start("worker", "--interval", "0.1")
        wait_until(lambda: status(run) == "running")  # what the worker does of itself may wait for the table as well
        kill_where_it_needs(table, worker)
    assert (summed(standing()), status(run)) == (OLD, "running")
    output, errors = (second := start("worker", "--batch")).communicate(timeout=120)
    assert second.returncode == 0, errors
    assert (summed(standing()), status(run)) == (NEW, "succeeded")


def test_a_night_that_is_over_is_not_done_again(entity, file):
    run = queue(file)
    run_night(run.pk)
    before = standing()
    again = run_night(run.pk)
    assert (again.status, again.stored, standing()) == ("succeeded", "", before)


def test_a_night_that_loses_its_database_begins_again(entity, monkeypatch):
    monkeypatch.setattr("tiering.jobs.nightly.PAUSES", (0.1, 0.1))
    found = []
    with held("customers_customer"):
        thread = Thread(target=lambda: found.append(night_in_a_thread(entity)))
        thread.start()
        wait_until(lambda: somebody_waits_for("customers_customer"))
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted"
                " AND relation = 'customers_customer'::regclass"
            )
    thread.join(60)
    assert [run.status for run in found] == ["succeeded"]
    assert aums_of(entity, NEXT) == {A: 700}


def night_in_a_thread(entity):
    try:
        return run_lines(entity, NEXT, [f"{A},7"])
    finally:
        connections.close_all()


def test_a_night_that_loses_a_lane_while_it_reads_begins_again(entity, monkeypatch):
    monkeypatch.setattr("tiering.jobs.nightly.PAUSES", (0.1, 0.1))
    ended = []

    class EndsLanes(BytesIO):
        def read(self, size=-1):
            if not ended:
                ended.extend(end_lanes())
            return super().read(size)

    run = NightlyRun.objects.create(legal_entity=entity, as_of=NEXT, file_name="snapshot.csv")
    data = f"customer_number,aum\n{A},7\n{B},x\n".encode()
    run = run_night(run.pk, source=partial(EndsLanes, data))
    assert (bool(ended), run.status) == (True, "succeeded")
    assert (rejects_of(run), aums_of(entity, NEXT)) == ([(3, "not_a_number")], {A: 700})


def end_lanes() -> list:
    """Those that have connected, by the last that they asked for; on a connection of its own."""
    connection = connections["owner"].copy()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query = 'SET synchronous_commit = off'"
            )
            return cursor.fetchall()
    finally:
        connection.close()


def test_a_second_night_waits_and_says_so(entity, file):
    with held("customers_customer"):
        first = start_night(file)
        wait_until(lambda: somebody_waits_for("customers_customer"))
        second = start_night(file)
        wait_until(lambda: NightlyRun.objects.filter(status="queued", heartbeat_at__isnull=False).exists())
    outcomes = [night.communicate(timeout=120) for night in (first, second)]
    assert [night.returncode for night in (first, second)] == [0, 0], outcomes
    assert outcomes[1][1].splitlines()[0] == "本法人的另一批处理正在进行，等待中"
    assert "changed 2" in outcomes[0][0]
    assert "changed 0" in outcomes[1][0]
    assert summed(standing()) == NEW


def test_nights_of_two_legal_entities_do_not_wait_for_each_other(entity):
    other = make_entity("LX", "临溪农村信用社")
    make_customers(A, entity=other)
    found = []
    with held_lock(entity):
        thread = Thread(target=lambda: found.append(night_in_a_thread(other)))
        thread.start()
        thread.join(60)
    assert [run.status for run in found] == ["succeeded"]


def held_lock(entity):
    """The lock of that entity's night, on a connection of its own."""
    connection = connections["owner"].copy()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7310004, %s)", [entity.pk])

    class Held:
        def __enter__(self):
            return self

        def __exit__(self, *problem):
            connection.close()

    return Held()


def test_a_fault_leaves_nothing_and_keeps_the_file_for_another_try(entity, file):
    run = queue(file)
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_blocker (); ALTER TABLE tiering_tiersummary RENAME TO hidden")
    try:
        with pytest.raises(Exception, match="tiering_tiersummary"):
            run_night(run.pk)
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TABLE bench_blocker; ALTER TABLE hidden RENAME TO tiering_tiersummary")
    run.refresh_from_db()
    assert (run.status, run.error_code, bool(run.stored), run.rejects_stored) == ("failed", "broken_off", True, "")
    assert summed(standing()) == OLD


def test_a_stored_file_that_is_gone_is_said_to_be_gone(entity):
    run = NightlyRun.objects.create(legal_entity=entity, as_of=NEXT, file_name="x.csv", stored="0" * 32)
    assert (run_night(run.pk).error_code, run_night(run.pk).status) == ("file_gone", "failed")


def queue(file):
    head = make_staff("head", position="head_office", branch=make_entity().branch_set.get(code="000"))
    return queue_night(upload=Upload(file), as_of=NEXT, dry_run=False, by=head)


class Upload(SimpleUploadedFile):
    """As files.uploads hands it over."""

    def __init__(self, file):
        super().__init__(file.name, file.read_bytes())

    def take(self):
        return keep([self.read()])


def status(run) -> str:
    return NightlyRun.objects.get(pk=run.pk).status
