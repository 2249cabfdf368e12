"""Lists of customers by name, beside the one of 2002: read in full for a reason, once, and told in the audit."""

import html
from datetime import date

import pytest

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.sentences import sentence
from tests.factories import make_branch, make_customer, make_qualified, make_staff, sign_in
from tests.tiering.handing import begun, make_people
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import Tier
from tiering.models import UpgradeCase
from tiering.services.adopting import adopt_by_hand

pytestmark = pytest.mark.django_db
NAME, MASKED = "欧阳青禾", "欧**禾"
WHY = {"reason": "监管检查", "newest": ""}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def people():
    return make_people(courses=True)


def adoption(people, **_fields):
    make_standing(named(people))
    return "/tiering/adoption/", "领养"


def claim_pool(people):
    make_standing(named(people), tier=Tier.UNBANDED)
    return "/tiering/adoption/pool/", "认领池"


def batch(people):
    numbers = [make_standing(named(people)).customer.customer_number]
    made = adopt_by_hand(branch=make_branch(), customer_numbers=numbers, owner="one", note="分配", by=people["manager"])
    return f"/tiering/adoption/batches/{made.pk}/", "领养批次"


def upgrade_list(people):
    standing = make_standing(named(people), tier=Tier.WEALTH_MANAGEMENT, owner=people["one"])
    UpgradeCase.objects.create(
        legal_entity_id=standing.legal_entity_id,
        branch_id=standing.branch_id,
        customer_id=standing.pk,
        owner=people["one"],
        opened_on=date(2026, 11, 20),
        from_tier=Tier.BRANCH_STAFF,
        to_tier=Tier.WEALTH_MANAGEMENT,
    )
    return "/tiering/upgrades/", "升级意愿"


def hand_over(people):
    make_standing(named(people), owner=people["leaver"])
    return f"/tiering/hand-overs/{begun(people).pk}/", "移交清单"


def concentration(people):
    make_standing(named(people), owner=people["one"])
    return "/tiering/concentration/customers/", "二八"


def named(people):
    return make_customer(by=people["one"], name=NAME)


def page(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("made", [adoption, claim_pool, batch, upgrade_list, hand_over, concentration])
def test_a_list_is_read_in_full_for_a_reason_and_told(people, made):
    address, words = made(people)
    manager = sign_in(people["manager"])
    masked = page(manager.get(address))
    assert (MASKED in masked, NAME in masked) == (True, False)
    refused = page(manager.post(address, WHY | {"reason": " "}))
    assert (MASKED in refused, NAME in refused, "unmask-error" in refused) == (True, False, True)
    lifted = manager.post(address, WHY)
    assert (lifted.status_code, NAME in page(lifted), "no-store" in lifted["Cache-Control"]) == (200, True, True)
    event = AuditEvent.objects.get(action="customers.list_unmasked")
    assert (event.actor, event.detail["rows"], event.detail["reason"]) == ("manager", 1, "监管检查")
    assert words in sentence(event)
    assert NAME not in str(event.detail)
    assert NAME not in page(manager.get(address))


def test_whoever_may_not_lift_the_mask_is_not_offered_it_and_gets_403():
    make_course()
    lobby = make_qualified(make_staff("lobby", position="lobby_manager"))
    make_standing(make_customer(by=lobby, name=NAME))
    client = sign_in(lobby)
    assert "unmask-reason" not in page(client.get("/tiering/adoption/"))
    answer = client.post("/tiering/adoption/", WHY)
    assert (answer.status_code, NAME in page(answer)) == (403, False)
