"""One customer's tier and owners over HTTP: reach for reading, view for setting, every look in the log."""

import json
from datetime import date

import pytest

from customers.models import Customer, Look
from tests.customers.attacks import WRONG
from tests.factories import (
    make_branch,
    make_customer,
    make_entity,
    make_posting,
    make_qualified,
    make_staff,
    sign_in,
)
from tests.tiering.standing import make_owner, make_standing
from tests.training.makers import make_course
from tiering.enums import CardLevel, Reason, Tier
from tiering.models import OwnerAssignment, TierAssignment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def manager():
    make_course()
    return make_qualified(make_staff("manager", position="branch_manager", name="方砚"))


def address(standing_or_customer, what: str) -> str:
    customer = getattr(standing_or_customer, "customer", standing_or_customer)
    return f"/api/v1/customers/{customer.customer_number}/{what}/"


def read(staff, customer) -> tuple[int, dict]:
    answer = sign_in(staff).get(address(customer, "tier"))
    return answer.status_code, answer.json()


def send(staff, customer, body) -> tuple[int, dict]:
    client = sign_in(staff)
    client.raise_request_exception = False
    answer = client.post(address(customer, "owners"), json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_tier_of_a_customer():
    teller = make_staff("teller", name="许知微")
    standing = make_standing(
        owner=teller,
        card_spend_year=6_200_000,
        card_level=CardLevel.PLATINUM,
        reasons=Reason.AUM | Reason.CARD_SPEND_YEAR | Reason.CARD_LEVEL,
    )
    status, body = read(make_staff(position="auditor"), standing)
    assert status == 200
    assert body == {
        "customer_number": standing.customer.customer_number,
        "tier": "branch_staff",
        "since": "2026-10-31",
        "in_scope": True,
        "reasons": ["aum", "card_spend_year", "card_level"],
        "reason_text": "因个人金融资产 7.5万、信用卡年消费 6.2万、白金卡 在册",
        "aum": "75000.00",
        "card_spend_year": "62000.00",
        "personal_loan_balance": "0.00",
        "custody_margin": "0.00",
        "card_level": "platinum",
        "policy_version": 1,
        "branch": "001",
        "owners": [
            {
                "staff": "teller",
                "name": "许知微",
                "position": "teller",
                "primary": True,
                "since": "2026-10-31",
                "reason": "dealt",
                "reason_code": "dealt",
            }
        ],
        "initial_maintainer": "teller",
        "credit": {"staff": "teller", "name": "许知微", "beneficiary": None},
        "owed": {"missing_positions": [], "owner_due_on": None, "owner_overdue": False, "owners": "complete"},
        "history": [
            {
                "kind": "owner",
                "staff": "teller",
                "name": "许知微",
                "position": "teller",
                "primary": True,
                "since": "2026-10-31",
                "reason": "dealt",
                "reason_code": "dealt",
                "until": None,
                "end_reason": "",
                "by": None,
            }
        ],
    }


def test_who_never_was_in_scope():
    status, body = read(make_staff(), make_customer())
    found = {name: body[name] for name in ("tier", "since", "reasons", "owners", "initial_maintainer", "history")}
    empty = {"since": None, "reasons": [], "owners": [], "initial_maintainer": None, "history": []}
    assert (status, found) == (200, {"tier": "out_of_scope", **empty})


def test_who_fell_out_has_no_figures_for_those_of_that_day_are_old():
    status, body = read(make_staff(), make_standing(tier=Tier.OUT_OF_SCOPE))
    figures = ("aum", "card_spend_year", "personal_loan_balance", "custody_margin", "card_level")
    assert (status, body["tier"], body["since"]) == (200, "out_of_scope", "2026-10-31")
    assert [body[name] for name in figures] == [None] * 5


def test_the_branch_that_counts_is_that_of_the_standing_tier(manager):
    """Moved to another branch since the last night."""
    make_staff("teller")
    standing, other = make_standing(), make_branch("002")
    there = make_qualified(make_staff("manager2", position="branch_manager", branch=other))
    Customer.objects.filter(pk=standing.customer_id).update(home_branch=other)
    assert read(manager, standing)[1]["branch"] == "001"
    assert send(there, standing, {"owner": "teller", "reason": "x"})[0] == 404
    assert send(manager, standing, {"owner": "teller", "reason": "x"})[0] == 200


def test_a_tier_is_reached_from_any_branch_and_the_look_is_recorded():
    standing = make_standing()
    far = make_staff(branch=make_branch("002"))
    assert read(far, standing)[0] == 200
    look = Look.objects.latest("pk")
    assert (look.staff, look.customer, look.key) == (far, standing.customer, standing.customer.customer_number)


def test_another_legal_entity_is_not_found(manager):
    foreign = make_staff("foreign", branch=make_branch("101", entity=make_entity("LX", "临溪联社")))
    standing = make_standing(by=foreign)
    assert read(manager, standing)[0] == 404
    assert send(manager, standing, {"owner": "foreign", "reason": "x"})[0] == 404


def test_owners_are_set_and_told_as_a_look_tells_them(manager):
    make_staff("teller", name="许知微")
    standing = make_standing()
    status, body = send(manager, standing, {"owner": "teller", "reason": "客户要求", "co_owners": []})
    assert status == 200
    assert body == read(manager, standing)[1]
    assert [(row["staff"], row["primary"], row["since"], row["reason"]) for row in body["owners"]] == [
        ("teller", True, "2026-11-24", "客户要求")
    ]
    assert body["initial_maintainer"] == "teller"


def test_not_eligible_says_why(manager):
    make_staff("boss", position="supervisor")
    status, body = send(manager, make_standing(), {"owner": "boss", "reason": "x"})
    assert (status, body["code"]) == (409, "not_eligible")
    assert {name: body["context"][name] for name in ("why", "staff", "positions", "branch")} == {
        "why": "position",
        "staff": "boss",
        "positions": ["teller"],
        "branch": "001",
    }
    assert body["message"] == "不能指定责任人：boss 在网点 001 不任可维护此层客户的岗位"
    assert send(manager, make_customer(), {"owner": "boss", "reason": "x"})[1]["context"]["why"] == "out_of_scope"


def test_a_manager_sets_owners_in_his_own_branch_alone(manager):
    far = make_staff("far", branch=make_branch("002"))
    standing = make_standing(by=far)
    assert send(manager, standing, {"owner": "far", "reason": "x"})[0] == 404
    head = make_entity().branch_set.get(code="000")
    for position in ("deputy_president", "head_office"):
        above = make_qualified(make_staff(position=position, branch=head))
        assert send(above, standing, {"owner": "far", "reason": "x"})[0] == 200


def test_a_second_posting_does_not_widen_the_first(manager):
    """Teller in 002 beside manager of 001: customers of 002 are looked up, not dealt out."""
    make_posting(manager, position="teller", branch=make_branch("002"))
    far = make_staff("far", branch=make_branch("002"))
    assert send(manager, make_standing(by=far), {"owner": "far", "reason": "x"})[0] == 404


def test_the_course_comes_first():
    make_course()
    newcomer = make_staff(position="branch_manager")
    status, body = send(newcomer, make_standing(), {"owner": "x", "reason": "x"})
    assert (status, body["permission"]) == (403, "tiering.set_owners")
    assert [course["code"] for course in body["courses"]] == ["customer-maintenance"]


@pytest.mark.parametrize("position", ["teller", "supervisor", "lobby_manager", "financial_advisor", "auditor"])
def test_others_set_nobody(position):
    make_staff("other")
    staff = make_qualified(make_staff(position=position))
    status, body = send(staff, make_standing(), {"owner": "other", "reason": "x"})
    assert (status, body["courses"]) == (403, [])


@pytest.mark.parametrize("field", ["owner", "reason", "co_owners"])
@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_whatever_stands_in_a_field(manager, field, value):
    """Nothing but the right types is taken, and nothing written beside a 200."""
    teller = make_staff("teller")
    standing = make_standing(owner=teller)
    status, body = send(manager, standing, {"owner": "teller", "reason": "x", "co_owners": [], field: value})
    fine = (field == "co_owners" and value in (None, [])) or (field == "reason" and isinstance(value, str))
    if status == 200:
        assert fine
    else:
        assert (status, {name.partition(".")[0] for name in body["errors"]}) == (400, {field})
    assert TierAssignment.objects.get(pk=standing.pk).owner == teller


def test_too_many_co_owners(manager):
    make_staff("teller")
    status, body = send(manager, make_standing(), {"owner": "teller", "reason": "x", "co_owners": ["a"] * 11})
    assert (status, set(body["errors"])) == (400, {"co_owners"})


def test_there_is_nothing_to_delete(manager):
    standing = make_standing()
    client = sign_in(manager)
    answers = [client.delete(address(standing, what)).status_code for what in ("tier", "owners")]
    answers += [client.post(address(standing, "tier")).status_code, client.get(address(standing, "owners")).status_code]
    assert answers == [405, 405, 405, 405]


def test_who_left_no_longer_counts_as_an_owner():
    teller = make_staff("teller")
    standing = make_standing(tier=Tier.BRANCH_STAFF)
    row = make_owner(standing, teller)
    row.until, row.end_reason = date(2026, 11, 20), "left"
    row.save()
    body = read(make_staff(), standing)[1]
    assert (body["owners"], body["history"][0]["until"], body["history"][0]["end_reason"]) == ([], "2026-11-20", "left")
    assert OwnerAssignment.objects.count() == 1
