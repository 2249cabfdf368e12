"""Both ways to the matrix, by sums and by every line, give what the rules give, to the fen."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from django.db.models import Sum
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customers.models import Customer
from tests.tiering.jobs.days import ENTITY, undone
from tests.tiering.jobs.trials import Somebody, fill
from tests.tiering.rules.drafts import EDGES, FLOORS, ODD, aged, drafts, rescoped
from tests.tiering.rules.generated import DAYS, OPEN, Person, people
from tests.tiering.rules.policies import STANDARD
from tiering.enums import CardLevel, Tier
from tiering.jobs import what_if, what_if_tables
from tiering.jobs.what_if_base import Trial
from tiering.jobs.what_if_cells import fill_cells
from tiering.models import WhatIfSum
from tiering.rules.policy import Policy
from tiering.rules.what_if import OLDEST, Count, cells_suffice, loses_owner, movement, names_any
from tiering.rules.what_if_edges import FAR
from tiering.selectors.trials import Stamp

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DEARER = replace(STANDARD, version=2, scope=replace(STANDARD.scope, card_spend_year=6_000_000))
POSITIONS = ("teller", "lobby_manager", "financial_advisor", "wealth_manager")


@st.composite
def bases(draw) -> tuple[date, dict[int, Somebody]]:
    day = draw(st.sampled_from(DAYS))
    found = {}
    for number in range(1, draw(st.integers(0, 25)) + 1):
        person = draw(people(day))
        if draw(st.booleans()):
            edge = draw(st.sampled_from(EDGES)) + draw(st.integers(-1, 1))
            person = Person(**vars(person) | {"aum": edge})
        owners = tuple(draw(st.lists(st.sampled_from(POSITIONS), unique=True, max_size=2)))
        gone, absent = draw(st.sampled_from([False] * 9 + [True])), draw(st.sampled_from([False] * 9 + [True]))
        found[number] = Somebody(person, draw(st.sampled_from(Tier)), owners, absent, gone)
    return day, found


def make_customers(day: date, base: dict[int, Somebody]) -> None:
    Customer.objects.using("owner").bulk_create(
        Customer(
            pk=number,
            legal_entity_id=ENTITY,
            customer_number=f"{number:06}",
            status="closed" if each.gone else "active",
            verification="migrated",
            name="x",
            sex="male",
            birth_date=each.person.birth_date or day,
            occupation="clerical",
            address="x",
            mobile="x",
            opening_branch_id=1,
            home_branch_id=1,
            opened_by_id=1,
        )
        for number, each in base.items()
    )


def counted(day: date, base: dict[int, Somebody]) -> list:
    return [each.tried(day) for each in base.values() if each.counts()]


def known(base: dict[int, Somebody]) -> bool:
    """The birth date of who has no line is the customer's own, which is never unknown."""
    return not any(each.absent and each.person.birth_date is None for each in base.values())


AMOUNTS = st.lists(st.sampled_from(EDGES) | st.integers(-10_000, 300_000_000), max_size=4)


@settings(deadline=None, max_examples=60)
@given(base=bases(), draft=drafts(FLOORS) | drafts(ODD) | rescoped() | st.just(OPEN), lows=AMOUNTS | st.none())
def test_sums_and_lines_agree_with_the_rules(base, draft, lows):
    """Whatever the limits, and wherever the sums lie; whom it concerns is found by the order in any case."""
    day, people_of_day = base
    assume(known(people_of_day))
    due = movement(counted(day, people_of_day), draft)
    trial = Trial(ENTITY, day, STANDARD, draft)
    with undone() as cursor:
        make_customers(day, people_of_day)
        fill(cursor, day, people_of_day)
        by_lines = what_if.movement_by_lines(cursor, trial)
        amounts = None if lows is None else sorted({*lows, FAR})
        basis = fill_cells(cursor, Trial(ENTITY, day, STANDARD, STANDARD), Stamp(day, 1, 0, 0), lows=amounts)
        by_cells = what_if.Movement(by_lines.steps, by_lines.absent, basis)
        if cells_suffice(STANDARD, draft):
            by_cells = what_if.movement_by_cells(cursor, trial, basis)
        ways = [what_if.affected(cursor, trial, each) for each in (by_lines, by_cells)]
    assert by_lines.steps == due
    assert by_cells.steps == due
    assert by_cells.absent == by_lines.absent
    for found in ways:
        check_affected(found, counted(day, people_of_day), draft)


