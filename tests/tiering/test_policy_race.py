"""Several people at once over one policy: one of them wins, everybody is answered, the chain holds."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tests.factories import sign_in
from tests.tiering.drafting import body, deputy, head_office
from tiering.models import PolicyStep, ProductCategory, TierPolicy

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
URL = "/api/v1/tiering/policies/"
AT_ONCE, CLIENTS = 30, 4


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


def at_once(people, path: str, bodies: list[dict], method: str = "post") -> list[tuple[int, dict]]:
    start = Barrier(len(people))
    clients = [sign_in(each, Client(raise_request_exception=False)) for each in people]

    def send(client, sent):
        try:
            start.wait(AT_ONCE)
            answer = getattr(client, method)(f"{URL}{path}", json.dumps(sent), content_type="application/json")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(send, clients, bodies))


def test_of_several_approvers_one_approves():
    drafter = head_office()
    [(status, _)] = at_once([drafter], "", [body()])
    assert status == 201
    at_once([drafter], "2/submit/", [{}])
    answers = at_once([deputy() for _ in range(CLIENTS)], "2/approve/", [{}] * CLIENTS)
    assert sorted(status for status, _ in answers) == [200] + [409] * (CLIENTS - 1)
    assert {said["code"] for status, said in answers if status == 409} == {"already_decided"}
    assert PolicyStep.objects.filter(kind="approved").count() == 1
    assert AuditEvent.objects.filter(action="tiering.policy_approved").count() == 1
    assert verify().faults == []


def test_drafts_at_once_have_numbers_and_bits_of_their_own():
    people = [head_office() for _ in range(CLIENTS)]
    bodies = [body(product_categories=["fund", {"code": f"new_{n}", "name": f"新{n}"}]) for n in range(CLIENTS)]
    answers = at_once(people, "", bodies)
    assert sorted(said["version"] for _, said in answers) == [2, 3, 4, 5]
    bits = ProductCategory.objects.filter(code__startswith="new_").values_list("bit", flat=True)
    assert sorted(bits) == [8, 9, 10, 11]
    assert verify().faults == []


def test_of_several_revisions_one_is_the_next():
    people = [head_office() for _ in range(CLIENTS)]
    at_once(people[:1], "", [body()])
    bodies = [body(note=f"第{n}稿", revision=1) for n in range(CLIENTS)]
    answers = at_once(people, "2/", bodies, "put")
    assert sorted(status for status, _ in answers) == [200] + [409] * (CLIENTS - 1)
    assert {said["code"] for status, said in answers if status == 409} == {"stale"}
    kept = TierPolicy.objects.get(version=2)
    assert (kept.revision, [kept.note]) == (2, [said["note"] for status, said in answers if status == 200])
