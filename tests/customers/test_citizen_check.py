"""The simulator answers by the number alone, the same every time."""

import pytest

from customers.citizen_check import TRIES, GatewayUnavailable, SimulatedGateway, ask
from customers.enums import CheckOutcome
from tests.factories import make_resident_number

ASKED = {"name": "测试", "document_type": "resident_id", "business": "open_customer", "by": None}


@pytest.mark.parametrize(
    ("sequence", "outcome"),
    [
        (123, CheckOutcome.MATCH),
        (900, CheckOutcome.NAME_MISMATCH),
        (901, CheckOutcome.NOT_FOUND),
        (902, CheckOutcome.MATCH_NO_PHOTO),
        (903, CheckOutcome.CARD_LOST),
        (904, CheckOutcome.CARD_INVALID),
        (905, CheckOutcome.UNAVAILABLE),
        (906, CheckOutcome.MATCH),
        (907, CheckOutcome.MATCH),
    ],
)
def test_the_sequence_decides(sequence, outcome):
    answer, _ = ask(number=make_resident_number(sequence=sequence), **ASKED)
    assert answer.outcome == outcome
    assert answer.source == "simulator"
    assert bool(answer.photo) == (outcome == CheckOutcome.MATCH)


def test_tries_are_counted_and_end():
    assert ask(number=make_resident_number(sequence=906), **ASKED)[1] == 2
    assert ask(number=make_resident_number(sequence=905), **ASKED)[1] == TRIES


def test_the_system_away_raises():
    with pytest.raises(GatewayUnavailable):
        SimulatedGateway().check(number=make_resident_number(sequence=905), **ASKED)


def test_the_same_number_gets_the_same_answer():
    number = make_resident_number(sequence=907)
    first, second = (SimulatedGateway().check(number=number, **ASKED) for _ in range(2))
    assert (first.outcome, first.photo_hash, first.request_id) == (second.outcome, second.photo_hash, second.request_id)


def test_907_shows_somebody_else():
    number = make_resident_number(sequence=907)
    own = SimulatedGateway().check(number=number[:14] + "123" + number[17], **ASKED)
    assert own.photo_hash != SimulatedGateway().check(number=number, **ASKED).photo_hash


@pytest.mark.parametrize(
    "document_type", ["chinese_passport", "foreign_passport", "military_id", "hmt_residence_permit"]
)
def test_papers_the_system_does_not_know(document_type):
    answer, _ = ask(number="E12345678", **(ASKED | {"document_type": document_type}))
    assert (answer.outcome, answer.matched_name, answer.photo) == (CheckOutcome.NOT_APPLICABLE, None, None)


@pytest.mark.parametrize("document_type", ["hk_macao_permit", "taiwan_permit", "permanent_residence_card"])
def test_non_resident_papers_are_covered(document_type):
    assert ask(number="H12345678", **(ASKED | {"document_type": document_type}))[0].outcome == CheckOutcome.MATCH
