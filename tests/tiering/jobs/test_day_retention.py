"""Old days go by the bank's own settings, a table at a time: what they were added up to stays, and the pages say so."""

import io
from datetime import date, timedelta

import pytest
from django.db import connections

from tellerdesk.audit.models import AuditEvent
from tellerdesk.files.turns import alone
from tellerdesk.keeping import keep_house
from tellerdesk.limits.models import LimitChange
from tests.factories import make_entity, make_staff, sign_in
from tests.tiering.bank import DAY, DAYS, MONTH_END, QUARTER_END, TODAY, make_bank
from tests.tiering.nights import aums_of, make_customers, run_lines
from tiering.jobs.day_retention import forget_old_days
from tiering.jobs.night import LOCK_SPACE
from tiering.models import NightlyRun, SnapshotDay, TierSummary

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
OLD = date(2026, 5, 12)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    """Three nights, and an ordinary day of half a year before, filled in behind them."""
    found = make_bank()
    keep_for(found.entity, days=100, months=4)
    run_lines(found.entity, OLD, [f"{number},80000" for number in found.customers.values()])
    run_lines(found.entity, date(2026, 5, 13), [f"{number},80000" for number in found.customers.values()])
    return found


def keep_for(entity, *, days: int, months: int) -> None:
    maker, checker = make_staff(), make_staff()
    for name, value in (("kept_snapshot_days", days), ("kept_month_end_months", months)):
        LimitChange.objects.create(
            legal_entity=entity, name=name, before=0, after=value, reason="x", status="applied",
            maker=maker, checker=checker,
        )  # fmt: skip


def tables() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relispartition")
        return {name for (name,) in cursor.fetchall()}


def test_lines_go_sums_stay_and_the_event_says_so(bank):
    before = tables()
    sums = TierSummary.objects.filter(as_of=OLD).count()
    forget_old_days()
    day = SnapshotDay.objects.get(as_of=OLD)
    assert before - tables() == {day.table_name}
    assert day.dropped_on == TODAY
    assert aums_of(bank.entity, OLD) == {}
    assert TierSummary.objects.filter(as_of=OLD).count() == sums > 0
    event = AuditEvent.objects.get(action="tiering.day_forgotten")
    assert event.detail == {"as_of": "2026-05-12", "lines": len(bank.customers)}
    assert event.actor == "system"


def test_ends_of_quarters_and_what_the_board_compares_with_stay(bank):
    forget_old_days()
    kept = set(SnapshotDay.objects.kept().values_list("as_of", flat=True))
    assert kept == {*DAYS, date(2026, 5, 13)}  # the last one loaded of its quarter
    for day in (QUARTER_END, MONTH_END, DAY):
        assert aums_of(bank.entity, day)


def test_a_second_time_and_a_longer_term_take_nothing(bank):
    keep_for(bank.entity, days=3000, months=4)
    forget_old_days()
    assert SnapshotDay.objects.exclude(dropped_on=None).count() == 0
    keep_for(bank.entity, days=100, months=4)
    forget_old_days()
    forget_old_days()
    assert AuditEvent.objects.filter(action="tiering.day_forgotten").count() == 1


def test_another_bank_keeps_what_its_own_settings_say(bank):
    other = make_entity("EE")
    numbers = make_customers("90000001", entity=other)
    for day in (OLD, OLD + timedelta(days=1), DAY):
        run_lines(other, day, [f"{numbers[0]},80000"])
    forget_old_days()
    assert SnapshotDay.objects.exclude(dropped_on=None).get().legal_entity == bank.entity


def test_while_a_night_runs_nothing_goes_and_the_worker_s_housekeeping_does_it_later(bank):
    elsewhere = connections["owner"].copy()
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, bank.entity.pk])
        forget_old_days()
        assert SnapshotDay.objects.exclude(dropped_on=None).count() == 0
    finally:
        elsewhere.close()
    keep_house()
    assert SnapshotDay.objects.exclude(dropped_on=None).count() == 1
    with alone(LOCK_SPACE, bank.entity.pk) as ours:
        assert ours


def test_somebody_who_reads_the_day_for_long_keeps_it_until_the_next_time(bank):
    table = SnapshotDay.objects.get(as_of=OLD).table_name
    elsewhere = connections["owner"].copy()
    try:
        elsewhere.set_autocommit(False)
        with elsewhere.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        forget_old_days()
        assert table in tables()
        assert SnapshotDay.objects.get(as_of=OLD).dropped_on is None
    finally:
        elsewhere.close()
    forget_old_days()
    assert table not in tables()


def test_a_file_for_a_day_that_is_gone_is_refused(bank):
    """A few corrected lines would stand for the whole day."""
    forget_old_days()
    client = sign_in(bank.staff["headoffice"])
    answer = client.post("/tiering/runs/", {"as_of": "2026-05-12", "file": upload()})
    assert "已不再保留" in answer.content.decode()
    answer = client.post("/api/v1/tiering/snapshots/", {"as_of": "2026-05-12", "file": upload()})
    assert answer.status_code == 400
    assert answer.json()["errors"]["as_of"][0]["code"] == "day_not_kept"
    run = run_lines(bank.entity, OLD, [f"{next(iter(bank.customers.values()))},80000"])
    assert (run.status, run.error_code) == ("failed", "day_not_kept")
    assert NightlyRun.objects.filter(as_of=OLD).count() == 2
    assert SnapshotDay.objects.get(as_of=OLD).dropped_on


def upload():
    file = io.BytesIO(b"customer_number,aum\n1,2\n")
    file.name = "snapshot.csv"
    return file


def test_one_s_own_customers_of_a_day_that_is_gone_are_said_to_be_unknown(bank):
    forget_old_days()
    words = "只保留汇总"
    own, whole = sign_in(bank.staff["teller"]), sign_in(bank.staff["headoffice"])
    assert words in own.get("/tiering/?as_of=2026-05-12").content.decode()
    assert words not in own.get("/tiering/").content.decode()
    assert words not in whole.get("/tiering/?as_of=2026-05-12").content.decode()
    assert own.get("/api/v1/tiering/dashboard/?as_of=2026-05-12").json()["lines_kept"] is False
    assert own.get("/api/v1/tiering/dashboard/").json()["lines_kept"] is True
