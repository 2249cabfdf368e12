"""Two managers at once: one primary, both answered; and whoever waits on the night gives way to it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections, transaction
from django.test import Client

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tests.factories import make_qualified, make_staff, sign_in
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.models import OwnerAssignment, TierAssignment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
AT_ONCE, CLIENTS = 30, 8


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def managers():
    make_course()
    return [make_qualified(make_staff(f"m{place}", position="branch_manager")) for place in range(2)]


def send(client: Client, number: str, owner: str, start: Barrier | None = None) -> tuple[int, dict]:
    try:
        if start:
            start.wait(AT_ONCE)
        body = json.dumps({"owner": owner, "reason": "客户要求", "co_owners": []})
        answer = client.post(f"/api/v1/customers/{number}/owners/", body, content_type="application/json")
        return answer.status_code, answer.json()
    finally:
        if start:
            connections.close_all()


def test_the_last_one_stays_and_there_is_one_primary(managers):
    tellers = [make_staff(f"t{place}").username for place in range(CLIENTS)]
    number = make_standing().customer.customer_number
    clients = [sign_in(managers[place % 2], Client(raise_request_exception=False)) for place in range(CLIENTS)]
    start = Barrier(CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(send, clients, [number] * CLIENTS, tellers, [start] * CLIENTS))
    set_ones = [body for status, body in answers if status == 200]
    assert {status for status, _ in answers} <= {200, 409}
    assert {body["code"] for status, body in answers if status == 409} <= {"busy"}
    assert all(len(body["owners"]) == 1 for body in set_ones)
    present = OwnerAssignment.objects.current().get()
    standing = TierAssignment.objects.get()
    assert (standing.owner, present.is_primary) == (present.owner, True)
    assert (
        OwnerAssignment.objects.count()
        == len(set_ones)
        == AuditEvent.objects.filter(action="tiering.owners_set").count()
    )
    assert standing.initial_maintainer == OwnerAssignment.objects.order_by("pk").first().owner
    assert verify().faults == []


def test_while_the_night_holds_the_customer_the_manager_is_told_to_come_back(managers):
    make_staff("teller")
    standing = make_standing()
    client = sign_in(managers[0])
    with transaction.atomic(using="owner"):
        TierAssignment.objects.using("owner").select_for_update().get(pk=standing.pk)
        status, body = send(client, standing.customer.customer_number, "teller")
    assert (status, body["code"]) == (409, "busy")
    assert send(client, standing.customer.customer_number, "teller")[0] == 200


def test_an_owner_that_the_night_writes_meanwhile_wins(managers):
    """Two open primaries cannot be: the night's row is in its transaction, and the manager gives way."""
    make_staff("teller")
    dealt, standing = make_staff("dealt"), make_standing()
    row = {"legal_entity_id": standing.legal_entity_id, "customer_id": standing.pk, "owner_id": dealt.pk}
    client = sign_in(managers[0])
    with transaction.atomic(using="owner"):
        OwnerAssignment.objects.using("owner").create(
            **row, position="teller", is_primary=True, since=date(2026, 11, 23), reason="dealt"
        )
        status, body = send(client, standing.customer.customer_number, "teller")
    assert (status, body["code"]) == (409, "busy")
    assert OwnerAssignment.objects.get().owner == dealt