def check_affected(found, tried, draft) -> None:
    """Branch by branch: who moves, who loses a named owner, and whom the draft names no longer."""
    moved, lost, leaving = {}, Counter(), Counter()
    for each in tried:
        [step] = movement([each], draft)
        if step[0] != step[1]:
            moved[each.branch, step] = moved.get((each.branch, step), Count()) + Count(1, each.facts.aum)
        if loses_owner(each, present=STANDARD, draft=draft):
            lost[each.branch, step] += 1
        for owner, position in enumerate(each.positions):
            if names_any(STANDARD, step[0], [position]) and not names_any(draft, step[1], [position]):
                leaving[each.branch, owner, position] += 1
    assert {(each.branch_id, each.step): each.count for each in found.moved} == moved
    assert Counter({(each.branch_id, each.step): each.count.customers for each in found.lost}) == lost
    told = Counter()
    for each in found.owned:
        told[each.branch_id, each.owner_id, each.position] += each.leaving
    assert +told == leaving


@pytest.mark.parametrize(
    ("present", "draft", "suffice"),
    [
        (STANDARD, STANDARD, True),
        (STANDARD, OPEN, False),
        (STANDARD, DEARER, True),
        (OPEN, OPEN, True),
        (OPEN, STANDARD, False),
        (STANDARD, aged(OLDEST - 1), True),
        (STANDARD, aged(OLDEST), False),
    ],
)
def test_what_the_sums_answer(present: Policy, draft: Policy, suffice):
    assert cells_suffice(present, draft) is suffice


CHEAPER = replace(STANDARD, version=2, scope=replace(STANDARD.scope, card_spend_year=4_000_000))
SPENDERS = [(3_999_999, CardLevel.NONE), (4_000_000, CardLevel.NONE), (5_500_000, CardLevel.NONE)]
SPENDERS += [(5_500_000, CardLevel.GOLD), (None, CardLevel.NONE), (6_000_000, CardLevel.NONE)]


@pytest.mark.parametrize("draft", [CHEAPER, DEARER])
def test_another_limit_beside_the_assets_puts_in_or_out_whom_it_names(draft):
    day, born = date(2026, 11, 24), date(1985, 3, 12)
    base = {
        number: Somebody(Person(11, aum, born, spent, None, None, card, 0), Tier.UNBANDED)
        for number, (aum, (spent, card)) in enumerate(product([1_000, 5_000_000], SPENDERS), 1)
    }
    trial = Trial(ENTITY, day, STANDARD, draft)
    with undone() as cursor:
        fill(cursor, day, base)
        basis = fill_cells(cursor, Trial(ENTITY, day, STANDARD, STANDARD), Stamp(day, 1, 0, 0))
        found = what_if.movement_by_cells(cursor, trial, basis)
    assert found.steps == movement(counted(day, base), draft)


def test_an_amount_that_many_have_is_a_block_of_its_own(monkeypatch):
    """So that a limit beside it never reads them."""
    day = date(2026, 11, 24)
    amounts = [1, *[0] * 3_000, 100_000]
    base = {
        number: Somebody(Person(11, aum, date(1985, 3, 12), None, None, None, CardLevel.NONE, 0), Tier.OUT_OF_SCOPE)
        for number, aum in enumerate(amounts, 1)
    }
    monkeypatch.setattr(what_if_tables, "BLOCK", 100)
    with undone() as cursor:
        fill(cursor, day, base)
        basis = fill_cells(cursor, Trial(ENTITY, day, STANDARD, STANDARD), Stamp(day, 1, 0, 0))
        sums = WhatIfSum.objects.using("owner").filter(basis=basis.pk, by_age=True)
        found = dict(sums.values_list("low").annotate(Sum("customers")))
    assert found == {1: 3_000, FAR: 3_002}
