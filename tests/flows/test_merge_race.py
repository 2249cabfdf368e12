"""Requests that share a customer, sent at one moment: one goes through, everybody else is told."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from customers.jobs.duplicate_sql import LOCK_PAIRS
from customers.jobs.find_duplicates import written
from customers.models import Amendment, Customer, DuplicatePair, Merge
from customers.services.requesting import locked_customers
from tellerdesk.audit.verification import verify
from tests.customers.merges import EVIDENCE, ask, merge, reread
from tests.factories import make_customer, make_qualified, make_staff, sign_in

AT_ONCE = 60  # seconds that one waits for the others
CLIENTS = 6
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


def send(client: Client, address: str, body: dict, start: Barrier) -> tuple[int, dict]:
    try:
        start.wait(AT_ONCE)
        answer = client.post(address, json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()
    finally:
        connections.close_all()


def at_once(people, addresses, bodies) -> list[tuple[int, dict]]:
    clients = [sign_in(each, Client(raise_request_exception=False)) for each in people]
    start = Barrier(len(people))
    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(send, clients, addresses, bodies, [start] * len(people)))


@pytest.fixture
def three():
    teller = make_staff()
    return [make_customer(by=teller) for _ in range(3)]


def asked(survivor: Customer, absorbed: Customer) -> dict:
    numbers = {"survivor": survivor.customer_number, "absorbed": absorbed.customer_number}
    return {**numbers, "evidence": EVIDENCE, "choices": {}}


def test_two_merges_that_share_a_customer(three):
    first, second, third = three
    tellers = [make_qualified(make_staff()) for _ in range(CLIENTS)]
    wishes = [asked(second, first), asked(third, second), asked(first, second)] * (CLIENTS // 3)
    answers = at_once(tellers, ["/api/v1/customers/merge-requests/"] * CLIENTS, wishes)
    assert Counter(status for status, _ in answers) == {201: 1, 409: CLIENTS - 1}
    assert {body["code"] for status, body in answers if status == 409} == {"request_pending"}
    assert Amendment.objects.filter(kind="merge").count() == Merge.objects.count() == 1
    assert verify().faults == []


def is_held(rows, pk: int) -> bool:
    """By somebody else's transaction."""
    try:
        with transaction.atomic():
            rows.select_for_update(of=["self"], no_key=True, nowait=True).get(pk=pk)
    except OperationalError:
        return True
    finally:
        connections.close_all()
    return False


def test_whoever_was_merged_before_is_locked_along(three):
    """In one order with the two: an undoing of the former merge locks the same rows by id."""
    first, second, third = three
    merge(second, first)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        locked_customers(third.pk, second.pk)
        assert [pool.submit(is_held, Customer.objects, each.pk).result() for each in three] == [True] * 3


class Told:
    """A cursor that only keeps what it was told."""

    rowcount = 0

    def __init__(self):
        self.statements = []

    def execute(self, statement, values):
        self.statements.append(statement)


def test_a_search_locks_the_pairs_before_it_writes_any(three):
    cursor = Told()
    written(cursor, {})
    assert cursor.statements[0] == LOCK_PAIRS
    assert LOCK_PAIRS not in cursor.statements[1:]
    first, second, third = three
    rows = {"legal_entity": first.legal_entity, "grounds": [], "strength": 20}
    pairs = [DuplicatePair.objects.create(first=first, second=each, **rows) for each in (second, third)]
    with ThreadPoolExecutor(1) as pool, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK_PAIRS, {"entity": first.legal_entity_id})
        assert [pool.submit(is_held, DuplicatePair.objects, each.pk).result() for each in pairs] == [True] * 2


def test_one_merge_approved_by_many_at_once(three):
    first, second, third = three
    request = ask(first, second)
    managers = [make_qualified(make_staff(position="branch_manager")) for _ in range(CLIENTS)]
    answers = at_once(managers, [f"/api/v1/amendments/{request.pk}/approve/"] * CLIENTS, [{}] * CLIENTS)
    assert Counter(status for status, _ in answers) == {200: 1, 409: CLIENTS - 1}
    reread(first, second)
    assert (second.merged_into, first.version, first.documents.count()) == (first, 2, 2)
    assert verify().faults == []
