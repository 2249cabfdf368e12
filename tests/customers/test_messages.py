"""Every code the rules can give has its sentence."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import CheckOutcome, DocumentType, RefusalReason
from customers.messages import BY_CODE, DUTY_BY_CODE, message, number_message, type_hint
from customers.rules.agents import AgentParticulars
from customers.rules.changes import TABLE, UNCHANGEABLE, change_refusals
from customers.rules.corroboration import Evidence, Paper
from customers.rules.documents import parse_document
from customers.rules.fields import amendment_errors, opening_errors, opening_warnings
from customers.rules.identity_check import DUTIES, decisions
from customers.rules.particulars import Particulars
from tests.customers.numbers import citizen_number
from tests.customers.rules.vectors import TODAY, VECTORS

NUMBERS = [vector["input"] for vector in VECTORS["resident_id"]]
WORDS = st.sampled_from(["", "a", "张三", "other", "USA", "CHN", "1", "\x00", "x" * 300])
ENTERED = st.builds(
    Particulars,
    name=WORDS,
    sex=WORDS,
    nationality=WORDS,
    occupation=WORDS,
    document_type=st.sampled_from(DocumentType),
    document_number=st.sampled_from([*NUMBERS, "E12345678", "EI1234567", "H12345678", "USA310080022916"]),
    agent=st.none() | st.builds(AgentParticulars, document_type=st.sampled_from(DocumentType)),
)


def codes_with_fields(found):
    return [(code, field) for field, codes in found.items() for code in codes]


@given(ENTERED)
def test_openings(entered):
    paper = parse_document(entered.document_type, entered.document_number, today=TODAY)
    completed = entered.completed_from(paper)
    found = codes_with_fields(opening_errors(completed, paper, today=TODAY))
    found += codes_with_fields(opening_warnings(completed, paper))
    assert [pair for pair in found if message(*pair) is None] == []
    assert [code for code in paper.errors if number_message(code, paper.document_type) is None] == []


@given(
    st.sampled_from([*TABLE, *UNCHANGEABLE, "unheard_of"]), st.one_of(WORDS, st.none(), st.integers(), st.booleans())
)
def test_changes(field, value):
    found = codes_with_fields(amendment_errors({field: value}, Particulars(), today=TODAY))
    if field in TABLE:
        refused = change_refusals([field], has_cheque_account=True, agent=True, in_person=False)
        found += codes_with_fields(refused)
    assert [pair for pair in found if message(*pair) is None] == []


def test_decisions():
    papers = [(), (Paper("foreign_passport", "x", same_name=False),), (Paper("resident_id", "x", same_name=True),)]
    yes_no = (None, True, False)
    missing = set()
    for outcome, shown, photo, reader, receipt, reason in product(
        CheckOutcome, papers, yes_no, yes_no, ("", "1"), ("", *RefusalReason)
    ):
        evidence = Evidence(photo, shown, reader, receipt)
        judged = decisions(
            outcome, checked_type="resident_id", checked_number=citizen_number(), evidence=evidence, reason=reason
        )
        missing |= {code for verdict in judged.values() for code in verdict.lacks if code not in BY_CODE}
    assert missing == set()


def test_duties():
    assert set(DUTIES.values()) == DUTY_BY_CODE.keys()


@pytest.mark.parametrize("kind", DocumentType)
def test_a_suggested_type_is_named(kind):
    assert type_hint(kind) is not None
    assert type_hint(None) is None
