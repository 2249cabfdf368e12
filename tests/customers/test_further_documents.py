"""Several papers on one file: a further document is asked for in person, checked, and approved by a second person."""

from datetime import date

import pytest

from customers.enums import AmendmentStatus, CustomerStatus
from customers.errors import (
    CheckMismatch,
    CustomerExists,
    DocumentExpired,
    InPersonRequired,
    NotAmendable,
    RequestPending,
)
from customers.models import Customer, IdentityDocument, IdentityKey
from customers.rules.further import FurtherPaper
from customers.services import add_document, approve, look_up
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.errors import FieldErrors, Stale
from tests.factories import make_check, make_customer, make_resident_number, make_staff, sign_in

pytestmark = pytest.mark.django_db
PASSPORT = FurtherPaper("chinese_passport", "e1234 5678", date(2022, 1, 1), date(2032, 1, 1))


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def supervisor():
    return make_staff(position="supervisor")


def add(customer, further=PASSPORT, *, in_person=True, **options):
    return add_document(
        customer=customer, further=further, in_person=in_person, reason="客户补登护照", by=customer.opened_by, **options
    )


def abroad(**changes) -> Customer:
    return make_customer(settled_abroad=True, **changes)


def test_it_waits_and_then_stands_on_the_file_with_its_key(supervisor):
    customer = abroad()
    amendment = add(customer)
    assert (amendment.status, customer.documents.count()) == (AmendmentStatus.PENDING_REVIEW, 1)
    assert amendment.changes["further_document"] == [None, "chinese_passport E******78"]
    assert amendment.receipts.get().transaction_code == "1005"
    approve(amendment=amendment, by=supervisor)
    added = customer.documents.exclude(role="primary").get()
    assert (added.role, added.number, added.valid_until) == ("additional", "E12345678", date(2032, 1, 1))
    assert (customer.keys.count(), Customer.objects.get().version) == (2, 2)
    found = look_up(document_type="chinese_passport", document_number="E12345678", by=supervisor)
    assert found == customer


def test_a_paper_that_only_corroborates_claims_no_key(supervisor):
    customer = make_customer()
    approve(amendment=add(customer), by=supervisor)
    assert customer.documents.exclude(role="primary").get().role == IdentityDocument.Role.AUXILIARY
    assert IdentityKey.objects.count() == 1


def test_a_paper_that_the_check_covers_takes_a_fresh_check_of_itself(supervisor):
    number = make_resident_number()
    customer = make_customer(number=number)
    temporary = FurtherPaper("temporary_resident_id", number, date(2026, 11, 1), date(2027, 1, 30))
    with pytest.raises(FieldErrors) as refused:
        add(customer, temporary)
    assert list(refused.value.errors) == ["identity_check"]
    of_the_card = make_check(number, by=customer.opened_by, business="amend_customer")
    with pytest.raises(CheckMismatch):
        add(customer, temporary, check_id=of_the_card.pk)
    check = make_check(number, by=customer.opened_by, document_type="temporary_resident_id", business="amend_customer")
    approve(amendment=add(customer, temporary, check_id=check.pk), by=supervisor)
    assert customer.documents.get(document_type="temporary_resident_id").role == "additional"
    assert customer.keys.count() == 1


def test_somebody_elses_paper_is_refused_at_once_and_at_the_approval(supervisor):
    first, second = abroad(), abroad()
    waiting = add(first)
    approve(amendment=add(second), by=supervisor)
    with pytest.raises(CustomerExists) as known:
        approve(amendment=waiting, by=supervisor)
    assert known.value.context["customer_number"] == second.customer_number
    with pytest.raises(CustomerExists):
        add(abroad())
    waiting.refresh_from_db()
    assert waiting.status == AmendmentStatus.PENDING_REVIEW


@pytest.mark.parametrize(
    ("further", "field"),
    [
        (FurtherPaper("passport", "E12345678"), "document_type"),
        (FurtherPaper("chinese_passport", ""), "document_number"),
        (FurtherPaper("chinese_passport", "\x00"), "document_number"),
        (FurtherPaper("chinese_passport", "E12345678"), "valid_from"),
        (FurtherPaper("chinese_passport", "E12345678", date(2032, 1, 1), date(2022, 1, 1)), "valid_until"),
        (FurtherPaper("chinese_passport", "E12345678", long_term=True, issuing_authority="\x00"), "issuing_authority"),
        (FurtherPaper("driving_licence", "11010519491231002X", long_term=True), "document_number"),
    ],
)
def test_faults_are_named_by_field(further, field):
    with pytest.raises(FieldErrors) as refused:
        add(make_customer(), further)
    assert field in refused.value.errors


def test_what_else_stands_in_the_way(supervisor):
    customer = abroad()
    with pytest.raises(InPersonRequired):
        add(customer, in_person=False)
    with pytest.raises(Stale):
        add(customer, version=7)
    with pytest.raises(DocumentExpired):
        add(customer, FurtherPaper("chinese_passport", "E12345678", date(2012, 1, 1), date(2022, 1, 1)))
    approve(amendment=add(customer), by=supervisor)
    with pytest.raises(FieldErrors):
        add(customer)
    other = FurtherPaper("chinese_passport", "E87654321", date(2022, 1, 1), date(2032, 1, 1))
    add(customer, other)
    with pytest.raises(RequestPending):
        add(customer, FurtherPaper("chinese_passport", "E99999999", date(2022, 1, 1), date(2032, 1, 1)))
    Customer.objects.update(status=CustomerStatus.CLOSED)
    with pytest.raises(NotAmendable):
        add(customer, other)


@pytest.mark.django_db(transaction=True)
def test_every_step_is_told_and_sealed(supervisor):
    approve(amendment=add(abroad()), by=supervisor)
    actions = list(AuditEvent.objects.order_by("-pk").values_list("action", flat=True)[:2])
    assert actions == ["customers.amendment_approved", "customers.document_requested"]
    assert verify().faults == []


def test_the_interface(client, supervisor):
    customer = abroad()
    sign_in(customer.opened_by, client)
    address = f"/api/v1/customers/{customer.customer_number}/documents/"
    body = {
        "document_type": "chinese_passport", "document_number": "E12345678", "valid_from": "2022-01-01",
        "valid_until": "2032-01-01", "in_person": True, "reason": "客户补登护照",
    }  # fmt: skip
    made = client.post(address, body, content_type="application/json")
    assert (made.status_code, made.json()["status"]) == (201, "pending_review")
    again = client.post(address, body, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "request_pending")
    approve(amendment=customer.amendments.get(), by=supervisor)
    listed = client.get(address).json()["results"]
    assert [(each["role"], each["document_number"], each["images"]) for each in listed][1] == (
        "additional",
        "E12345678",
        [],
    )
    for wrong in ({}, [], {**body, "in_person": "yes"}, {**body, "document_number": 5}, {**body, "reason": ""}):
        assert client.post(address, wrong, content_type="application/json").status_code == 400


@pytest.fixture(autouse=True)
def _positions_alone(settings):
    gate = "training.backends.QualificationBackend"
    settings.AUTHENTICATION_BACKENDS = [each for each in settings.AUTHENTICATION_BACKENDS if each != gate]
