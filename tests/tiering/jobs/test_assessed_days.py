"""What nights keep of the ends of quarters, when it is taken anew, and that a version stays what it was."""

from contextlib import closing
from datetime import date

import pytest
from django.conf import settings as project
from django.db import DatabaseError, InterfaceError, connections

from tellerdesk.core.database_roles import grant
from tests.tiering.bank import TODAY
from tests.tiering.nights import run_lines
from tests.tiering.quarters import CLOSING, OPENING, make_assessment, make_quarter_bank
from tiering.enums import Indicator
from tiering.jobs import assess_quarter, assessed_day_retention, assessed_days
from tiering.jobs.assessed_days import DayWanted, kept_for
from tiering.jobs.night import LOCK_SPACE as NIGHTS
from tiering.models import (
    AssessedDay,
    AssessedDayLine,
    Assessment,
    AssessmentCustomer,
    OwnerAssignment,
    SnapshotDay,
    SnapshotLine,
)
from tiering.rules.quarters import parse_quarter
from tiering.selectors.assessed_customers import count_behind, page_behind
from tiering.selectors.behind import Behind
from tiering.selectors.scope import scope_of

FOURTH = parse_quarter("2026Q4")
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_quarter_bank()


def kept_days() -> list[date]:
    return list(AssessedDay.objects.order_by("pk").values_list("as_of", flat=True))


def tables() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'tiering_assesseddayline'::regclass"
        )
        return {name for (name,) in cursor.fetchall()}


def correct(bank) -> None:
    """The last day of the quarter, of one customer."""
    run_lines(bank.entity, CLOSING, [f"{bank.customers['wealth of 002']},60000.00"])


def behind(bank, row, *, who: str = "headoffice", part: str = "denominator", owner=None) -> Behind:
    return Behind(row, scope_of(bank.staff[who]), Indicator.CHURN_RATE, part, owner)


def numbers(bank, row, **asked) -> set[str]:
    lines, _following = page_behind(behind(bank, row, **asked))
    assert len(lines) == count_behind(behind(bank, row, **asked))
    return {line.customer_number for line in lines}


def test_a_night_of_the_last_day_of_a_quarter_keeps_it(bank):
    assert kept_days() == [OPENING, CLOSING]
    bank.night(0, date(2026, 10, 31))
    run_lines(bank.entity, date(2026, 3, 31), [], dry_run=True)
    assert kept_days() == [OPENING, CLOSING]
    lines = AssessedDayLine.objects.filter(assessed_day_id=AssessedDay.objects.get(as_of=CLOSING).pk)
    large = SnapshotLine.objects.filter(as_of=CLOSING, aum__gte=5_000_000).values_list("customer_id", "aum")
    assert {line.customer_id: line.aum for line in lines if line.aum >= 5_000_000} == dict(large)
    owners = OwnerAssignment.objects.filter(is_primary=True, until=None).values_list("customer_id", "owner", "position")
    kept = {(line.customer_id, line.owner_id, line.position) for line in lines if line.owner_id}
    assert kept == set(owners)
    assert any(line.aum < 5_000_000 for line in lines), "who is owned for a card"


def test_an_assessment_is_made_from_what_the_nights_kept(bank):
    row = make_assessment(bank)
    assert (row.opening_day.as_of, row.closing_day.as_of) == (OPENING, CLOSING)
    assert kept_days() == [OPENING, CLOSING]
    again = make_assessment(bank)
    assert (again.opening_day_id, again.closing_day_id) == (row.opening_day_id, row.closing_day_id)


def test_a_correction_of_the_day_is_kept_anew_and_nothing_reads_the_former(bank):
    former = AssessedDay.objects.get(as_of=CLOSING).pk
    number = bank.customers["wealth of 002"]
    run_lines(bank.entity, CLOSING, [f"{number},60000.00"])
    assert AssessedDay.objects.filter(as_of=CLOSING).exclude(pk=former).exists()
    assert not AssessedDay.objects.filter(pk=former).exists()
    assert AssessedDay.lines_table(former) not in tables()
    assert number in numbers(bank, make_assessment(bank), part="numerator")


