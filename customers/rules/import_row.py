"""One line of a customer file: the words of a core system read as the particulars of an opening (rules 1.1, 1.2).

Every rule of the counter holds, with three exceptions for people who are customers already, elsewhere: a document that
has expired does not stop the migration (the new one is owed on the record), a minor comes without a guardian, and a
character of the name that the old system could not write (`?`, U+FFFD, private use) is a warning.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date

from customers.enums import DocumentType
from customers.rules.customer_number import is_customer_number
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.fields import opening_errors, opening_warnings
from customers.rules.import_values import (
    LONG_TERM,
    date_of_word,
    document_type_of_word,
    flag_of_word,
    nationality_of_word,
    occupation_of_word,
    sex_of_word,
)
from customers.rules.particulars import Particulars
from customers.rules.validity import is_expired

PLAIN = ("name", "address", "employer_address", "mobile", "phone", "email", "document_number", "issuing_authority")
FLAGS = ("settled_abroad", "unit_proof", "has_cheque_account")
UNWRITTEN = re.compile("[?？\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
STAND_IN = "〇"  # a letter of names, for the characters that are missing

Problem = tuple[str, str]


@dataclass(frozen=True)
class ImportRow:
    """`customer_number` is "" where one is to be issued, `branch` "" for the sender's."""

    particulars: Particulars
    paper: ParsedDocument
    customer_number: str
    branch: str
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Refused:
    """Why the line does not go in: (field, code), in the order of the form, the first for the count."""

    problems: tuple[Problem, ...]


def read_row(cells: Mapping[str, str], *, branches: Container[str], today: date) -> ImportRow | Refused:
    """`cells` by canonical name, columns the file has not got left out. Never raises, whatever stands in them."""
    words = {name: cell.strip() for name, cell in cells.items()}
    entered, problems = _entered(words)
    problems += _keys_problems(words, branches)
    if entered.document_type not in DocumentType.values:
        problems.append(("document_type", "not_in_list" if entered.document_type else "required"))
        return Refused(tuple(problems))
    paper = parse_document(entered.document_type, entered.document_number, today=today)
    entered = entered.completed_from(paper)
    problems += _opening_problems(entered, paper, known={field for field, _code in problems}, today=today)
    if problems:
        return Refused(tuple(problems))
    warnings = tuple(_warnings(entered, paper, today))
    return ImportRow(entered, paper, words.get("customer_number", ""), words.get("branch", ""), warnings)


def _entered(words: Mapping[str, str]) -> tuple[Particulars, list[Problem]]:
    problems: list[Problem] = []
    occupation, detail = occupation_of_word(words.get("occupation", ""))
    until = words.get("valid_until", "")
    return Particulars(
        **{name: words[name] for name in PLAIN if name in words},
        **{name: _flag(name, words[name], problems) for name in FLAGS if name in words},
        sex=sex_of_word(words.get("sex", "")),
        nationality=nationality_of_word(words.get("nationality", "")),
        occupation=occupation,
        occupation_detail=words.get("occupation_detail", "") or detail,
        document_type=document_type_of_word(words.get("document_type", "")),
        birth_date=_date("birth_date", words.get("birth_date", ""), problems),
        valid_from=_date("valid_from", words.get("valid_from", ""), problems),
        valid_until=None if until in LONG_TERM else _date("valid_until", until, problems),
        long_term=until in LONG_TERM,
    ), problems


def _date(field: str, word: str, problems: list[Problem]) -> date | None:
    found = date_of_word(word)
    if word and not found:
        problems.append((field, "wrong_value"))
    return found


def _flag(field: str, word: str, problems: list[Problem]) -> bool:
    found = flag_of_word(word)
    if found is None:
        problems.append((field, "wrong_value"))
    return bool(found)


def _keys_problems(words: Mapping[str, str], branches: Container[str]) -> list[Problem]:
    number, branch = words.get("customer_number", ""), words.get("branch", "")
    problems = []
    if number and not is_customer_number(number):
        problems.append(("customer_number", "format"))
    if branch and branch not in branches:
        problems.append(("branch", "unknown_branch"))
    return problems


def _opening_problems(entered: Particulars, paper: ParsedDocument, *, known: set[str], today: date) -> list[Problem]:
    """Of a field whose word could not be read nothing more is said."""
    readable = UNWRITTEN.sub(STAND_IN, entered.name)
    if readable != entered.name:
        entered = replace(entered, name=readable)
    errors = opening_errors(entered, paper, today=today)
    errors.pop("agent", None)
    return [(field, code) for field, codes in errors.items() if field not in known for code in codes]


def _warnings(entered: Particulars, paper: ParsedDocument, today: date) -> list[Problem]:
    found = [(field, code) for field, codes in opening_warnings(entered, paper).items() for code in codes]
    if UNWRITTEN.search(entered.name):
        found.append(("name", "unwritten"))
    if is_expired(entered.valid_until, today=today):
        found.append(("valid_until", "expired"))
    return found
