"""经办 and 复核: two persons, one decision."""

import pytest

from customers.enums import AmendmentStatus, CheckDecision, CustomerStatus, RefusalReason
from customers.errors import DecisionNotAllowed
from customers.rules.corroboration import Evidence, Paper
from customers.selectors.requests import decidable, review_queue
from customers.services import approve, decide_check, open_customer, reject
from tellerdesk.core.errors import AlreadyDecided, SamePerson
from tests.factories import make_branch, make_check, make_particulars, make_posting, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    teller = make_staff()
    number = make_resident_number(sequence=900)
    check = make_check(number, by=teller)
    evidence = Evidence(papers=(Paper("driving_licence", number, same_name=True),))
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=evidence, by=teller)
    return open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller).customer.amendments.get()


def test_approval_makes_the_customer_active(waiting):
    supervisor = make_staff(position="supervisor")
    approve(amendment=waiting, by=supervisor)
    waiting.customer.refresh_from_db()
    assert waiting.customer.status == CustomerStatus.ACTIVE
    assert waiting.customer.approved_by == supervisor


def test_return_closes_the_number_for_good(waiting):
    reject(amendment=waiting, reason="证件复印件缺失", by=make_staff(position="supervisor"))
    waiting.customer.refresh_from_db()
    assert waiting.customer.status == CustomerStatus.CLOSED
    waiting.refresh_from_db()
    assert (waiting.status, waiting.decision_reason) == (AmendmentStatus.REJECTED, "证件复印件缺失")


def test_the_maker_never_decides_not_even_with_another_posting(waiting):
    make_posting(waiting.maker, position="supervisor", branch=waiting.branch)
    with pytest.raises(SamePerson):
        approve(amendment=waiting, by=waiting.maker)
    with pytest.raises(SamePerson):
        reject(amendment=waiting, reason="x", by=waiting.maker)


def test_a_second_decision_is_refused(waiting):
    approve(amendment=waiting, by=make_staff(position="supervisor"))
    with pytest.raises(AlreadyDecided):
        approve(amendment=waiting, by=make_staff(position="supervisor"))


def test_only_the_makers_branch_sees_the_request(waiting):
    elsewhere = make_staff(position="supervisor", branch=make_branch("002", name="城西支行"))
    assert decidable(elsewhere, waiting.pk) is None
    assert list(review_queue(elsewhere)) == []
    assert [each.pk for each in review_queue(make_staff(position="supervisor"))] == [waiting.pk]


def test_a_refusal_takes_a_reason_a_further_step_and_a_second_person():
    teller = make_staff()
    check = make_check(make_resident_number(sequence=900), by=teller)
    with pytest.raises(DecisionNotAllowed) as refused:
        decide_check(
            check=check, decision=CheckDecision.REFUSE, evidence=Evidence(), reason=RefusalReason.FORGED, by=teller
        )
    assert refused.value.context["reasons"] == ["further_step_required"]
    read = Evidence(reader_genuine=False)
    decide_check(check=check, decision=CheckDecision.REFUSE, evidence=read, reason=RefusalReason.FORGED, by=teller)
    refusal = check.amendments.get()
    assert (refusal.kind, refusal.status) == ("refusal", AmendmentStatus.PENDING_REVIEW)
    approve(amendment=refusal, by=make_staff(position="supervisor"))
    refusal.refresh_from_db()
    assert refusal.status == AmendmentStatus.APPLIED
