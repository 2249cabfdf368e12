"""What one test leaves in the database is gone for the next, whatever guards it."""

from datetime import date

import pytest
from django.db import InternalError, connections
from django.utils import timezone
from psycopg2.sql import SQL, Identifier

from tellerdesk.vault.services import make_key, refresh, seal
from tests import databases
from tests.factories import make_customer
from tests.tiering.nights import run_lines
from training.models import Course

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
DAY = date(2026, 11, 23)
ROWS = "SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {} t"


def contents() -> dict:
    found = {}
    with databases.as_owner() as cursor:
        for table in databases.filled(cursor) | databases.KEPT:
            cursor.execute(SQL(ROWS).format(Identifier(table)))
            found[table] = cursor.fetchone()
        cursor.execute(databases.DAYS)
        found["days"] = cursor.fetchall()
    return {table: rows for table, rows in found.items() if rows != (0, None)}


@pytest.mark.parametrize("large", [databases.LARGE, 0])
def test_all_is_as_before_the_first_test(large, monkeypatch):
    monkeypatch.setattr(databases, "LARGE", large)
    before, key = contents(), refresh()
    customer = make_customer()
    run_lines(customer.legal_entity, DAY, [f"{customer.customer_number},100"])
    make_key("seal", in_force_at=timezone.now(), using="owner")
    assert refresh() != key
    assert contents()["days"]
    databases.empty()
    assert contents() == before
    assert seal("1").key_id == key.seal
    assert refresh() == key


def test_the_guards_stand_afterwards():
    databases.empty()
    with connections["owner"].cursor() as cursor, pytest.raises(InternalError):
        cursor.execute("DELETE FROM training_question")
    assert Course.objects.count() == 2
