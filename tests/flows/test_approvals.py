"""Checkers of one branch go through the same queue at the same moment: each change is applied once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from customers.models import Amendment, Customer
from customers.services import amend_customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tests.factories import make_customer, make_qualified, make_staff

CHECKERS, REQUESTS = 8, 24
AT_ONCE = 60  # seconds that a checker waits for the others

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


def decide(client: Client, queue: list[int], chance: Random, start: Barrier) -> list[tuple[int, str]]:
    try:
        start.wait(AT_ONCE)
        answers = [
            client.post(f"/api/v1/amendments/{pk}/approve/", content_type="application/json")
            for pk in chance.sample(queue, len(queue))
        ]
        return [(answer.status_code, answer.json().get("code", "")) for answer in answers]
    finally:
        connections.close_all()


def test_eight_checkers_apply_each_change_once():
    teller = make_staff()
    customers = [make_customer(by=teller) for _ in range(REQUESTS)]
    queue = [
        amend_customer(
            customer=customer, changes={"mobile": f"139{place:08}"}, in_person=True, reason="换号", by=teller
        ).pk
        for place, customer in enumerate(customers)
    ]
    clients = [Client(raise_request_exception=False) for _ in range(CHECKERS)]
    for client in clients:
        checker = make_qualified(make_staff(position="supervisor"))
        client.force_login(checker, backend="tellerdesk.staff.backends.PositionBackend")
    start = Barrier(CHECKERS)
    with ThreadPoolExecutor(CHECKERS) as pool:
        working = [pool.submit(decide, client, queue, Random(n), start) for n, client in enumerate(clients)]
        answers = Counter(answer for each in working for answer in each.result())
    assert answers == {(200, ""): REQUESTS, (409, "already_decided"): REQUESTS * (CHECKERS - 1)}
    assert set(Customer.objects.values_list("version", flat=True)) == {2}
    assert [each.mobile for each in Customer.objects.order_by("pk")] == [f"139{n:08}" for n in range(REQUESTS)]
    assert set(Amendment.objects.values_list("status", flat=True)) == {"applied"}
    assert AuditEvent.objects.filter(action="customers.amendment_approved").count() == REQUESTS
    assert verify().faults == []
