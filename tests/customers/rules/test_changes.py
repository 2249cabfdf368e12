import pytest

from customers.rules.changes import TABLE, UNCHANGEABLE, change_needs, change_refusals


def row(field, has_cheque_account=False):
    needs = change_needs([field], has_cheque_account=has_cheque_account)
    return needs.in_person, needs.agent_allowed, needs.checker


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("address", "employer_address", "occupation", "phone", "email"), (False, True, False)),
        (("mobile",), (False, False, True)),
        (("valid_from", "valid_until", "long_term", "issuing_authority"), (True, False, True)),
        (("name",), (True, False, True)),
        (("document_type", "document_number"), (True, False, True)),
        (("sex", "birth_date", "nationality"), (True, False, True)),
    ],
)
def test_the_table_of_the_policy(fields, expected):
    assert {field: row(field) for field in fields} == dict.fromkeys(fields, expected)


@pytest.mark.parametrize("field", TABLE)
def test_a_cheque_account_holder_always_comes_in_person(field):
    assert row(field, has_cheque_account=True) == (True, False, True)


def test_several_fields_take_the_strictest_of_each():
    needs = change_needs(["address", "mobile", "name"], has_cheque_account=False)
    assert (needs.in_person, needs.agent_allowed, needs.checker, needs.new_check) == (True, False, True, True)
    assert needs.checked_fields == ("mobile", "name")
    assert needs.evidence == ("application_form", "new_document", "police_proof")


def test_refusals_name_the_field():
    refused = change_refusals(["address", "mobile", "name"], has_cheque_account=False, agent=True, in_person=False)
    assert refused == {"mobile": ["agent_not_allowed"], "name": ["agent_not_allowed", "in_person_required"]}
    assert change_refusals(["address", "mobile", "name"], has_cheque_account=False, agent=False, in_person=True) == {}


def test_no_field_is_both_changeable_and_not():
    assert UNCHANGEABLE.isdisjoint(TABLE)
