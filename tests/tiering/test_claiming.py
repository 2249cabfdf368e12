"""认领池: whom the policy gives nobody, first come, first served (decision D4)."""

from datetime import date

import pytest

from customers.models import Customer
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_customer, make_entity, make_qualified, make_staff, sign_in
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import OwnerReason, Tier
from tiering.errors import AlreadyOwned, NotEligible, NotInPool
from tiering.models import OwnerAssignment
from tiering.rules.money import parse_fen
from tiering.services.claiming import claim

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
POOL = "/tiering/adoption/pool/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY
    make_course()


@pytest.fixture
def lobby():
    return make_qualified(make_staff("lobby", position="lobby_manager", name="程小满"))


def pooled(**options):
    return make_standing(tier=Tier.UNBANDED, **options)


def address(standing) -> str:
    return f"/api/v1/customers/{standing.customer.customer_number}/claim/"


def test_who_claims_owns_and_is_the_first_maintainer(lobby):
    standing = pooled()
    answer = sign_in(lobby).post(address(standing))
    assert answer.status_code == 200
    [owner] = answer.json()["owners"]
    assert (owner["staff"], owner["position"], owner["reason_code"]) == ("lobby", "lobby_manager", OwnerReason.CLAIMED)
    assert answer.json()["initial_maintainer"] == "lobby"
    assert AuditEvent.objects.get(action="tiering.customer_claimed").detail == {
        "owner": "lobby",
        "position": "lobby_manager",
        "tier": "unbanded",
    }


def test_the_second_hears_who_was_first(lobby):
    standing = pooled()
    other = make_qualified(make_staff("advisor", position="financial_advisor"))
    sign_in(lobby).post(address(standing))
    answer = sign_in(other).post(address(standing))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_owned")
    assert (answer.json()["context"]["owner"], answer.json()["context"]["name"]) == ("lobby", "程小满")
    assert OwnerAssignment.objects.get().owner == lobby


def test_one_who_is_taken_undoes_the_claim_of_all(lobby):
    free, taken = pooled(), pooled(owner=make_staff())
    with pytest.raises(AlreadyOwned):
        claim(customers=[free.customer, taken.customer], by=lobby)
    assert not OwnerAssignment.objects.filter(customer=free.pk).exists()


def test_a_customer_in_a_band_is_adopted_not_claimed(lobby):
    with pytest.raises(NotInPool):
        claim(customers=[make_standing().customer], by=lobby)


def test_head_office_owns_nobody():
    head = make_staff("head", position="head_office", branch=make_entity().branch_set.get(code="000"))
    with pytest.raises(NotEligible):
        claim(customers=[pooled().customer], by=head)


def test_of_one_s_own_branch_alone(lobby):
    elsewhere = pooled(by=make_staff(position="supervisor", branch=make_branch("002")))
    abroad = pooled(
        by=make_staff(position="supervisor", branch=make_branch("101", entity=make_entity("LX", "临溪联社")))
    )
    client = sign_in(lobby)
    for standing in (elsewhere, abroad):
        assert client.post(address(standing)).status_code == 404
        sent = {"customer": standing.customer.customer_number}
        client.post(f"{POOL}claim/", sent)
    assert client.get(f"{POOL}?branch=002").status_code == 404
    assert OwnerAssignment.objects.count() == 0


def test_the_pool_says_why_nobody_is_named(lobby):
    old = make_customer()
    Customer.objects.filter(pk=old.pk).update(birth_date=date(1950, 1, 1))
    pooled(customer=old, aum=parse_fen("75000.00"))
    pooled(card_spend_year=parse_fen("62000.00"))
    make_standing()
    page = sign_in(lobby).get(POOL).content.decode()
    assert "60岁以上，政策未指定" in page
    assert "因信用卡年消费 6.2万 在册" in page
    assert "共 2 户" in page


def test_several_are_claimed_on_the_page(lobby):
    standings = [pooled() for _ in range(3)]
    client = sign_in(lobby)
    sent = {"customer": [each.customer.customer_number for each in standings[:2]]}
    page = client.post(f"{POOL}claim/?branch=001", sent, follow=True).content.decode()
    assert "已认领 2 户客户" in page
    assert OwnerAssignment.objects.filter(owner=lobby).count() == 2


@pytest.mark.parametrize("sent", [{}, {"customer": "\x00"}, {"customer": "😀"}, {"customer": "9" * 5000}])
def test_nothing_sensible_ticked_is_said_so(lobby, sent):
    pooled()
    answer = sign_in(lobby).post(f"{POOL}claim/", sent, follow=True)
    assert answer.status_code == 200
    assert "请至少勾选一户客户" in answer.content.decode()
