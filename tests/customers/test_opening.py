"""Opening a customer: what the check must have said, who already is one, who must look first."""

from datetime import date

import pytest

from customers.enums import CheckDecision, CustomerStatus, Verification
from customers.errors import CheckConsumed, CheckMismatch, CustomerExists, DecisionRequired, DocumentExpired
from customers.models import Customer, IdentityKey, Receipt
from customers.rules.agents import AgentParticulars
from customers.rules.corroboration import Evidence, Paper
from customers.services import decide_check, open_customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.errors import FieldErrors
from tests.factories import (
    make_branch,
    make_check,
    make_customer,
    make_entity,
    make_particulars,
    make_resident_number,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def teller():
    return make_staff()


def opened(teller, number, **changes):
    particulars = make_particulars(number, **changes)
    check = make_check(number, by=teller, name=particulars.name)
    return open_customer(check_id=check.pk, particulars=particulars, by=teller)


def test_an_agreeing_check_opens_at_once(teller):
    opening = opened(teller, make_resident_number(born=date(1991, 8, 16)))
    customer = opening.customer
    assert (customer.status, customer.verification) == (CustomerStatus.ACTIVE, Verification.VERIFIED)
    assert customer.birth_date.year == 1991
    assert customer.home_branch == teller.branch
    assert opening.receipt.content["customer_number"] == customer.customer_number


def test_the_event_names_everything_it_touched(teller):
    customer = opened(teller, make_resident_number()).customer
    event = AuditEvent.objects.get(action="customers.opened")
    assert event.touched[0] == f"customers.customer:{customer.pk}"
    assert {each.split(":")[0] for each in event.touched} == {
        "customers.customer",
        "customers.identitydocument",
        "customers.identitycheck",
    }


def test_the_number_stands_nowhere_in_clear(teller):
    number = make_resident_number()
    customer = opened(teller, number).customer
    document = customer.documents.get()
    assert document.number == number
    assert number.encode() not in bytes(document.number_ciphertext)
    event = AuditEvent.objects.get(action="customers.opened")
    assert number not in str(event.detail) + event.subject_label
    assert number not in str(Receipt.objects.get().content)


def test_the_same_person_again_is_told_the_number(teller):
    number = make_resident_number()
    first = opened(teller, number).customer
    with pytest.raises(CustomerExists) as refused:
        opened(teller, number)
    assert refused.value.context == {"customer_number": first.customer_number}
    assert Customer.objects.count() == 1


def test_one_person_not_one_paper(teller):
    """The temporary card carries the same citizen number, so it is the same customer."""
    number = make_resident_number()
    first = opened(teller, number).customer
    particulars = make_particulars(
        number, document_type="temporary_resident_id", valid_from=date(2026, 11, 1), valid_until=date(2027, 2, 1)
    )
    check = make_check(number, by=teller, document_type="temporary_resident_id")
    with pytest.raises(CustomerExists) as refused:
        open_customer(check_id=check.pk, particulars=particulars, by=teller)
    assert refused.value.context["customer_number"] == first.customer_number


def test_a_reissued_permit_is_the_same_holder(teller):
    make_customer(
        by=teller, number="H1234567800", document_type="hk_macao_permit", birth_date=date(1980, 1, 1), sex="male"
    )
    with pytest.raises(CustomerExists):
        make_customer(
            by=teller, number="H1234567801", document_type="hk_macao_permit", birth_date=date(1980, 1, 1), sex="male"
        )


def test_another_legal_entity_has_customers_of_its_own(teller):
    number = make_resident_number()
    opened(teller, number)
    elsewhere = make_staff(branch=make_branch("101", entity=make_entity("NB", "甬江农村商业银行")))
    assert opened(elsewhere, number).customer.legal_entity.code == "NB"
    assert IdentityKey.objects.count() == 2


def test_a_check_serves_once(teller):
    number = make_resident_number()
    check = make_check(number, by=teller)
    open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller)
    with pytest.raises(CheckConsumed):
        open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller)


