"""A correction writes what it changes and nothing else: rows that say the same keep their place and their version."""

from datetime import date

import pytest
from django.db import connections

from customers.models import Customer
from tests.factories import make_branch, make_entity, make_staff
from tests.tiering.nights import make_customers, run_lines
from tiering.models import OwnerAssignment, TierSummary

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
DAY, BEFORE = date(2026, 11, 23), date(2026, 11, 20)
NUMBERS = [str(80_000_000 + n) for n in range(120)]
KEYS = {
    "tiering_snapshotline": "as_of::text || customer_id",
    "tiering_tierassignment": "customer_id::text",
    "tiering_ownerassignment": "id::text",
    "tiering_tiermove": "id::text",
    "tiering_nearlimit": "customer_id::text || rises",
    "tiering_tiersummary": "as_of::text || branch_id || '-' || tier",
}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def entity():
    """Two branches of sixty customers in all tiers, after two nights."""
    entity = make_entity("DD")
    make_customers(*NUMBERS, entity=entity)
    other = make_branch("002", entity=entity)
    Customer.objects.filter(customer_number__gte=NUMBERS[60]).update(home_branch=other)
    for branch in (make_branch(entity=entity), other):
        for position in ("teller", "branch_manager", "financial_advisor", "lobby_manager", "wealth_manager"):
            make_staff(position=position, branch=branch)
    for day in (BEFORE, DAY):
        run_lines(entity, day, lines(day))
    return entity


def lines(day: date) -> list[str]:
    amounts = (100, 12_000, 60_000, 49_000, 150_000, 240_000, 3_000_000, 75_000, 95_000, 500_000)
    return [f"{number},{amounts[(n + (day == DAY and n % 7 == 0)) % 10]}" for n, number in enumerate(NUMBERS)]


def versions() -> dict[str, dict[str, str]]:
    """By table and key: where the row lies, and which transaction wrote it."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table, key in KEYS.items():
            cursor.execute(f"SELECT {key}, tableoid || ctid::text || xmin FROM {table}")
            found[table] = dict(cursor.fetchall())
    return found


def written(before: dict, after: dict) -> dict[str, set[str]]:
    """Keys of rows that are new, gone or another version."""
    return {
        table: {key for key, _version in before[table].items() ^ after[table].items()}
        for table in KEYS
        if before[table] != after[table]
    }


def ids(*numbers: str) -> set[str]:
    return {str(pk) for pk in Customer.objects.filter(customer_number__in=numbers).values_list("pk", flat=True)}


def test_the_same_file_again_writes_nothing(entity):
    before = versions()
    assert all(before.values())
    run = run_lines(entity, DAY, lines(DAY))
    assert (run.accepted, run.changed, run.moved_up, run.moved_down, run.assigned) == (120, 0, 0, 0, 0)
    assert written(before, versions()) == {}


def test_a_few_lines_touch_these_customers_their_moves_and_their_branch(entity):
    """One falls out of its tier, one rises, one has more money in its own, and one line is as before."""
    falls, rises, richer = NUMBERS[8], NUMBERS[12], NUMBERS[24]
    kept = TierSummary.objects.filter(branch__code="002").count()
    before = versions()
    run = run_lines(entity, DAY, [f"{falls},100", f"{rises},5000000", f"{richer},151000", lines(DAY)[30]])
    assert (run.accepted, run.changed, run.moved_up, run.moved_down) == (4, 3, 1, 1)
    touched = written(before, versions())
    assert touched["tiering_snapshotline"] == {f"{DAY}{pk}" for pk in ids(falls, rises, richer)}
    assert touched["tiering_tierassignment"] == ids(falls, rises, richer)
    assert len(touched["tiering_tiermove"]) == 2
    assert "tiering_ownerassignment" not in touched  # a rise or a fall moves no owner
    assert {key.removesuffix("true").removesuffix("false") for key in touched.get("tiering_nearlimit", ())} <= ids(
        falls, rises, richer
    )
    branch = str(make_branch(entity=entity).pk)
    assert touched["tiering_tiersummary"]
    assert all(key.startswith(f"{DAY}{branch}-") for key in touched["tiering_tiersummary"])
    assert kept == TierSummary.objects.filter(branch__code="002").count()


def test_a_customer_whom_the_correction_brings_into_a_band_alone_gets_an_owner(entity):
    enters = NUMBERS[10]  # out of scope so far
    before = versions()
    run = run_lines(entity, DAY, [f"{enters},60000"])
    assert run.assigned == 1
    touched = written(before, versions())
    (owner,) = touched["tiering_ownerassignment"]
    assert OwnerAssignment.objects.get(pk=owner).customer.customer_number == enters
    assert touched["tiering_tierassignment"] == ids(enters)


def test_the_correction_of_a_day_before_touches_that_day_alone(entity):
    before = versions()
    run = run_lines(entity, BEFORE, [f"{NUMBERS[8]},70000"])
    assert run.changed == 1
    touched = written(before, versions())
    assert set(touched) == {"tiering_snapshotline", "tiering_tiersummary"}
    assert touched["tiering_snapshotline"] == {f"{BEFORE}{pk}" for pk in ids(NUMBERS[8])}
    assert all(key.startswith(str(BEFORE)) for key in touched["tiering_tiersummary"])
