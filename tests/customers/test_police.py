"""The customer comes back with the receipt, and forged papers are reported (rules 3.2)."""

import re
from datetime import date

import pytest

from customers.enums import CheckDecision, RefusalReason
from customers.errors import CheckMismatch, DecisionNotAllowed
from customers.models import Amendment, Customer, IdentityCheck
from customers.rules.corroboration import Evidence
from customers.services import approve, decide_check, keep_draft, open_customer, reject
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tests.customers.checks import TODAY, decided, held, refused
from tests.customers.pages import checked, form, logged_in
from tests.factories import (
    make_branch,
    make_check,
    make_particulars,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
RECEIPT = "杭公证字20261124"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY
    return settings


@pytest.fixture
def teller():
    return make_staff("teller1")


def hidden(page: str) -> dict:
    """What the opening form would send of itself: its hidden fields and the receipt."""
    names = ("identity_check", "police_receipt", "document_number", "name")
    tags = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', page) for name in names}
    return {name: re.search(r'value="([^"]*)"', tag[0])[1] for name, tag in tags.items() if tag}


def test_from_the_certificate_to_the_open_customer(client):
    """Held on one day, opened two days later on the same check."""
    logged_in(client)
    number = make_resident_number(sequence=900)
    check = checked(client, number)
    client.post("/customers/open/", form(number, check, photo_matches="", decision="hold_pending_police"))
    IdentityCheck.objects.filter(pk=check.pk).update(follow_up_due_on=date(2026, 11, 23))
    page = client.get(f"/customers/checks/{check.pk}/").content.decode()
    assert "客户持回执返回" in page
    answer = client.post(f"/customers/checks/{check.pk}/receipt/", {"police_receipt": RECEIPT})
    assert answer.headers["Location"] == "/customers/open/"
    carried = hidden(client.get("/customers/open/").content.decode())
    assert carried == {
        "identity_check": str(check.pk),
        "police_receipt": RECEIPT,
        "document_number": number,
        "name": "顾青禾",
    }
    sent = form(number, check, photo_matches="", decision="proceed", police_receipt=RECEIPT)
    assert client.post("/customers/open/", sent).status_code == 302
    check.refresh_from_db()
    assert (check.decision, check.police_receipt, check.follow_up_due_on) == ("proceed", RECEIPT, None)
    assert check.customer == Customer.objects.get()


def test_a_held_check_is_good_on_the_day_the_receipt_comes(teller, settings):
    number = make_resident_number(sequence=901)
    check = make_check(number, by=teller)
    decide_check(check=check, decision=CheckDecision.HOLD_PENDING_POLICE, evidence=Evidence(), by=teller)
    settings.BUSINESS_DATE = date(2026, 11, 26)
    entered = make_particulars(number)
    with pytest.raises(CheckMismatch):
        open_customer(check_id=check.pk, particulars=entered, by=teller)
    receipt = Evidence(police_receipt=RECEIPT)
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=receipt, by=teller)
    assert open_customer(check_id=check.pk, particulars=entered, by=teller).customer.checks.get() == check


def test_any_other_decision_of_another_day_stays_void(teller, settings):
    number = make_resident_number()
    check = make_check(number, by=teller)
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=Evidence(photo_matches=True), by=teller)
    settings.BUSINESS_DATE = date(2026, 11, 25)
    with pytest.raises(CheckMismatch) as refused:
        open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller)
    assert refused.value.context["differs"] == "day"


def test_with_the_receipt_nobody_is_refused(teller):
    check = held(by=teller)
    evidence = Evidence(reader_genuine=False, police_receipt=RECEIPT)
    with pytest.raises(DecisionNotAllowed) as closed:
        decide_check(check=check, decision=CheckDecision.REFUSE, evidence=evidence, reason="forged", by=teller)
    assert closed.value.context["reasons"] == ["receipt_must_be_honoured"]
    assert decide_check(check=check, decision=CheckDecision.PROCEED, evidence=evidence, by=teller).decision == "proceed"


def test_other_business_goes_on_at_once(client):
    teller = logged_in(client)
    check = held(by=teller, business="amend_customer")
    answer = client.post(f"/customers/checks/{check.pk}/receipt/", {"police_receipt": RECEIPT}, follow=True)
    assert "回执已登记" in answer.content.decode()
    check.refresh_from_db()
    assert (check.decision, check.police_receipt, check.decided_by) == ("proceed", RECEIPT, teller)


def test_a_colleague_of_the_branch_takes_the_receipt_and_decides_nothing_else(teller):
    check, colleague = held(by=teller, business="amend_customer"), make_staff()
    elsewhere = make_staff(branch=make_branch("002", name="运河支行"))
    receipt = Evidence(police_receipt=RECEIPT)
    for decision, evidence, by in (
        (CheckDecision.PROCEED_AND_FOLLOW_UP, Evidence(), colleague),
        (CheckDecision.PROCEED, Evidence(reader_genuine=True), colleague),
        (CheckDecision.REFUSE, receipt, colleague),
        (CheckDecision.PROCEED, receipt, elsewhere),
    ):
        with pytest.raises(CheckMismatch):
            decide_check(check=check, decision=decision, evidence=evidence, reason="forged", by=by)
    assert (
        decide_check(check=check, decision=CheckDecision.PROCEED, evidence=receipt, by=colleague).decided_by
        == colleague
    )


