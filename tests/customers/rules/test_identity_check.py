from datetime import date

import pytest

from customers.enums import CheckDecision, CheckOutcome, Verification
from customers.rules.corroboration import Evidence, Paper, reads_by_machine
from customers.rules.documents import parse_document
from customers.rules.identity_check import (
    DUTIES,
    MISMATCHES,
    decisions,
    duty,
    finding,
    follow_up_due,
    needs_decision,
    opening_needs_checker,
    verification_after,
)
from customers.rules.working_days import WorkCalendar
from tests.customers.numbers import citizen_number
from tests.customers.rules.vectors import TODAY

CHECKED, STRANGER = citizen_number(), citizen_number(sequence="003")
LICENCE = Paper("driving_licence", CHECKED, same_name=True)
RECEIPT = Evidence(police_receipt="HZ-2026-0815")
GENUINE, FALSE_CARD = Evidence(reader_genuine=True), Evidence(reader_genuine=False)


def verdicts(outcome, evidence=Evidence(), reason=None):  # noqa: B008 - frozen
    return decisions(outcome, checked_type="resident_id", checked_number=CHECKED, evidence=evidence, reason=reason)


def lacks(outcome, decision, evidence=Evidence(), reason=None):  # noqa: B008 - frozen
    return verdicts(outcome, evidence, reason)[decision].lacks


def shown(*papers):
    return Evidence(papers=papers)


@pytest.mark.parametrize("outcome", ["match", "match_no_photo", "not_applicable"])
def test_agreement_goes_on(outcome):
    assert lacks(outcome, "proceed") == ()
    assert not needs_decision(outcome, "")


@pytest.mark.parametrize("outcome", ["match", "match_no_photo", "not_applicable"])
def test_another_persons_photo_makes_it_a_mismatch(outcome):
    assert finding(outcome, False) == CheckOutcome.PHOTO_DIFFERS
    assert finding(outcome, None) == finding(outcome, True) == outcome
    assert lacks(outcome, "proceed", Evidence(photo_matches=False)) == ("corroboration_required",)


def test_the_photo_changes_no_other_outcome():
    assert finding("name_mismatch", False) == CheckOutcome.NAME_MISMATCH


@pytest.mark.parametrize("outcome", sorted(MISMATCHES))
def test_a_mismatch_alone_is_neither_passed_nor_refused(outcome):
    found = {decision: verdict.lacks for decision, verdict in verdicts(outcome, reason="forged").items()}
    assert found == {
        CheckDecision.PROCEED: ("corroboration_required",),
        CheckDecision.PROCEED_AND_FOLLOW_UP: (),
        CheckDecision.HOLD_PENDING_POLICE: (),
        CheckDecision.REFUSE: ("further_step_required",),
    }


@pytest.mark.parametrize("outcome", sorted(MISMATCHES))
@pytest.mark.parametrize("evidence", [shown(LICENCE), GENUINE, RECEIPT], ids=["paper", "reader", "receipt"])
def test_any_one_further_step_lets_it_go_on(outcome, evidence):
    assert lacks(outcome, "proceed", evidence) == ()


@pytest.mark.parametrize(
    ("paper", "fault"),
    [
        (Paper("driving_licence", CHECKED, same_name=False), "paper_name_not_confirmed"),
        (Paper("driving_licence", STRANGER, same_name=True), "paper_of_another_number"),
        (Paper("social_security_card", STRANGER, same_name=True), "paper_of_another_number"),
        (Paper("household_register", STRANGER, same_name=True), "paper_of_another_number"),
        (Paper("resident_id", CHECKED, same_name=True), "paper_is_the_one_checked"),
        (Paper("foreign_passport", "L898902C3", same_name=True), "paper_not_auxiliary"),
    ],
)
def test_papers_that_do_not_corroborate(paper, fault):
    found = lacks("name_mismatch", "proceed", shown(paper))
    assert found[0] == "corroboration_required"
    assert fault in found


@pytest.mark.parametrize(
    "paper",
    [
        Paper("household_register", CHECKED, same_name=True),
        Paper("temporary_resident_id", CHECKED, same_name=True),
        Paper("chinese_passport", "E12345678", same_name=True),
        Paper("military_id", "南字第1234567号", same_name=True),
        Paper("other", "A-123", same_name=True),
    ],
)
def test_papers_that_corroborate(paper):
    assert lacks("not_found", "proceed", shown(paper)) == ()


def test_one_sound_paper_among_others_is_enough():
    assert lacks("not_found", "proceed", shown(Paper("other", "1", same_name=False), LICENCE)) == ()


def test_a_card_found_false_undoes_the_papers_but_not_the_receipt():
    assert lacks("name_mismatch", "proceed", Evidence(papers=(LICENCE,), reader_genuine=False)) == (
        "reader_not_genuine",
        "corroboration_required",
    )
    assert lacks("name_mismatch", "proceed", Evidence(reader_genuine=False, police_receipt="1")) == ()
    assert lacks("match", "proceed", FALSE_CARD) == ("reader_not_genuine",)


@pytest.mark.parametrize("decision", ["proceed", "proceed_and_follow_up"])
def test_a_lost_card_carries_nothing_until_established(decision):
    assert lacks("card_lost", decision) == ("card_not_established",)
    assert lacks("card_lost", decision, shown(LICENCE)) == ("card_not_established",)
    assert lacks("card_lost", decision, GENUINE) == lacks("card_lost", decision, RECEIPT) == ()


@pytest.mark.parametrize("decision", ["proceed", "proceed_and_follow_up"])
def test_an_invalid_card_is_replaced(decision):
    assert lacks("card_invalid", decision, GENUINE) == ("new_card_required",)
    assert lacks("card_invalid", decision, RECEIPT) == ()


