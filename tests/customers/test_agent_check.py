"""Whoever acts for a customer is checked like one (rules 1.4, 3.4)."""

import pytest

from customers.enums import CheckDecision
from customers.errors import AgentNotAllowed, AgentNotVerified, CheckConsumed
from customers.models import Agent, Amendment, Customer, IdentityCheck
from customers.rules.corroboration import Evidence
from customers.services import amend_customer, decide_check, open_customer
from customers.services.agent_check import use_agent_check
from tellerdesk.audit.verification import verify
from tests.customers.checks import agent_of
from tests.customers.pages import checked, form, logged_in
from tests.factories import (
    make_check,
    make_customer,
    make_particulars,
    make_qualified,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
REFUSED = {900: "name_mismatch", 901: "not_found", 903: "card_lost", 904: "card_invalid"}


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller():
    return make_staff()


def opened(teller, agent):
    number = make_resident_number()
    check = make_check(number, by=teller)
    return open_customer(check_id=check.pk, particulars=make_particulars(number, agent=agent), by=teller).customer


def amended(customer, agent, *, by, **changes):
    changes = changes or {"address": "浙江省杭州市样例路2号"}
    return amend_customer(customer=customer, changes=changes, in_person=False, agent=agent, reason="申请书", by=by)


def of_agents():
    return IdentityCheck.objects.filter(business="agent").order_by("pk")


def test_an_opening_asks_about_the_agent_and_keeps_the_answer(teller):
    customer = opened(teller, agent_of(make_resident_number()))
    check = of_agents().get()
    assert customer.agents.get().identity_check == check
    assert (check.outcome, check.teller, check.customer, check.consumed_at is not None) == ("match", teller, None, True)


def test_so_does_a_change(teller):
    customer = make_customer(by=teller)
    amended(customer, agent_of(make_resident_number()), by=teller)
    assert customer.agents.get().identity_check == of_agents().get()


@pytest.mark.parametrize("sequence", REFUSED)
def test_an_agent_who_is_not_confirmed_does_not_act(teller, sequence):
    with pytest.raises(AgentNotVerified) as refused:
        opened(teller, agent_of(make_resident_number(sequence=sequence)))
    assert refused.value.context["outcome"] == REFUSED[sequence]
    assert of_agents().get().outcome == REFUSED[sequence]
    assert (Customer.objects.count(), Agent.objects.count()) == (0, 0)


def test_nor_in_a_change(teller):
    customer = make_customer(by=teller)
    with pytest.raises(AgentNotVerified):
        amended(customer, agent_of(make_resident_number(sequence=901)), by=teller)
    assert Amendment.objects.count() == 0
    customer.refresh_from_db()
    assert customer.version == 1


def test_a_system_away_lets_the_agent_act_and_owes_the_check(teller):
    opened(teller, agent_of(make_resident_number(sequence=905)))
    check = of_agents().get()
    assert (check.owed_kind, str(check.follow_up_due_on)) == ("deferred_check", "2026-11-25")


def test_a_paper_it_does_not_cover_is_verified_by_itself(teller):
    opened(teller, agent_of("E12345678", document_type="foreign_passport"))
    assert of_agents().get().outcome == "not_applicable"


def test_nobody_is_asked_about_an_agent_who_may_not_act(teller):
    customer = make_customer(by=teller)
    with pytest.raises(AgentNotAllowed):
        amended(customer, agent_of(make_resident_number()), by=teller, mobile="13900000130")
    assert of_agents().count() == 0


def test_further_verification_in_1003_opens_the_way(teller):
    number = make_resident_number(sequence=900)
    with pytest.raises(AgentNotVerified) as refused:
        opened(teller, agent_of(number))
    check = IdentityCheck.objects.get(pk=refused.value.context["identity_check"])
    genuine = Evidence(reader_genuine=True)
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=genuine, by=teller)
    customer = opened(teller, agent_of(number))
    assert customer.agents.get().identity_check == check
    assert of_agents().count() == 1


@pytest.mark.parametrize(
    ("decision", "evidence", "reason"),
    [
        (CheckDecision.HOLD_PENDING_POLICE, Evidence(photo_matches=False), ""),
        (CheckDecision.REFUSE, Evidence(photo_matches=False, reader_genuine=False), "impersonation"),
    ],
)
def test_what_the_teller_found_in_1003_is_not_asked_away(teller, decision, evidence, reason):
    number = make_resident_number(sequence=907)
    check = make_check(number, by=teller, name="顾长青", business="agent")
    decide_check(check=check, decision=decision, evidence=evidence, reason=reason, by=teller)
    with pytest.raises(AgentNotVerified) as refused:
        opened(teller, agent_of(number))
    assert refused.value.context["outcome"] == "photo_differs"
    assert of_agents().get() == check


def test_of_two_at_once_the_second_finds_it_used(teller):
    check = make_check(make_resident_number(), by=teller, name="顾长青", business="agent")
    use_agent_check(check, by=teller)
    with pytest.raises(CheckConsumed):
        use_agent_check(check, by=teller)


def test_a_check_serves_one_business_one_teller_and_one_name(teller):
    number = make_resident_number()
    opened(teller, agent_of(number))
    opened(teller, agent_of(number))
    opened(make_staff(), agent_of(number))
    opened(teller, agent_of(number, name="顾长庚"))
    assert of_agents().count() == 4


def test_the_interface_says_409_with_the_outcome(teller, settings):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]
    customer = make_customer(by=teller)
    agent = vars(agent_of(make_resident_number(sequence=903)))
    body = {"changes": {"address": "样例路2号"}, "in_person": False, "agent": agent, "reason": "申请书"}
    address = f"/api/v1/customers/{customer.customer_number}/amendments/"
    answer = sign_in(teller).post(address, body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "agent_not_verified")
    assert answer.json()["context"]["outcome"] == "card_lost"


def test_the_page_keeps_the_check_of_an_agent_it_refused(client):
    logged_in(client)
    number = make_resident_number()
    agent = vars(agent_of(make_resident_number(sequence=901)))
    typed = {f"agent_{name}": value for name, value in agent.items()} | {"has_agent": "on"}
    page = client.post("/customers/open/", form(number, checked(client, number), **typed))
    assert page.status_code == 200
    assert "代理人的联网核查结果" in page.content.decode()
    assert of_agents().get().outcome == "not_found"
    assert Customer.objects.count() == 0


def test_the_file_and_the_checker_see_it(client):
    teller = logged_in(client)
    customer = opened(teller, agent_of(make_resident_number()))
    request = Amendment.objects.get(customer=customer)
    check = of_agents().get()
    checker = make_staff(position="supervisor")
    page = sign_in(make_qualified(checker)).get(f"/customers/review/{request.pk}/").content.decode()
    assert f"/customers/checks/{check.pk}/" in page
    assert "代理人联网核查" in page
    page = client.get(f"/customers/checks/{check.pk}/").content.decode()
    assert customer.customer_number[:4] in page


@pytest.mark.django_db(transaction=True)
def test_the_seals_hold(teller):
    opened(teller, agent_of(make_resident_number(sequence=905)))
    amended(make_customer(by=teller), agent_of(make_resident_number()), by=teller)
    assert verify().faults == []
