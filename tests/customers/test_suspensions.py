"""Expired documents: proposed daily, confirmed or put off by the manager, given way to by a renewal."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.enums import AmendmentKind, AmendmentStatus, CustomerStatus
from customers.errors import NotAmendable
from customers.jobs.propose_suspensions import Proposals, propose_suspensions
from customers.models import Amendment, Customer, IdentityDocument, Postponement
from customers.rules.expiry import EXPIRED_DOCUMENT, suspension_is_due
from customers.services import amend_customer, ask_for_standing, postpone_suspension
from customers.services.confirming import Confirmed, confirm_suspensions
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.sentences import sentence
from tellerdesk.audit.verification import verify
from tellerdesk.core.errors import FieldErrors, NotPermitted
from tests.factories import (
    make_branch,
    make_check,
    make_customer,
    make_entity,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(business_date, settings):
    gate = "training.backends.QualificationBackend"
    settings.AUTHENTICATION_BACKENDS = [each for each in settings.AUTHENTICATION_BACKENDS if each != gate]


@pytest.fixture
def manager():
    return make_staff(position="branch_manager")


def expired(days: int, **options) -> Customer:
    """Whose document ran out that many days ago; time passes for it without an event."""
    customer = make_customer(**options)
    IdentityDocument.objects.filter(customer=customer).update(valid_until=TODAY - days * DAY)
    return customer


def proposals() -> list:
    return list(Amendment.objects.pending().order_by("pk").values_list("customer", "kind", "maker", "reason"))


def test_the_day_after_the_grace_a_suspension_is_proposed_once():
    expired(90)
    due = expired(91)
    assert propose_suspensions() == Proposals(1, 0)
    assert propose_suspensions() == Proposals(0, 0)
    assert proposals() == [(due.pk, "suspension", None, EXPIRED_DOCUMENT)]
    proposal = Amendment.objects.get()
    assert proposal.changes == {"status": ["active", "suspended"]}
    assert (proposal.branch, proposal.base_version) == (due.home_branch, due.version)


def test_the_proposal_says_why_in_words():
    expired(100)
    propose_suspensions()
    event = AuditEvent.objects.get(action="customers.suspension_proposed")
    assert (event.actor, event.subject_id) == ("system", str(Customer.objects.get().pk))
    with override("en"):
        assert sentence(event).endswith("document expired beyond the time of grace")


def test_who_is_left_alone(manager):
    asked_for, suspended, put_off = expired(200), expired(200), expired(200)
    amend_customer(
        customer=asked_for, changes={"mobile": "13911112222"}, in_person=True, reason="换号", by=asked_for.opened_by
    )
    Customer.objects.filter(pk=suspended.pk).update(status=CustomerStatus.SUSPENDED)
    postpone_suspension(customer=put_off, until=TODAY + 30 * DAY, ground="住院治疗", by=manager)
    valid = make_customer()
    assert propose_suspensions() == Proposals(0, 0)
    assert propose_suspensions(day=TODAY + 30 * DAY) == Proposals(0, 0)
    assert propose_suspensions(day=TODAY + 31 * DAY) == Proposals(1, 0)
    assert valid.amendments.count() == 0


def test_a_proposal_on_a_file_that_has_changed_is_made_anew(manager):
    customer = expired(200)
    propose_suspensions()
    amend_customer(
        customer=customer, changes={"address": "新址"}, in_person=False, reason="搬家", by=customer.opened_by
    )
    assert propose_suspensions() == Proposals(1, 1)
    assert Amendment.objects.pending().get(kind=AmendmentKind.SUSPENSION).base_version == 2
    assert confirm_suspensions(pks=[Amendment.objects.pending().get().pk], by=manager) == Confirmed(1, 0)


def test_a_proposal_whose_ground_has_gone_is_withdrawn():
    customer = expired(200)
    propose_suspensions()
    customer.documents.update(valid_until=TODAY + DAY)
    assert propose_suspensions() == Proposals(0, 1)
    assert Amendment.objects.get().status == AmendmentStatus.WITHDRAWN


def test_what_a_person_asked_for_is_no_business_of_the_job(manager):
    customer = make_customer()
    ask_for_standing(customer=customer, kind="suspension", reason="司法要求", by=customer.opened_by)
    Customer.objects.update(version=5)
    assert propose_suspensions() == Proposals(0, 0)


def test_a_renewal_makes_the_proposal_give_way():
    number = make_resident_number()
    customer = expired(200, number=number)
    propose_suspensions()
    check = make_check(number, by=customer.opened_by, business="amend_customer")
    renewal = amend_customer(
        customer=customer, changes={"valid_from": "2026-11-01", "valid_until": "2046-11-01"}, in_person=True,
        check_id=check.pk, reason="证件到期换证", by=customer.opened_by,
    )  # fmt: skip
    assert [each.pk for each in Amendment.objects.pending()] == [renewal.pk]
    assert propose_suspensions() == Proposals(0, 0)


def test_all_legal_entities_and_many_customers_in_chunks(monkeypatch):
    other = make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    for by in (other, other, make_staff(), make_staff(), make_staff()):
        expired(120, by=by)
    assert propose_suspensions() == Proposals(5, 0)
    per_entity = {each.legal_entity.code for each in Amendment.objects.select_related("legal_entity")}
    assert per_entity == {"HZ", "LX"}


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_over_proposal_withdrawal_and_confirmation(manager):
    number = make_resident_number()
    first, second = expired_as_it_happens(number), expired_as_it_happens(make_resident_number())
    day = TODAY + 400 * DAY
    assert propose_suspensions(day=day) == Proposals(2, 0)
    confirm_suspensions(pks=[first.amendments.get().pk], by=manager)
    amend_customer(customer=second, changes={"address": "新址"}, in_person=False, reason="搬家", by=second.opened_by)
    assert propose_suspensions(day=day) == Proposals(1, 1)
    assert Customer.objects.get(pk=first.pk).status == CustomerStatus.SUSPENDED
    assert verify().faults == []


def expired_as_it_happens(number: str) -> Customer:
    return make_customer(number=number, valid_from=date(2017, 1, 1), valid_until=TODAY + 10 * DAY)


def test_the_command_says_what_it_did(capsys):
    expired(200)
    call_command("daily")
    assert capsys.readouterr().out == "suspensions proposed: 1, withdrawn: 0\n"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-5, 200)),
            st.one_of(st.none(), st.integers(-100, 100)),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_the_statement_and_the_rule_agree(rows):
    Amendment.objects.pending().update(status=AmendmentStatus.WITHDRAWN)
    IdentityDocument.objects.update(valid_until=None)
    expected = set()
    for days, put_off in rows:
        customer = make_customer()
        until = None if days is None else TODAY - days * DAY
        customer.documents.update(valid_until=until)
        postponed = None if put_off is None else TODAY + put_off * DAY
        if postponed:
            Postponement.objects.create(
                document=customer.documents.get(), until=postponed, ground="x", by=customer.opened_by
            )
        if suspension_is_due(until, today=TODAY, grace_days=90, postponed_until=postponed):
            expected.add(customer.pk)
    propose_suspensions()
    assert {pk for pk, *_rest in proposals()} == expected


def test_the_manager_puts_it_off_and_the_proposal_is_withdrawn(manager):
    customer = expired(200)
    propose_suspensions()
    postponement = postpone_suspension(customer=customer, until=TODAY + 60 * DAY, ground=" 出国未归 ", by=manager)
    assert (postponement.ground, Amendment.objects.get().status) == ("出国未归", AmendmentStatus.WITHDRAWN)
    assert "2027-01-23" in sentence(AuditEvent.objects.get(action="customers.suspension_postponed"))
    assert propose_suspensions() == Proposals(0, 0)


def test_what_a_person_asked_for_stays_when_it_is_put_off(manager):
    customer = expired(200)
    waiting = ask_for_standing(customer=customer, kind="suspension", reason="司法要求", by=customer.opened_by)
    postpone_suspension(customer=customer, until=TODAY + DAY, ground="住院", by=manager)
    waiting.refresh_from_db()
    assert waiting.status == AmendmentStatus.PENDING_REVIEW


@pytest.mark.parametrize(
    ("until", "ground", "field"),
    [
        (TODAY, "住院", "until"),
        (TODAY + 500 * DAY, "住院", "until"),
        (TODAY + DAY, " ", "ground"),
        (TODAY + DAY, "\x00", "ground"),
        (TODAY + DAY, "长" * 201, "ground"),
    ],
)
def test_what_is_wrong_with_a_postponement(manager, until, ground, field):
    with pytest.raises(FieldErrors) as refused:
        postpone_suspension(customer=expired(100), until=until, ground=ground, by=manager)
    assert list(refused.value.errors) == [field]
    assert Postponement.objects.count() == 0


def test_only_the_home_branchs_manager_and_only_a_customer_in_use(manager):
    customer = expired(100)
    elsewhere = make_staff(position="branch_manager", branch=make_branch("002", name="城西支行"))
    for by in (elsewhere, make_staff(position="supervisor")):
        with pytest.raises(NotPermitted):
            postpone_suspension(customer=customer, until=TODAY + DAY, ground="住院", by=by)
    Customer.objects.update(status=CustomerStatus.SUSPENDED)
    with pytest.raises(NotAmendable):
        postpone_suspension(customer=customer, until=TODAY + DAY, ground="住院", by=manager)


def test_confirming_leaves_what_is_not_the_managers(manager):
    mine = expired(200)
    theirs = expired(200, by=make_staff(branch=make_branch("002", name="城西支行")))
    propose_suspensions()
    pks = [mine.amendments.get().pk, theirs.amendments.get().pk, 999999999]
    assert confirm_suspensions(pks=pks + pks, by=manager) == Confirmed(1, 2)
    assert Customer.objects.get(pk=mine.pk).status == CustomerStatus.SUSPENDED
    assert Customer.objects.get(pk=theirs.pk).status == CustomerStatus.ACTIVE


def test_over_http(client, manager):
    customer = expired(200)
    propose_suspensions()
    sign_in(manager, client)
    page = client.get("/customers/expiring/?within=over").content.decode()
    assert f'value="{customer.amendments.get().pk}"' in page
    assert "顾**禾" not in page
    assert "顾*禾" in page
    chosen = {"proposal": [customer.amendments.get().pk, "x", "\x00", "9" * 30]}
    page = client.post("/customers/expiring/confirm/", chosen).content.decode()
    assert "确定现在中止这 1 位客户" in page
    assert Customer.objects.get().status == CustomerStatus.ACTIVE
    answer = client.post("/customers/expiring/confirm/", {**chosen, "sure": "1"})
    assert answer.headers["Location"] == "/customers/expiring/?within=over"
    assert Customer.objects.get().status == CustomerStatus.SUSPENDED
    other = expired(300)
    typed = {"until": "2026-12-24", "ground": "住院治疗"}
    assert client.post(f"/customers/{other.customer_number}/postpone/", {"until": "x", "ground": ""}).status_code == 200
    answer = client.post(f"/customers/{other.customer_number}/postpone/", typed, follow=True).content.decode()
    assert "中止已延期至 2026-12-24" in answer
    assert Postponement.objects.get().by == manager


def test_nothing_ticked_is_an_error_and_writes_nothing(client, manager):
    expired(200)
    propose_suspensions()
    sign_in(manager, client)
    events = AuditEvent.objects.count()
    answer = client.post("/customers/expiring/confirm/", {"sure": "1"}, follow=True).content.decode()
    assert "请先勾选客户" in answer
    assert "已中止" not in answer
    assert AuditEvent.objects.count() == events


def test_what_was_decided_meanwhile_is_not_called_suspended(client, manager):
    sign_in(manager, client)
    answer = client.post("/customers/expiring/confirm/", {"proposal": [999999]}, follow=True).content.decode()
    assert "已中止" not in answer
    assert "1 项未处理" in answer


@pytest.mark.parametrize(("query", "list_or_file"), [("?within=over", "list"), ("?within=x", "file"), ("", "file")])
def test_a_postponement_leads_back_to_where_it_came_from(client, manager, query, list_or_file):
    customer = expired(200)
    sign_in(manager, client)
    ends = {"list": "/customers/expiring/?within=over", "file": f"/customers/{customer.customer_number}/"}
    typed = {"until": "2026-12-24", "ground": "住院治疗"}
    answer = client.post(f"/customers/{customer.customer_number}/postpone/{query}", typed)
    assert answer.headers["Location"] == ends[list_or_file]


def test_the_interface_of_postponements(client, manager):
    customer = expired(200)
    sign_in(manager, client)
    address = f"/api/v1/customers/{customer.customer_number}/postponements/"
    for wrong in ({}, {"until": "x", "ground": "a"}, {"until": "2027-01-01", "ground": "\x00"}, [1]):
        assert client.post(address, wrong, content_type="application/json").status_code == 400
    made = client.post(address, {"until": "2027-01-01", "ground": "住院"}, content_type="application/json")
    assert (made.status_code, made.json()["by"]) == (201, manager.username)
    sign_in(make_staff(position="branch_manager", branch=make_branch("002", name="城西支行")), client)
    assert (
        client.post(address, {"until": "2027-01-01", "ground": "住院"}, content_type="application/json").status_code
        == 403
    )
    sign_in(make_staff(position="branch_manager", branch=make_branch("101", entity=make_entity("LX", "临溪"))), client)
    assert (
        client.post(address, {"until": "2027-01-01", "ground": "住院"}, content_type="application/json").status_code
        == 404
    )
    assert client.delete(address).status_code == 405
