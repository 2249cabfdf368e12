"""Two at once over one customer: one has him, the other hears of it, and nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from tests.factories import make_qualified, make_staff, sign_in
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import OwnerReason, Tier
from tiering.models import OwnerAssignment, OwnerBatch, TierAssignment, UpgradeCase
from tiering.services.adopting import adopt_by_hand

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
AT_ONCE = 30


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)
    make_course()


def at_once(people, address_of, bodies) -> list[tuple[int, dict]]:
    start = Barrier(len(people))
    clients = [sign_in(each, Client(raise_request_exception=False)) for each in people]

    def send(place: int) -> tuple[int, dict]:
        try:
            start.wait(AT_ONCE)
            answer = clients[place].post(address_of(place), bodies[place], content_type="application/json")
            return answer.status_code, answer.json()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(send, range(len(people))))


def the_one_winner(answers) -> dict:
    won = [body for status, body in answers if status == 200]
    assert len(won) == 1
    assert {status for status, _ in answers} == {200, 409}
    return won[0]


def test_one_of_six_claims_and_the_rest_hear_so():
    people = [make_qualified(make_staff(f"l{place}", position="lobby_manager")) for place in range(6)]
    standing = make_standing(tier=Tier.UNBANDED)
    address = f"/api/v1/customers/{standing.customer.customer_number}/claim/"
    answers = at_once(people, lambda _: address, [{}] * 6)
    won = the_one_winner(answers)
    assert {body["code"] for status, body in answers if status == 409} <= {"already_owned", "busy"}
    row = OwnerAssignment.objects.get()
    assert row.owner.username == won["owners"][0]["staff"]
    assert TierAssignment.objects.get().owner == row.owner


def test_of_two_batches_over_one_customer_one_is_carried_out():
    manager = make_qualified(make_staff("manager", position="branch_manager"))
    tellers = [make_staff(f"t{place}") for place in range(2)]
    shared, mine, yours = (make_standing(by=tellers[0]) for _ in range(3))
    batches = [
        adopt_by_hand(
            branch=shared.branch,
            customer_numbers=[each.customer.customer_number for each in (shared, other)],
            owner=teller.username,
            note="x",
            by=manager,
        )
        for teller, other in zip(tellers, (mine, yours), strict=True)
    ]
    addresses = [f"/api/v1/tiering/owner-batches/{batch.pk}/apply/" for batch in batches]
    answers = at_once([manager, manager], addresses.__getitem__, [{}, {}])
    won = the_one_winner(answers)
    assert {body["code"] for status, body in answers if status == 409} <= {"stale", "busy"}
    assert OwnerAssignment.objects.filter(reason=OwnerReason.ADOPTED).count() == 2
    assert OwnerBatch.objects.filter(status="applied").get().pk == won["id"]
    assert TierAssignment.objects.filter(owner=None).count() == 1


def test_a_choice_recorded_by_two_at_once_counts_once():
    manager = make_qualified(make_staff("manager", position="branch_manager"))
    teller = make_qualified(make_staff("teller"))
    make_staff("advisor", position="financial_advisor")
    standing = make_standing(tier=Tier.WEALTH_MANAGEMENT, owner=teller)
    case = UpgradeCase.objects.create(
        legal_entity_id=standing.legal_entity_id,
        branch_id=standing.branch_id,
        customer_id=standing.pk,
        owner=teller,
        opened_on=date(2026, 11, 20),
        from_tier=Tier.BRANCH_STAFF,
        to_tier=Tier.WEALTH_MANAGEMENT,
    )
    bodies = [{"choice": "stay"}, {"choice": "change", "owner": "advisor"}]
    answers = at_once([teller, manager], lambda _: f"/api/v1/tiering/upgrade-cases/{case.pk}/choice/", bodies)
    won = the_one_winner(answers)
    assert {body["code"] for status, body in answers if status == 409} <= {"already_decided", "busy"}
    owner = TierAssignment.objects.get().owner.username
    assert (won["status"], owner) in {("stay", "teller"), ("change", "advisor")}
    assert OwnerAssignment.objects.current().get().owner.username == owner
