"""What is recorded of a check, and that a decision is written once."""

import pytest
from django.db import DatabaseError, transaction

from customers.enums import CheckDecision
from customers.errors import CheckConsumed, CheckDecided, DecisionNotAllowed, RateLimited
from customers.models import IdentityCheck
from customers.rules.corroboration import Evidence, Paper
from customers.services import decide_check, open_customer
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_check, make_limit, make_particulars, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


def decide(check, decision=CheckDecision.PROCEED, evidence=None, reason=""):
    return decide_check(check=check, decision=decision, evidence=evidence or Evidence(), reason=reason, by=check.teller)


def test_the_register_has_who_where_what_and_never_the_number():
    teller, number = make_staff(), make_resident_number(sequence=902)
    check = make_check(number, by=teller)
    assert (check.teller, check.branch.code, check.business, check.outcome) == (
        teller,
        "001",
        "open_customer",
        "match_no_photo",
    )
    assert (check.source, check.attempts, check.number_masked) == ("simulator", 1, f"{number[:6]}********{number[-4:]}")
    event = AuditEvent.objects.get(action="customers.checked")
    assert number not in event.subject_label + str(event.detail)


def test_an_answer_never_changes():
    check = make_check(make_resident_number(sequence=900), by=make_staff())
    with pytest.raises(DatabaseError), transaction.atomic():
        IdentityCheck.objects.filter(pk=check.pk).update(outcome="match")


@pytest.mark.parametrize(
    ("sequence", "evidence", "lacks"),
    [
        (900, Evidence(), ["corroboration_required"]),
        (901, Evidence(), ["corroboration_required"]),
        (907, Evidence(photo_matches=False), ["corroboration_required"]),
        (903, Evidence(), ["card_not_established"]),
        (904, Evidence(), ["new_card_required"]),
        (900, Evidence(reader_genuine=False), ["reader_not_genuine", "corroboration_required"]),
    ],
)
def test_proceeding_needs_more(sequence, evidence, lacks):
    check = make_check(make_resident_number(sequence=sequence), by=make_staff())
    with pytest.raises(DecisionNotAllowed) as refused:
        decide(check, evidence=evidence)
    assert refused.value.context["reasons"] == lacks
    check.refresh_from_db()
    assert check.decision == ""


@pytest.mark.parametrize("evidence", [Evidence(reader_genuine=True), Evidence(police_receipt="杭公证字20261124")])
def test_a_genuine_card_or_the_receipt_is_enough(evidence):
    check = make_check(make_resident_number(sequence=901), by=make_staff())
    assert decide(check, evidence=evidence).decision == CheckDecision.PROCEED


def test_auxiliary_papers_are_kept_sealed_and_their_copies_owed():
    number = make_resident_number(sequence=900)
    check = make_check(number, by=make_staff())
    decide(check, evidence=Evidence(papers=(Paper("social_security_card", number, same_name=True),)))
    paper = check.auxiliary_papers.get()
    assert (paper.number, paper.same_name, paper.copy_owed) == (number, True, True)


def test_a_decision_is_written_once_but_waiting_may_end():
    check = make_check(make_resident_number(sequence=900), by=make_staff())
    decide(check, CheckDecision.HOLD_PENDING_POLICE)
    decide(check, CheckDecision.PROCEED, Evidence(police_receipt="回执1"))
    with pytest.raises(CheckDecided):
        decide(check, CheckDecision.PROCEED_AND_FOLLOW_UP)


def test_a_consumed_check_takes_no_decision():
    teller, number = make_staff(), make_resident_number()
    check = make_check(number, by=teller)
    open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller)
    with pytest.raises(CheckConsumed):
        decide(check)


def test_the_rate_is_per_teller():
    make_limit("identity_checks_per_minute", 1)
    first, second = make_staff(), make_staff()
    make_check(make_resident_number(), by=first)
    with pytest.raises(RateLimited):
        make_check(make_resident_number(), by=first)
    make_check(make_resident_number(), by=second)


def test_a_check_made_up_settles_what_was_owed():
    teller = make_staff()
    number = make_resident_number(sequence=901)
    first = make_check(number, by=teller)
    decide(first, CheckDecision.PROCEED_AND_FOLLOW_UP)
    customer = open_customer(check_id=first.pk, particulars=make_particulars(number), by=teller).customer
    later = make_check(number, by=make_staff(), business="recheck")
    decide(later, evidence=Evidence(police_receipt="杭公证字20261124"))
    customer.refresh_from_db()
    assert customer.verification == "verified"
    assert customer.checks.get().follow_up_due_on is None
    event = AuditEvent.objects.get(action="customers.verified")
    assert event.changes == {"verification": ["follow_up", "verified"]}


def test_a_system_still_away_settles_nothing():
    teller, number = make_staff(), make_resident_number(sequence=905)
    check = make_check(number, by=teller)
    customer = open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller).customer
    decide(make_check(number, by=teller, business="recheck"))
    customer.refresh_from_db()
    assert customer.verification == "deferred"
