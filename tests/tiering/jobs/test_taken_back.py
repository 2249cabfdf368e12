"""A correction takes back what the wrong file of its day had dealt, unless a person has acted on it meanwhile."""

from datetime import date, timedelta
from itertools import product

import pytest

from tests.factories import make_branch, make_customer, make_entity, make_qualified, make_staff
from tests.tiering.jobs.bank import a_customer, found_bank
from tests.tiering.jobs.days import make_night, rows_of, undone
from tests.tiering.nights import run_lines
from tests.training.makers import make_course
from tiering.enums import OwnerReason, Tier
from tiering.jobs.taken_back import take_back_owners
from tiering.models import OwnerAssignment, TierAssignment
from tiering.rules.ownership import is_taken_back
from tiering.services.owning import set_owners

DAY = date(2026, 11, 24)
DELTA = "CREATE TEMPORARY TABLE night_delta (customer_id bigint, from_tier smallint, tier smallint)"
BEGUN = "CREATE TEMPORARY TABLE night_begun (customer_id bigint)"


@pytest.mark.django_db(databases=["default", "owner"])
def test_sql_and_twin_agree():
    """Of each combination one customer, whom the night has dealt the primary and another owner."""
    combinations = dict(enumerate(product([True, False], repeat=4), 1))
    with undone() as cursor:
        bank = found_bank(staff=range(1, 4))
        cursor.execute(f"{DELTA}; {BEGUN}")
        due = set()
        for number, (before, again, dealt, touched) in combinations.items():
            bank.stand([a_customer(number, Tier.BRANCH_STAFF)])
            bank.own(number, 1, "teller", since=DAY if dealt else DAY - timedelta(days=1))
            bank.own(number, 2, "teller", is_primary=False, since=DAY)
            if touched:
                row = OwnerAssignment.objects.using("owner").get(customer_id=number, is_primary=False)
                row.pk, row.owner_id, row.reason, row.until = None, bank.staff[3], OwnerReason.SET_BY_MANAGER, DAY
                row.save(force_insert=True)
            if before:
                cursor.execute("INSERT INTO night_begun VALUES (%s)", [number])
            cursor.execute("INSERT INTO night_delta VALUES (%s, 2, %s)", [number, 0 if again else 2])
            if is_taken_back(moved_by_earlier_file=before, moves_again=again, dealt_today=dealt, touched=touched):
                due.add(number)
        assert take_back_owners(cursor, make_night(DAY, entity=bank.entity)) == 2 * len(due)
        where = f"WHERE legal_entity_id = {bank.entity} AND end_reason = 'corrected'"
        ended = rows_of(cursor, f"SELECT customer_id, until FROM tiering_ownerassignment {where}")
        assert sorted(ended) == [(each, DAY - timedelta(days=1)) for each in sorted(due) for _ in range(2)]
        free = "SELECT customer_id FROM tiering_tierassignment WHERE owner_id IS NULL AND initial_maintainer_id IS NULL"
        assert {customer for (customer,) in rows_of(cursor, free)} == due


@pytest.fixture
def tellers(settings):
    settings.BUSINESS_DATE = DAY
    make_course()
    positions = ("teller", "teller", "wealth_manager", "deputy_president", "branch_president")
    return [make_staff(position=each, branch=make_branch("001")) for each in positions][:2]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_night_leaves_the_base_as_if_the_wrong_file_had_never_come(tellers):
    opener = make_staff(position="supervisor", branch=make_branch("001"))
    manager = make_qualified(make_staff(position="branch_manager", branch=make_branch("001")))
    leaves, falls, acted, stays = (make_customer(by=opener) for _ in range(4))
    wrong = [(leaves, 60_000), (falls, 3_000_000), (acted, 60_000), (stays, 60_000)]
    run_lines(make_entity(), DAY, [f"{each.customer_number},{aum}" for each, aum in wrong])
    first = {row.customer_id: row.owner for row in TierAssignment.objects.all()}
    assert None not in first.values()
    chosen = next(each for each in tellers if each != first[acted.pk])
    set_owners(customer=acted, owner=chosen.username, reason="客户指定", by=manager)
    right = [(leaves, 100), (falls, 70_000), (acted, 100), (stays, 65_000)]
    run_lines(make_entity(), DAY, [f"{each.customer_number},{aum}" for each, aum in right])
    gone, fallen, kept, same = (TierAssignment.objects.get(customer=each) for each in (leaves, falls, acted, stays))
    assert (gone.tier, gone.owner, gone.initial_maintainer) == (0, None, None)
    assert fallen.owner == fallen.initial_maintainer in tellers
    assert (kept.tier, kept.owner, same.owner) == (0, chosen, first[stays.pk])
    owners = OwnerAssignment.objects.current()
    assert [row.owner for row in owners.filter(customer=falls)] == [fallen.owner]
    assert not owners.filter(customer=leaves).exists()
    run = run_lines(make_entity(), DAY, [f"{leaves.customer_number},60000"])
    assert (run.assigned, TierAssignment.objects.get(customer=leaves).owner in tellers) == (1, True)
