from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellerdesk.core.ages import years_after
from tests.tiering.jobs.days import fill_day, make_night, rows_of, undone
from tests.tiering.rules.generated import OPEN, STRICT, Person, days_of_people
from tests.tiering.rules.policies import STANDARD
from tests.tiering.rules.vectors import VECTORS
from tiering.enums import CardLevel, Reason, Tier
from tiering.rules.evaluation import evaluate
from tiering.rules.money import parse_fen

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def by_sql(night, people) -> dict:
    with undone() as cursor:
        fill_day(cursor, night, people)
        found = rows_of(cursor, f"SELECT customer_id, tier, reasons FROM {night.table}")
    return {customer: (tier, reasons) for customer, tier, reasons in found}


@settings(deadline=None)
@given(day=days_of_people(30), policy=st.sampled_from([STANDARD, STRICT, OPEN]))
def test_it_agrees_with_the_rules_at_every_limit(day, policy):
    as_of, people = day
    due = {customer: evaluate(each.facts(as_of), policy) for customer, each in people.items()}
    assert by_sql(make_night(as_of, policy), people) == {
        customer: (each.tier, each.reason_mask) for customer, each in due.items()
    }


def test_all_vectors():
    day = date(2026, 11, 24)
    people = {number: person(vector, day) for number, vector in enumerate(VECTORS)}
    due = [
        (Tier.of_code(each["expected_tier"]), sum(Reason.of_code(code) for code in each["expected_reasons"]))
        for each in VECTORS
    ]
    assert by_sql(make_night(day), people) == dict(enumerate(due))


def person(vector: dict, day: date) -> Person:
    amounts = ("aum", "card_spend_year", "personal_loan_balance", "custody_margin")
    admission = sum(
        Reason.of_code(name) for name in ("admission_private_wealth", "admission_wealth_management") if vector[name]
    )
    return Person(
        branch=1,
        birth_date=None if vector["age"] is None else years_after(day, -vector["age"]),
        card_level=CardLevel.of_code(vector["card_level"]),
        admission=admission,
        **{name: parse_fen(vector[name]) for name in amounts},
    )