def test_a_version_shows_what_it_was_made_from_whatever_is_corrected_later(bank):
    first = make_assessment(bank)
    before, owned = numbers(bank, first, part="numerator"), numbers(bank, first)
    number = bank.customers["wealth of 002"]
    assert number not in before
    run_lines(bank.entity, CLOSING, [f"{number},60000.00"])
    second = make_assessment(bank)
    assert numbers(bank, second, part="numerator") == before | {number}
    assert (numbers(bank, first, part="numerator"), numbers(bank, first)) == (before, owned)
    assert {first.closing_day_id, second.closing_day_id} <= set(AssessedDay.objects.values_list("pk", flat=True))


def test_an_owner_recorded_late_for_the_last_day_counts_on_it(bank):
    number = bank.customers["rose"]
    standing = OwnerAssignment.objects.get(customer__customer_number=number, until=None, is_primary=True)
    former = AssessedDay.objects.get(as_of=CLOSING).pk
    OwnerAssignment.objects.filter(pk=standing.pk).update(until=CLOSING, end_reason="replaced")
    OwnerAssignment.objects.create(
        legal_entity=bank.entity, customer_id=standing.customer_id, owner=bank.staff["advisor"],
        position="financial_advisor", is_primary=True, since=CLOSING, reason="upgrade_choice",
    )  # fmt: skip
    row = make_assessment(bank)
    assert row.closing_day_id != former
    held = Behind(
        row, scope_of(bank.staff["headoffice"]), Indicator.PRODUCT_COVERAGE, "numerator", bank.staff["advisor"]
    )
    assert number in {line.customer_number for line in page_behind(held)[0]}
    assert number in numbers(bank, row, owner=standing.owner)


def test_an_owner_of_the_days_after_changes_nothing(bank):
    """Once the quarter is over its owners are known: whoever came later is not looked for."""
    first = make_assessment(bank)
    standing = OwnerAssignment.objects.filter(until=None, is_primary=True).first()
    OwnerAssignment.objects.filter(pk=standing.pk).update(until=date(2026, 10, 9), end_reason="replaced")
    OwnerAssignment.objects.create(
        legal_entity=bank.entity, customer_id=standing.customer_id, owner=bank.staff["wealth"],
        position="wealth_manager", is_primary=True, since=date(2026, 10, 10), reason="upgrade_choice",
    )  # fmt: skip
    second = make_assessment(bank)
    assert second.closing_day_id == first.closing_day_id
    assert numbers(bank, second, owner=standing.owner) == numbers(bank, first, owner=standing.owner) != set()
    assert not AssessmentCustomer.objects.filter(assessment=second, customer=standing.customer_id).exists()


def test_a_lower_floor_wants_more_lines(bank):
    day = SnapshotDay.objects.get(as_of=CLOSING)
    found = AssessedDay.objects.get(as_of=CLOSING)
    assert kept_for(DayWanted(day, CLOSING, found.floor)).pk == found.pk
    assert kept_for(DayWanted(day, CLOSING, found.floor + 1)).pk == found.pk
    lower = kept_for(DayWanted(day, CLOSING, 1))
    assert lower.pk != found.pk
    assert AssessedDayLine.objects.filter(assessed_day_id=lower.pk, aum__lt=found.floor, owner_id=None).exists()


def test_a_night_that_cannot_keep_the_day_is_a_night_all_the_same(bank, monkeypatch):
    def broken(*_args):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(assessed_days, "kept_for", broken)
        run = run_lines(bank.entity, date(2026, 12, 31), [f"{bank.customers['poor']},60000.00"])
    assert (run.status, kept_days()) == ("succeeded", [OPENING, CLOSING])
    run_lines(bank.entity, CLOSING, [f"{bank.customers['poor']},60000.00"])
    assert make_assessment(bank).closing_day.run_id is not None


def test_what_an_assessment_kept_before_it_broke_off_serves_the_next(bank, monkeypatch):
    def broken(*_args):
        raise DatabaseError

    correct(bank)
    AssessedDay.objects.using("owner").filter(as_of=CLOSING).update(floor=6_000_000)
    with monkeypatch.context() as patched:
        patched.setattr(assess_quarter, "compute", broken)
        with pytest.raises(DatabaseError):
            make_assessment(bank)
    assert Assessment.objects.get().status == "failed"
    kept = AssessedDay.objects.latest("pk")
    assert (kept.as_of, kept.floor) == (CLOSING, 5_000_000)
    assert make_assessment(bank).closing_day_id == kept.pk


