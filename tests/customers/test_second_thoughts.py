"""What must not follow from an act: verified by somebody else's name, refused for good by a refusal nobody approved."""

from datetime import date

import pytest

from customers.enums import CheckDecision, RefusalReason, Verification
from customers.jobs.propose_suspensions import propose_suspensions
from customers.models import Amendment, Customer, Look
from customers.rules.corroboration import Evidence
from customers.services import amend_customer, approve, decide_check, open_customer, reject, report_to_police
from tellerdesk.audit.verification import verify
from tellerdesk.core.errors import FieldErrors
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


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def supervisor():
    return make_qualified(make_staff(position="supervisor"))


def deferred_customer():
    """Opened while the system was away (sequence 905 never answers)."""
    number = make_resident_number(sequence=905)
    customer = make_customer(number=number)
    assert customer.verification == Verification.DEFERRED
    return customer, number


def recheck(customer, number, *, name, monkeypatch):
    """Made up on a day when the system answers."""
    monkeypatch.setattr("customers.citizen_check.SimulatedGateway.check", answering("match"))
    check = make_check(number, by=customer.opened_by, name=name, business="recheck")
    decide_check(
        check=check, decision=CheckDecision.PROCEED, evidence=Evidence(photo_matches=True), by=customer.opened_by
    )


def answering(outcome):
    def check(self, *, name, number, **asked):
        return self._result(outcome, number, name)

    return check


def test_a_match_under_another_name_settles_nothing(monkeypatch):
    customer, number = deferred_customer()
    recheck(customer, number, name="别的人", monkeypatch=monkeypatch)
    customer.refresh_from_db()
    assert customer.verification == Verification.DEFERRED
    assert customer.checks.owed().count() == 1
    recheck(customer, number, name=customer.name, monkeypatch=monkeypatch)
    customer.refresh_from_db()
    assert (customer.verification, customer.checks.owed().count()) == (Verification.VERIFIED, 0)


def test_a_renewal_approved_after_its_check_was_made_up_leaves_nobody_deferred(monkeypatch, supervisor):
    number = make_resident_number(sequence=905)
    customer = make_customer(number=number)
    check = make_check(number, by=customer.opened_by, business="amend_customer")
    renewal = amend_customer(
        customer=customer, changes={"valid_until": "2045-01-01"}, in_person=True, check_id=check.pk, reason="换证",
        by=customer.opened_by,
    )  # fmt: skip
    recheck(customer, number, name=customer.name, monkeypatch=monkeypatch)
    approve(amendment=renewal, by=supervisor)
    customer.refresh_from_db()
    assert (customer.verification, customer.checks.owed().count()) == (Verification.VERIFIED, 0)


def test_no_cheque_account_while_the_check_is_owed():
    teller, number = make_staff(), make_resident_number(sequence=905)
    check = make_check(number, by=teller)
    with pytest.raises(FieldErrors) as refused:
        open_customer(check_id=check.pk, particulars=make_particulars(number, has_cheque_account=True), by=teller)
    assert refused.value.errors["has_cheque_account"][0][0] == "not_while_deferred"
    customer, _number = deferred_customer()
    with pytest.raises(FieldErrors):
        amend_customer(
            customer=customer, changes={"has_cheque_account": True}, in_person=True, reason="x", by=customer.opened_by
        )


def refused_check():
    teller = make_staff()
    check = make_check(make_resident_number(sequence=900), by=teller)
    evidence = Evidence(reader_genuine=False)
    return decide_check(
        check=check, decision=CheckDecision.REFUSE, evidence=evidence, reason=RefusalReason.FORGED, by=teller
    )


def test_a_returned_refusal_leaves_the_check_open_to_the_receipt_of_the_police(supervisor):
    check = refused_check()
    reject(amendment=check.amendments.get(), reason="请客户补充辅助证件", by=supervisor)
    check.refresh_from_db()
    assert (check.decision, check.reason) == ("", "")
    receipt = Evidence(police_receipt="杭公回2026-118")
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=receipt, by=check.teller)
    check.refresh_from_db()
    assert check.decision == CheckDecision.PROCEED


@pytest.mark.django_db(transaction=True)
def test_a_reopened_check_is_whole_for_the_audit(supervisor):
    check = refused_check()
    reject(amendment=check.amendments.get(), reason="请客户补充辅助证件", by=supervisor)
    assert verify().faults == []


def test_the_police_were_told_after_the_check(supervisor):
    check = refused_check()
    approve(amendment=check.amendments.get(), by=supervisor)
    with pytest.raises(FieldErrors) as refused:
        report_to_police(check=check, police_report="杭公2026-9", reported_on=date(1900, 1, 1), by=check.teller)
    assert list(refused.value.errors) == ["reported_on"]


def test_a_proposal_that_a_manager_returned_is_not_made_again_at_once():
    customer = make_customer()
    customer.documents.update(valid_until=date(2026, 1, 1))
    manager = make_staff(position="branch_manager")
    assert propose_suspensions().proposed == 1
    reject(amendment=Amendment.objects.get(), reason="客户住院，家属已来电", by=manager)
    assert propose_suspensions().proposed == 0
    Customer.objects.filter(pk=customer.pk).update(version=9)
    assert propose_suspensions().proposed == 1


def test_a_list_of_requests_shows_no_name_in_clear_and_the_request_itself_is_a_look(supervisor):
    customer = make_customer()
    amendment = amend_customer(
        customer=customer, changes={"mobile": "13911112222"}, in_person=True, reason="换号", by=customer.opened_by
    )
    client = sign_in(supervisor)
    listed = client.get("/api/v1/amendments/?status=pending_review").json()["results"]
    assert listed[0]["changes"] == {"mobile": ["139****0128", "139****2222"]}
    assert Look.objects.filter(customer=customer, staff=supervisor).count() == 0
    whole = client.get(f"/api/v1/amendments/{amendment.pk}/").json()
    assert whole["changes"] == {"mobile": ["13900000128", "13911112222"]}
    assert Look.objects.filter(customer=customer, staff=supervisor).count() == 1


def test_a_failed_upload_is_a_look_all_the_same():
    customer, teller = make_customer(), make_qualified(make_staff())
    sign_in(teller).post(f"/customers/{customer.customer_number}/images/add/", {})
    assert Look.objects.filter(customer=customer, staff=teller).count() == 1


def test_the_first_day_of_the_calendar_breaks_no_list(supervisor):
    client = sign_in(supervisor)
    assert client.get("/customers/lists/decided/?until=0001-01-01").status_code == 200
    assert client.get("/api/v1/customers/lists/decided/?until=0001-01-01").status_code == 200
