"""A day's lines as a table of its own, and the night around it, all in a transaction that is rolled back.

Foreign keys are asked at commit, so customers and branches may be mere numbers.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from datetime import date

from django.db import connections, transaction
from psycopg2.extras import execute_values
from psycopg2.sql import SQL, Identifier

from customers.models import Customer
from tests.tiering.rules.generated import Person
from tests.tiering.rules.policies import STANDARD
from tiering.jobs.differences import list_differences
from tiering.jobs.night import Night
from tiering.jobs.tier_sql import tier_and_reasons
from tiering.rules.policy import Policy

ENTITY, OTHER = 7_001, 7_002
COLUMNS = "branch_id, aum, birth_date, card_spend_year, personal_loan_balance, custody_margin, card_level, admission"


@contextmanager
def undone() -> Iterator:
    """A cursor of the owner; nothing of it remains."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        yield cursor
        transaction.set_rollback(True, using="owner")


def make_night(
    as_of: date,
    policy: Policy = STANDARD,
    *,
    entity: int = ENTITY,
    moves_standing: bool = True,
    today: date | None = None,
) -> Night:
    """Run on the day itself where no other is given."""
    table = f"day_{entity}_{as_of:%Y%m%d}"
    return Night(1, entity, as_of, policy, 1, table, moves_standing, today or as_of)


def fill_day(cursor, night: Night, people: Mapping[int, Person]) -> None:
    """As the load leaves it: the table of the night, with the tiers that its policy gives by SQL, and who differs."""
    table = Identifier(night.table)
    cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(table))
    cursor.execute(SQL("CREATE TEMPORARY TABLE {} (LIKE tiering_snapshotline)").format(table))
    rows = [
        (customer, night.legal_entity_id, night.as_of, 0, 0, 0, *astuple(each)) for customer, each in people.items()
    ]
    fixed = "customer_id, legal_entity_id, as_of, categories, tier, reasons"
    insert = f"INSERT INTO {night.table} ({fixed}, {COLUMNS}) VALUES %s"
    if rows:
        execute_values(cursor.cursor, insert, [tuple(_plain(value) for value in row) for row in rows])
    tier, reasons = tier_and_reasons(night.policy, night.as_of)
    cursor.execute(SQL("UPDATE {} SET tier = {}, reasons = {}").format(table, tier, reasons))
    if night.moves_standing:
        list_differences(cursor, night)


def rows_of(cursor, query: str, values: dict | None = None) -> list[tuple]:
    cursor.execute(query, values)
    return cursor.fetchall()


def _plain(value):
    return int(value) if isinstance(value, int) else value


def mark_day(cursor, night: Night, *, moved_standing: bool = True) -> None:
    """As the load keeps the day."""
    cursor.execute(
        "INSERT INTO tiering_snapshotday (legal_entity_id, as_of, table_name, policy_id, lines, moved_standing)"
        " VALUES (%s, %s, %s, 1, 0, %s)",
        [night.legal_entity_id, night.as_of, night.table, moved_standing],
    )


def make_customers(born: Mapping[int, date], *, entity: int = ENTITY) -> None:
    """Bare ones, for their birth dates."""
    for number, birth_date in born.items():
        Customer.objects.using("owner").create(
            pk=number,
            legal_entity_id=entity,
            customer_number=f"{number:06}",
            status="active",
            verification="migrated",
            name="x",
            sex="male",
            birth_date=birth_date,
            occupation="clerical",
            address="x",
            mobile="x",
            opening_branch_id=1,
            home_branch_id=1,
            opened_by_id=1,
        )
