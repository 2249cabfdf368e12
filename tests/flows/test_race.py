"""Sixteen counters open four persons at the same moment: four customers, everybody else hears whose number it is."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from customers.models import Customer, IdentityCheck, IdentityDocument, IdentityKey, Receipt
from tellerdesk.audit.verification import verify
from tests.factories import make_branch, make_check, make_particulars, make_qualified, make_resident_number, make_staff

CLIENTS, PERSONS = 16, 4
AT_ONCE = 60  # seconds that a counter waits for the others

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def tellers():
    """Half of them in another branch of the same legal entity."""
    branches = make_branch(), make_branch("002")
    return [make_qualified(make_staff(branch=branches[place % 2])) for place in range(CLIENTS)]


def opening_of(number: str, check: IdentityCheck) -> dict:
    entered = vars(make_particulars(number)) | {"identity_check": check.pk, "birth_date": None}
    return {name: value for name, value in entered.items() if value not in ("", None)}


def send(client: Client, body: dict, start: Barrier) -> tuple[int, dict]:
    try:
        start.wait(AT_ONCE)
        answer = client.post("/api/v1/customers/", json.dumps(body, default=str), content_type="application/json")
        return answer.status_code, answer.json()
    finally:
        connections.close_all()


def all_at_once(tellers, bodies) -> list[tuple[int, dict]]:
    clients = [Client(raise_request_exception=False) for _ in tellers]
    for client, teller in zip(clients, tellers, strict=True):
        client.force_login(teller, backend="tellerdesk.staff.backends.PositionBackend")
    start = Barrier(len(bodies))
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, clients, bodies, [start] * len(bodies)))


def test_four_persons_become_four_customers(tellers):
    numbers = [make_resident_number() for _ in range(PERSONS)]
    wanted = [numbers[place % PERSONS] for place in range(CLIENTS)]
    bodies = [opening_of(number, make_check(number, by=teller)) for number, teller in zip(wanted, tellers, strict=True)]
    answers = all_at_once(tellers, bodies)
    assert Counter(status for status, _ in answers) == {201: PERSONS, 409: CLIENTS - PERSONS}
    both = list(zip(wanted, answers, strict=True))
    opened = {number: body["customer_number"] for number, (status, body) in both if status == 201}
    told = [(number, body["code"], body["context"]) for number, (status, body) in both if status == 409]
    assert told == [(number, "customer_exists", {"customer_number": opened[number]}) for number, _, _ in told]
    assert [model.objects.count() for model in (Customer, IdentityDocument, IdentityKey, Receipt)] == [PERSONS] * 4
    assert IdentityCheck.objects.filter(customer=None).count() == CLIENTS - PERSONS
    assert verify().faults == []


def test_one_check_opens_one_customer_however_often_it_is_sent(tellers):
    number, teller = make_resident_number(), tellers[0]
    body = opening_of(number, make_check(number, by=teller))
    answers = all_at_once([teller] * 8, [body] * 8)
    assert Counter(status for status, _ in answers) == {201: 1, 409: 7}
    assert {answer["code"] for status, answer in answers if status == 409} == {"check_consumed"}
    assert Customer.objects.count() == 1