@pytest.mark.parametrize("decision", ["proceed", "proceed_and_follow_up"])
def test_without_the_system_card_and_person_are_compared(decision):
    assert lacks("unavailable", decision) == lacks("unavailable", decision, GENUINE) == ()
    assert lacks("unavailable", decision, FALSE_CARD) == ("reader_not_genuine",)
    assert lacks("unavailable", decision, Evidence(photo_matches=False)) == ("person_differs",)


@pytest.mark.parametrize(
    ("outcome", "evidence", "reason", "missing"),
    [
        ("name_mismatch", FALSE_CARD, "forged", ()),
        ("name_mismatch", shown(LICENCE), "impersonation", ()),
        ("name_mismatch", GENUINE, "impersonation", ()),
        ("name_mismatch", GENUINE, "forged", ("reason_contradicted",)),
        ("name_mismatch", FALSE_CARD, "", ("refusal_reason_required",)),
        ("name_mismatch", FALSE_CARD, "不像本人", ("refusal_reason_required",)),
        ("name_mismatch", FALSE_CARD, "lost_confirmed", ("reason_does_not_fit",)),
        ("name_mismatch", RECEIPT, "forged", ("receipt_must_be_honoured",)),
        ("card_lost", Evidence(), "lost_confirmed", ()),
        ("card_lost", Evidence(), "invalid_confirmed", ("reason_does_not_fit",)),
        ("card_invalid", Evidence(), "invalid_confirmed", ()),
        ("card_invalid", Evidence(), "", ("refusal_reason_required",)),
        ("match", Evidence(photo_matches=False), "impersonation", ("further_step_required",)),
        ("unavailable", Evidence(), "", ("refusal_reason_required",)),
    ],
)
def test_refusing(outcome, evidence, reason, missing):
    assert lacks(outcome, "refuse", evidence, reason) == missing


def test_the_question_of_a_reason_may_be_left_aside():
    assert lacks("card_lost", "refuse") == ()


@pytest.mark.parametrize("outcome", CheckOutcome)
@pytest.mark.parametrize("evidence", [Evidence(), GENUINE, FALSE_CARD, RECEIPT, shown(LICENCE)])
def test_holding_for_the_police_is_always_open(outcome, evidence):
    assert lacks(outcome, "hold_pending_police", evidence) == ()


@pytest.mark.parametrize(
    ("found", "decision", "needed"),
    [
        ("match", "", False),
        ("match", "proceed", False),
        ("match", "refuse", True),
        ("name_mismatch", "", True),
        ("photo_differs", "", True),
        ("unavailable", "", False),
        ("name_mismatch", "proceed", False),
        ("name_mismatch", "proceed_and_follow_up", False),
        ("name_mismatch", "hold_pending_police", True),
    ],
)
def test_needs_decision(found, decision, needed):
    assert needs_decision(found, decision) == needed


@pytest.mark.parametrize(
    ("found", "decision", "has_agent", "needed"),
    [
        ("match", "", False, False),
        ("match", "", True, True),
        ("name_mismatch", "proceed", False, True),
        ("not_found", "proceed", False, True),
        ("photo_differs", "proceed", False, True),
        ("name_mismatch", "proceed_and_follow_up", False, False),
        ("card_lost", "proceed", False, False),
    ],
)
def test_opening_needs_checker(found, decision, has_agent, needed):
    assert opening_needs_checker(found, decision, has_agent=has_agent) == needed


@pytest.mark.parametrize(
    ("found", "decision", "state"),
    [
        ("match", "", Verification.VERIFIED),
        ("name_mismatch", "proceed", Verification.VERIFIED),
        ("name_mismatch", "proceed_and_follow_up", Verification.FOLLOW_UP),
        ("unavailable", "proceed_and_follow_up", Verification.DEFERRED),
        ("unavailable", "", Verification.DEFERRED),
        ("not_applicable", "", Verification.NOT_APPLICABLE),
    ],
)
def test_verification_after(found, decision, state):
    assert verification_after(found, decision) == state


@pytest.mark.parametrize(
    ("outcome", "decision", "due"),
    [
        ("name_mismatch", "proceed_and_follow_up", date(2026, 12, 1)),
        ("unavailable", "proceed_and_follow_up", date(2026, 11, 25)),
        ("unavailable", "proceed", date(2026, 11, 25)),
        ("name_mismatch", "hold_pending_police", date(2026, 11, 26)),
        ("match", "proceed", None),
        ("name_mismatch", "refuse", None),
    ],
)
def test_follow_up_due(outcome, decision, due):
    assert follow_up_due(outcome, decision, on=TODAY) == due


def test_follow_up_due_knows_the_holidays():
    calendar = WorkCalendar(holidays={date(2026, 11, 25)})
    assert follow_up_due("unavailable", "proceed_and_follow_up", on=TODAY, calendar=calendar) == date(2026, 11, 26)


def test_every_outcome_has_its_duty():
    assert DUTIES.keys() == set(CheckOutcome)
    assert duty("name_mismatch") == "verify_further"


def test_a_paper_from_a_parsed_document():
    document = parse_document("driving_licence", f" {CHECKED} ", today=TODAY)
    assert Paper.of(document, same_name=True) == LICENCE


@pytest.mark.parametrize(
    ("kind", "readable"),
    [
        ("resident_id", True),
        ("hmt_residence_permit", True),
        ("temporary_resident_id", False),
        ("household_register", False),
        ("foreign_passport", False),
    ],
)
def test_the_reader_reads_cards_of_the_second_generation(kind, readable):
    assert reads_by_machine(kind) == readable
