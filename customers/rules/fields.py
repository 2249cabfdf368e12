"""The field rules of an opening and of a change: one answer for page, interface and import (rules 1.1)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

from customers.enums import DocumentType, Occupation, Sex
from customers.rules.agents import agent_problems, guardian_problems
from customers.rules.changes import TABLE, UNCHANGEABLE
from customers.rules.countries import find_country
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.field_checks import TEXT_CHECKS
from customers.rules.particulars import Particulars, clean
from customers.rules.primary import primary_problems
from customers.rules.reading import birth_date_problem
from customers.rules.texts import parse_iso_date
from customers.rules.validity import is_unusual_period, period_problems
from tellerdesk.core.ages import age_on

Problems = Iterator[tuple[str, str]]
CONTACTS, ADDRESSES = ("mobile", "phone", "email"), ("address", "employer_address")
FLAGS = frozenset({"long_term", "has_cheque_account", "settled_abroad", "unit_proof"})
DATES = frozenset({"birth_date", "valid_from", "valid_until"})
JOINED = {
    "detail_required": frozenset({"occupation", "occupation_detail"}),
    "address_required": frozenset(ADDRESSES),
    "contact_required": frozenset(CONTACTS),
}


def opening_errors(entered: Particulars, paper: ParsedDocument, *, today: date) -> dict[str, list[str]]:
    """Codes by field, in the order of the form; empty when the opening may go on.

    `entered` has been completed from `paper`. That the document has expired is a fact apart: validity.is_expired.
    """
    texts = {field: getattr(entered, field) for field in TEXT_CHECKS}
    return _by_field(
        _number_problems(entered, paper, today),
        (problem for problem in _text_problems(texts) if paper.valid or problem != ("sex", "required")),
        period_problems(entered.document_type, entered.valid_from, entered.valid_until, entered.long_term, today=today),
        _joint_problems(texts),
        _agent_problems(entered, paper, today),
    )


def opening_warnings(entered: Particulars, paper: ParsedDocument) -> dict[str, list[str]]:
    """What the teller is asked to look at again before confirming."""
    by_convention = paper.sex and not paper.sex_is_certain and entered.sex != paper.sex
    unusual = is_unusual_period(entered.document_type, entered.birth_date, entered.valid_from, entered.valid_until)
    return _by_field(
        (("document_number", code) for code in paper.warnings if code != "sex_by_convention"),
        [("sex", "sex_by_convention")] if by_convention else [],
        [("valid_until", "unusual_period")] if unusual else [],
    )


def amendment_errors(changes: Mapping, customer, *, today: date) -> dict[str, list[str]]:
    """Codes by field of values as they came from a form or JSON. `customer` has the present values as attributes."""
    known = {field: value for field, value in changes.items() if field in TABLE}
    foreign = [
        (field, "not_changeable" if field in UNCHANGEABLE else "unknown_field")
        for field in changes
        if field not in known
    ]
    texts = {field: value for field, value in known.items() if field in TEXT_CHECKS and isinstance(value, str)}
    after = {field: texts.get(field, getattr(customer, field, "")) for field in TEXT_CHECKS}
    joint = [problem for problem in _joint_problems(after) if texts.keys() & JOINED[problem[1]]]
    return _by_field(
        foreign, _type_problems(known), _text_problems(texts), joint, _changed_document_problems(known, today)
    )


def cleaned_changes(changes: Mapping) -> dict:
    """Text as it is kept, everything else untouched."""
    return {field: clean(field, value) if isinstance(value, str) else value for field, value in changes.items()}


def _text_problems(values: Mapping[str, str]) -> Problems:
    for field, value in values.items():
        code = TEXT_CHECKS[field](value)
        if code:
            yield field, code


def _joint_problems(values: Mapping[str, str]) -> Problems:
    """What no single field can be blamed for; named at the first of them."""
    if values["occupation"] == Occupation.OTHER and not values["occupation_detail"]:
        yield "occupation_detail", "detail_required"
    if not any(values[field] for field in ADDRESSES):
        yield "address", "address_required"
    if not any(values[field] for field in CONTACTS):
        yield "mobile", "contact_required"


def _number_problems(entered: Particulars, paper: ParsedDocument, today: date) -> Problems:
    yield from (("document_number", code) for code in paper.errors)
    yield from _birth_date_problems(entered, paper, today)
    if paper.valid and paper.sex_is_certain and entered.sex in Sex.values and entered.sex != paper.sex:
        yield "sex", "sex_mismatch"
    if find_country(entered.nationality):
        yield from primary_problems(
            paper,
            nationality=entered.nationality,
            age=age_on(entered.birth_date, today) if entered.birth_date else None,
            settled_abroad=entered.settled_abroad,
            unit_proof=entered.unit_proof,
        )


def _birth_date_problems(entered: Particulars, paper: ParsedDocument, today: date) -> Problems:
    """Where the number is wrong its own codes say so; nothing is required that it would have given."""
    if entered.birth_date is None:
        if paper.valid:
            yield "birth_date", "required"
        return
    if paper.birth_date and not paper.agrees_with(entered.birth_date):
        yield "birth_date", "birth_date_mismatch"
    elif not paper.birth_date and (code := birth_date_problem(entered.birth_date, today)):
        yield "birth_date", code


def _agent_problems(entered: Particulars, paper: ParsedDocument, today: date) -> Problems:
    yield from guardian_problems(entered.agent, entered.birth_date, today=today)
    if entered.agent:
        yield from agent_problems(entered.agent, paper.identity_key, today=today)


def _type_problems(values: Mapping) -> Problems:
    for field, value in values.items():
        if field in FLAGS:
            fits = isinstance(value, bool)
        elif field in DATES:
            fits = value is None or parse_iso_date(value) is not None
        else:
            fits = isinstance(value, str)
        if not fits:
            yield field, "wrong_value"


def _changed_document_problems(values: Mapping, today: date) -> Problems:
    """Type and number change together or not at all."""
    pair = values.get("document_type"), values.get("document_number")
    if pair == (None, None) or not all(value is None or isinstance(value, str) for value in pair):
        return
    if pair[0] not in DocumentType.values:
        yield "document_type", "not_in_list" if pair[0] else "required"
    elif pair[1] is None:
        yield "document_number", "required"
    else:
        yield from (("document_number", code) for code in parse_document(*pair, today=today).errors)


def _by_field(*problems: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, code in chain(*problems):
        codes = found.setdefault(field, [])
        if code not in codes:
            codes.append(code)
    return found