def test_a_colleague_opens_with_a_check_of_his_own(client, teller):
    check = held(by=teller)
    colleague = logged_in(client)
    client.post(f"/customers/checks/{check.pk}/receipt/", {"police_receipt": RECEIPT})
    carried = hidden(client.get("/customers/open/").content.decode())
    assert (carried["document_number"], "identity_check" in carried) == (check.number, False)
    own = make_check(check.number, by=colleague)
    receipt = Evidence(police_receipt=RECEIPT)
    decide_check(check=own, decision=CheckDecision.PROCEED, evidence=receipt, by=colleague)
    customer = open_customer(check_id=own.pk, particulars=make_particulars(check.number), by=colleague).customer
    check.refresh_from_db()
    assert (check.customer, check.follow_up_due_on, check.awaits_receipt) == (customer, None, False)


def test_another_draft_is_not_overwritten(client):
    teller = logged_in(client)
    check = held(by=teller)
    other = {"document_type": ["resident_id"], "document_number": [make_resident_number()]}
    keep_draft(transaction_code="1001", fields=other, by=teller)
    answer = client.post(f"/customers/checks/{check.pk}/receipt/", {"police_receipt": RECEIPT}, follow=True)
    assert "1001 中另有未完成的开户" in answer.content.decode()
    assert other["document_number"][0] in client.get("/customers/open/").content.decode()


@pytest.mark.parametrize("receipt", ["", "  ", "回" * 61, "a\0b", "🙂"])
def test_no_receipt_is_an_error_of_the_field(client, receipt):
    check = held(by=logged_in(client), business="amend_customer")
    answer = client.post(f"/customers/checks/{check.pk}/receipt/", {"police_receipt": receipt})
    assert (answer.status_code, "id_police_receipt_error" in answer.content.decode()) == (200, True)
    check.refresh_from_db()
    assert check.decision == "hold_pending_police"


@pytest.mark.parametrize("reason", [RefusalReason.FORGED, RefusalReason.IMPERSONATION])
def test_an_approved_refusal_owes_a_report(teller, reason):
    check = refused(by=teller, reason=reason)
    assert (check.owed_kind, check.follow_up_due_on) == ("police_report", date(2026, 11, 25))


def test_a_lost_card_owes_none(teller):
    check = decided(CheckDecision.REFUSE, by=teller, sequence=903, reason="lost_confirmed")
    approve(amendment=Amendment.objects.get(), by=make_staff(position="supervisor"))
    check.refresh_from_db()
    assert check.follow_up_due_on is None


def test_a_returned_refusal_owes_none(teller):
    check = decided(CheckDecision.REFUSE, by=teller, evidence=Evidence(reader_genuine=False), reason="forged")
    reject(amendment=Amendment.objects.get(), reason="请再核实", by=make_staff(position="supervisor"))
    check.refresh_from_db()
    assert check.follow_up_due_on is None


def test_whoever_handles_it_records_the_report(client):
    teller = logged_in(client)
    check = refused(by=make_staff())
    page = client.get(f"/customers/checks/{check.pk}/").content.decode()
    assert 'id="report"' in page
    sent = {"police_report": "杭公报字第88号", "reported_on": "2026-11-24"}
    client.post(f"/customers/checks/{check.pk}/report/", sent)
    check.refresh_from_db()
    assert (check.police_report, check.police_reported_on) == ("杭公报字第88号", date(2026, 11, 24))
    assert check.follow_up_due_on is None
    event = AuditEvent.objects.get(action="customers.police_reported")
    assert (event.actor, event.detail) == (
        teller.username,
        {"police_report": "杭公报字第88号", "reported_on": "2026-11-24"},
    )
    assert "杭公报字第88号" in client.get(f"/customers/checks/{check.pk}/").content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "police_report"),
        ({"police_report": ""}, "police_report"),
        ({"police_report": "x" * 61}, "police_report"),
        ({"police_report": "a\0"}, "police_report"),
        ({"police_report": 5}, "police_report"),
        ({"police_report": "1", "reported_on": "2026-11-25"}, "reported_on"),
        ({"police_report": "1", "reported_on": "2026-02-30"}, "reported_on"),
        ({"police_report": "1", "reported_on": []}, "reported_on"),
    ],
)
def test_a_bad_report_names_its_field(teller, settings, sent, field):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]
    address = f"/api/v1/identity-checks/{refused(by=teller).pk}/police-report/"
    answer = sign_in(teller).post(address, sent, "application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_the_interface_records_it_once(teller, settings):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]
    address = f"/api/v1/identity-checks/{refused(by=teller).pk}/police-report/"
    first, second = (sign_in(teller).post(address, {"police_report": "88号"}, "application/json") for _ in range(2))
    assert (first.status_code, first.json()["police_reported_on"]) == (200, "2026-11-24")
    assert (second.status_code, second.json()["code"]) == (409, "report_not_owed")


@pytest.mark.django_db(transaction=True)
def test_the_seals_hold(teller):
    refused(by=teller)
    check = held(by=teller)
    receipt = Evidence(police_receipt=RECEIPT)
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=receipt, by=make_staff())
    assert verify().faults == []