@pytest.mark.parametrize(
    ("changes", "differs"),
    [({"name": "顾青和"}, "name"), ({"document_type": "temporary_resident_id"}, "document_type")],
)
def test_a_check_of_something_else_is_refused(teller, changes, differs):
    number = make_resident_number()
    check = make_check(number, by=teller)
    with pytest.raises(CheckMismatch) as refused:
        open_customer(check_id=check.pk, particulars=make_particulars(number, **changes), by=teller)
    assert refused.value.context["differs"] == differs


def test_a_check_of_another_teller_is_refused(teller):
    number = make_resident_number()
    check = make_check(number, by=make_staff())
    with pytest.raises(CheckMismatch):
        open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller)


def test_a_check_of_another_legal_entity_is_unknown(teller):
    number = make_resident_number()
    check = make_check(number, by=make_staff(branch=make_branch("101", entity=make_entity("NB"))))
    with pytest.raises(FieldErrors) as refused:
        open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller)
    assert list(refused.value.errors) == ["identity_check"]


def test_a_mismatch_asks_for_a_decision(teller):
    with pytest.raises(DecisionRequired):
        opened(teller, make_resident_number(sequence=900))
    assert Customer.objects.count() == 0


def test_a_mismatch_that_was_passed_waits_for_a_second_person(teller):
    number = make_resident_number(sequence=900)
    check = make_check(number, by=teller)
    evidence = Evidence(papers=(Paper("household_register", number, same_name=True),))
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=evidence, by=teller)
    customer = open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller).customer
    assert customer.status == CustomerStatus.PENDING_REVIEW
    assert customer.amendments.get().kind == "opening"


def test_first_business_then_verification_is_active_and_owes_the_follow_up(teller):
    number = make_resident_number(sequence=901)
    check = make_check(number, by=teller)
    decide_check(check=check, decision=CheckDecision.PROCEED_AND_FOLLOW_UP, evidence=Evidence(), by=teller)
    customer = open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller).customer
    assert (customer.status, customer.verification) == (CustomerStatus.ACTIVE, Verification.FOLLOW_UP)


def test_a_system_away_defers_the_check(teller):
    customer = opened(teller, make_resident_number(sequence=905)).customer
    assert customer.verification == Verification.DEFERRED
    assert customer.checks.get().follow_up_due_on is not None


def test_an_agent_makes_the_opening_wait(teller):
    agent = AgentParticulars(
        "许安", "resident_id", make_resident_number(), "13900000129", "spouse", "本人住院", "授权委托书"
    )
    customer = opened(teller, make_resident_number(), agent=agent).customer
    assert customer.status == CustomerStatus.PENDING_REVIEW
    assert customer.agents.get().name == "许安"


def test_an_expired_document_opens_nobody(teller, business_date):
    number = make_resident_number()
    check = make_check(number, by=teller)
    particulars = make_particulars(number, valid_from=date(2006, 11, 23), valid_until=date(2026, 11, 23))
    with pytest.raises(DocumentExpired):
        open_customer(check_id=check.pk, particulars=particulars, by=teller)
    last_day = make_particulars(number, valid_from=date(2006, 11, 24), valid_until=date(2026, 11, 24))
    assert open_customer(check_id=check.pk, particulars=last_day, by=teller).customer.status == CustomerStatus.ACTIVE


def test_what_is_wrong_is_said_by_field_and_nothing_is_written(teller):
    number = make_resident_number()
    check = make_check(number, by=teller)
    particulars = make_particulars(
        number, mobile="12345", address="", sex="male" if int(number[16]) % 2 == 0 else "female"
    )
    with pytest.raises(FieldErrors) as refused:
        open_customer(check_id=check.pk, particulars=particulars, by=teller)
    assert set(refused.value.errors) == {"mobile", "address", "sex"}
    assert Customer.objects.count() == 0


def test_numbers_taken_over_are_skipped(teller):
    first = opened(teller, make_resident_number()).customer
    assert len(first.customer_number) == 12
    second = opened(teller, make_resident_number()).customer
    assert first.customer_number != second.customer_number
