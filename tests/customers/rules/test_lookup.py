import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.lookup import LookupKey, lookup_key
from tests.customers.numbers import citizen_number

NUMBER = citizen_number()


def test_by_customer_number():
    assert lookup_key(customer_number=" 6203 1774 ０９２６ ") == LookupKey(customer_number="620317740926")


def test_by_type_and_number():
    assert lookup_key(document_type="driving_licence", document_number=f" {NUMBER.lower()}") == LookupKey(
        document_type="driving_licence", document_number=NUMBER
    )


def test_a_historic_number_leads_to_the_person():
    found = lookup_key(document_type="resident_id", document_number="110105491231002")
    assert (found.document_number, found.identity_key) == ("110105491231002", "CN:11010519491231002X")


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"customer_number": "12345"},
        {"customer_number": "12345a"},
        {"customer_number": "   "},
        {"document_number": NUMBER},
        {"document_type": "resident_id"},
        {"document_type": "resident_id", "document_number": " \u200b"},
        {"document_type": "library_card", "document_number": NUMBER},
        {"customer_number": "620317740926", "document_number": NUMBER},
        {"customer_number": "620317740926", "document_type": "resident_id", "document_number": NUMBER},
    ],
)
def test_anything_else_is_refused(keys):
    assert lookup_key(**keys) is None


@given(st.text(), st.sampled_from(["", "resident_id", "other", "x"]), st.text())
def test_any_text_gets_an_answer(customer_number, document_type, document_number):
    found = lookup_key(customer_number=customer_number, document_type=document_type, document_number=document_number)
    assert found is None or bool(found.customer_number) != bool(found.document_number)
