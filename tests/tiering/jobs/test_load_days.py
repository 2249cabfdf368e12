"""What a file does to its day, and a day to the standing tiers."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connections

from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_entity
from tests.tiering.nights import aums_of, lines_of, make_customers, reject_rows, rejects_of, run_lines
from tiering.enums import PolicyStatus
from tiering.jobs import staging
from tiering.models import NightlyRun, SnapshotDay, SnapshotLine, TierAssignment, TierMove, TierPolicy, TierSummary

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

DAY = date(2026, 11, 20)
A, B, C = "100001", "100002", "100003"


@pytest.fixture
def entity():
    entity = make_entity()
    make_customers(A, B, C)
    return entity


def tiers():
    return dict(TierAssignment.objects.values_list("customer__customer_number", "tier"))


def test_the_first_file_of_a_day(entity):
    run = run_lines(entity, DAY, [f"{A},250000", f"{B},12.50"])
    day = SnapshotDay.objects.get()
    assert (day.as_of, day.lines, day.moved_standing) == (DAY, 2, True)
    assert (run.policy_version, run.moved_standing, run.tiers["wealth_management"]) == (1, True, 1)
    assert list(run.seconds_by_step) == ["read", "load", "tiers", "owners", "summary"]
    assert tiers() == {A: 4}


def test_a_line_carries_branch_birth_date_and_tier(entity):
    run_lines(entity, DAY, [f"{A},60000"])
    line = lines_of(entity, DAY)[A]
    assert (line.branch_id, line.birth_date, line.tier, line.reasons) == (make_branch().pk, date(1985, 3, 12), 2, 1)


def test_a_later_file_adds_and_replaces_its_own_lines_alone(entity):
    run_lines(entity, DAY, [f"{A},250000", f"{B},12.50"])
    run = run_lines(entity, DAY, [f"{B},60000", f"{C},7", f"{C},8", "999999,1"])
    assert (run.accepted, run.changed, run.rejected) == (2, 2, 2)
    assert rejects_of(run) == [(4, "duplicate_line"), (5, "unknown_customer")]
    assert aums_of(entity, DAY) == {A: 25_000_000, B: 6_000_000, C: 700}
    assert (SnapshotDay.objects.get().lines, tiers()) == (3, {A: 4, B: 2})


def test_a_customer_sent_twice_in_a_file_too_large_to_look_at_whole(entity, monkeypatch):
    """One page in fifty is looked at for texts of products: of so few lines, mostly none."""
    monkeypatch.setattr("tiering.jobs.held_texts.MANY", 0)
    for after in range(5):
        run = run_lines(entity, DAY + timedelta(days=after), [f"{A},250000", f"{A},12.50", f"{B},7"])
        assert (run.accepted, rejects_of(run)) == (2, [(3, "duplicate_line")])
        assert aums_of(entity, run.as_of) == {A: 25_000_000, B: 700}


def test_the_same_file_twice_changes_nothing(entity):
    lines = [f"{A},250000,gold", f"{B},12.50,"]
    header = "customer_number,aum,card_level"
    run_lines(entity, DAY, lines, header=header)
    before = list(SnapshotLine.objects.order_by("customer_id").values())
    moves, summary = TierMove.objects.count(), list(TierSummary.objects.order_by("branch", "tier").values_list("aum"))
    run = run_lines(entity, DAY, lines, header=header)
    assert (run.accepted, run.changed, run.moved_up, run.moved_down) == (2, 0, 0, 0)
    assert list(SnapshotLine.objects.order_by("customer_id").values()) == before
    assert TierMove.objects.count() == moves
    assert list(TierSummary.objects.order_by("branch", "tier").values_list("aum")) == summary


def test_a_column_left_out_of_a_correction_is_empty(entity):
    run_lines(entity, DAY, [f"{A},1,gold"], header="customer_number,aum,card_level")
    run = run_lines(entity, DAY, [f"{A},1"])
    assert (run.changed, lines_of(entity, DAY)[A].card_level) == (1, 0)


def test_a_large_correction_is_merged_as_well(entity):
    numbers = make_customers(*(f"{200_000 + n}" for n in range(6000)))
    run_lines(entity, DAY, [f"{number},1" for number in numbers])
    run = run_lines(entity, DAY, [f"{number},{2 if place < 10 else 1}" for place, number in enumerate(numbers)])
    assert (run.accepted, run.changed) == (6000, 10)


def test_whoever_is_missing_on_the_newest_day_keeps_the_tier(entity):
    run_lines(entity, DAY, [f"{A},250000", f"{B},60000"])
    run = run_lines(entity, DAY + timedelta(days=1), [f"{B},70000"])
    assert (run.missing, run.moved_down) == (1, 0)
    assert tiers() == {A: 4, B: 2}
    assert TierAssignment.objects.get(customer__customer_number=A).aum == 25_000_000


def test_a_file_of_an_older_day_only_fills_that_day(entity):
    run_lines(entity, DAY, [f"{A},250000"])
    run = run_lines(entity, DAY - timedelta(days=1), [f"{A},1", f"{B},60000"])
    older = SnapshotDay.objects.get(as_of=DAY - timedelta(days=1))
    assert (run.moved_standing, older.moved_standing, older.lines) == (False, False, 2)
    assert (tiers(), TierMove.objects.count()) == ({A: 4}, 1)
    assert aums_of(entity, DAY - timedelta(days=1)) == {A: 100, B: 6_000_000}


def test_two_legal_entities_have_a_day_each(entity):
    other = make_entity("LX", "临溪农村信用社")
    make_customers(A, entity=other)
    run_lines(entity, DAY, [f"{A},250000"])
    run_lines(other, DAY, [f"{A},60000"])
    run_lines(other, DAY, [f"{A},70000"])
    assert (aums_of(entity, DAY), aums_of(other, DAY)) == ({A: 25_000_000}, {A: 7_000_000})
    assert SnapshotDay.objects.filter(as_of=DAY).count() == 2


def test_a_day_keeps_the_policy_that_its_first_file_met(entity):
    run_lines(entity, DAY, [f"{A},250000"])
    standard = TierPolicy.objects.get()
    bands, categories = list(standard.bands.all()), list(standard.categories.all())
    standard.pk, standard.version, standard.effective_from = None, 2, DAY - timedelta(days=1)
    standard.status = PolicyStatus.DRAFT
    standard.save(force_insert=True)
    for row in (*bands, *categories):
        row.pk, row.policy = None, standard
        row.save(force_insert=True)
    standard.status = PolicyStatus.APPROVED
    standard.save()
    assert run_lines(entity, DAY, [f"{B},250000"]).policy_version == 1
    assert run_lines(entity, DAY + timedelta(days=1), [f"{B},250000"]).policy_version == 2


def test_a_dry_run_counts_the_same_and_keeps_nothing(entity):
    lines = [f"{A},250000", f"{B},60000", f"{B},1", "999999,1", f"{C},x"]
    tried = run_lines(entity, DAY, lines, dry_run=True)
    assert (SnapshotDay.objects.count(), SnapshotLine.objects.count(), TierAssignment.objects.count()) == (0, 0, 0)
    assert not AuditEvent.objects.filter(action="tiering.night_run").exists()
    real = run_lines(entity, DAY, lines)
    names = ("status", "rows", "accepted", "rejected", "changed", "rejects_by_code", "tiers", "moved_up", "missing")
    assert [getattr(tried, name) for name in names] == [getattr(real, name) for name in names]
    assert rejects_of(tried) == [(4, "duplicate_line"), (5, "unknown_customer"), (6, "not_a_number")]
    assert reject_rows(tried) == reject_rows(real)


def test_a_night_is_one_event_with_a_digest(entity):
    run = run_lines(entity, DAY, [f"{A},250000", "999999,1"])
    NightlyRun.objects.filter(pk=run.pk).update(file_sha256="")
    event = AuditEvent.objects.get(subject_type="tiering.nightlyrun")
    assert (event.action, event.actor, event.subject_id) == ("tiering.night_run", "system", str(run.pk))
    assert {name: event.detail[name] for name in ("as_of", "accepted", "rejected", "moved_up")} == {
        "as_of": "2026-11-20",
        "accepted": 1,
        "rejected": 1,
        "moved_up": 1,
    }
    assert "file_sha256" in event.detail


@pytest.mark.parametrize("name", ["branch_id", "aum", "categories", "card_level", "admission", "tier", "reasons"])
def test_no_line_is_left_without_a_fact(entity, name):
    run_lines(entity, DAY, [f"{A},250000"])
    with pytest.raises(IntegrityError), connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE tiering_snapshotline SET {name} = NULL")


def test_the_application_reads_a_day_through_the_parent_alone(entity):
    run_lines(entity, DAY, [f"{A},250000"])
    table = SnapshotDay.objects.get().table_name
    for statement in (f"SELECT * FROM {table}", f"DELETE FROM {table}", "DELETE FROM tiering_snapshotline"):
        with pytest.raises(ProgrammingError), connections["default"].cursor() as cursor:
            cursor.execute(statement)
    assert SnapshotLine.objects.count() == 1


def test_the_application_has_no_way_into_the_staging(entity):
    with connections["owner"].cursor() as cursor:
        staging.make(cursor, staging.Staging(entity.pk, ("customer_number", None)))
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE, DELETE'))"
            " FROM pg_class WHERE relname LIKE 'tiering_staging%%' AND relkind = 'r'",
            [settings.APPLICATION_ROLE],
        )
        assert cursor.fetchone() == (6, 0)
        staging.drop(cursor, entity.pk)


def test_nothing_is_left_of_the_staging(entity):
    run_lines(entity, DAY, [f"{A},250000", "999999,1"])
    run_lines(entity, DAY, [f"{A},2", f"{A},3"])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'tiering_staging%' OR relname LIKE '%_more'")
        assert cursor.fetchall() == []