def test_what_somebody_reads_stays_for_now_and_is_nobodys_failure(bank, monkeypatch):
    monkeypatch.setattr(assessed_day_retention, "PATIENCE", "SET LOCAL lock_timeout = '10ms'")
    former = AssessedDay.objects.get(as_of=CLOSING).pk
    reader = connections["owner"].copy()
    with closing(reader), reader.cursor() as cursor:
        cursor.execute(f"BEGIN; SELECT count(*) FROM {AssessedDay.lines_table(former)}")
        correct(bank)
        assert make_assessment(bank).closing_day_id != former
        assert AssessedDay.lines_table(former) in tables()
    make_assessment(bank)
    assert tables() == {AssessedDay.lines_table(pk) for pk in AssessedDay.objects.values_list("pk", flat=True)}
    assert AssessedDay.lines_table(former) not in tables()


def test_a_version_is_computed_though_the_database_is_lost_just_after(bank, monkeypatch):
    def lost(*_args):
        raise InterfaceError

    monkeypatch.setattr(assessed_day_retention, "_unused", lost)
    assert make_assessment(bank).is_computed


def test_of_a_running_quarter_only_the_newest_day_is_kept(bank):
    """And whatever a version was made from."""
    bank.night(0, date(2026, 10, 31))
    fourth = make_assessment(bank, quarter=FOURTH)
    assert (fourth.closing_day.as_of, fourth.incomplete) == (date(2026, 10, 31), "running")
    day = SnapshotDay.objects.get(as_of=date(2026, 10, 31))
    unused = kept_for(DayWanted(day, day.as_of, 1)).pk
    bank.night(1, date(2026, 11, 20))
    later = make_assessment(bank, quarter=FOURTH)
    assert not AssessedDay.objects.filter(pk=unused).exists()
    assert set(AssessedDay.objects.values_list("pk", flat=True)) >= {fourth.closing_day_id, later.closing_day_id}
    assert tables() == {AssessedDay.lines_table(pk) for pk in AssessedDay.objects.values_list("pk", flat=True)}


def test_a_version_of_before_days_were_kept_is_read_as_it_was(bank):
    """It holds every customer itself."""
    row = Assessment.objects.create(
        legal_entity=bank.entity, quarter="2026Q2", version=1, status="succeeded", policy_version=1, categories=8,
        opening_on=date(2026, 3, 31), closing_on=OPENING,
    )  # fmt: skip
    owner, branch = bank.staff["teller"], bank.branches["001"]
    customer = OwnerAssignment.objects.filter(owner=owner).first().customer
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE former PARTITION OF tiering_assessmentcustomer FOR VALUES IN ({row.pk});"
            "INSERT INTO former (assessment_id, customer_id, branch_id, opening_owner_id, closing_owner_id,"
            " opening_aum, closing_aum, products, parts) VALUES (%s, %s, %s, %s, %s, 6000000, 7000000, 1, 9)",
            [row.pk, customer.pk, branch.pk, owner.pk, owner.pk],
        )
    assert numbers(bank, row) == {customer.customer_number}
    assert numbers(bank, row, owner=owner) == {customer.customer_number}
    assert numbers(bank, row, who="manager2") == set()
    assert numbers(bank, row, part="numerator") == set()


def test_the_application_reads_a_kept_day_and_never_writes_it(bank):
    table = AssessedDay.lines_table(AssessedDay.objects.get(as_of=CLOSING).pk)
    for _ in range(2):
        for rights, has in (("SELECT", True), ("INSERT, UPDATE, DELETE, TRUNCATE", False)):
            for name in (table, "tiering_assesseddayline"):
                with connections["owner"].cursor() as cursor:
                    cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [project.APPLICATION_ROLE, name, rights])
                    assert cursor.fetchone() == (has,), (name, rights)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f"REVOKE ALL ON {table} FROM {project.APPLICATION_ROLE}")
        grant(connections["owner"])


def test_an_assessment_waits_for_a_night_and_says_so(bank, monkeypatch):
    asked = []

    def held_off(space, legal_entity_id, *, waiting):
        asked.append((space, legal_entity_id))
        waiting()
        return real(space, legal_entity_id, waiting=waiting)

    real = assess_quarter.held_off
    monkeypatch.setattr(assess_quarter, "held_off", held_off)
    assert make_assessment(bank).is_computed
    assert asked == [(NIGHTS, bank.entity.pk)]
