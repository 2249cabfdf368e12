"""Who may change what, and what it takes: the table of rules 1.3 as one table."""

from collections.abc import Iterable
from dataclasses import dataclass

UNCHANGEABLE = frozenset({"customer_number", "status", "home_branch", "opening_branch", "channel", "merged_into"})


@dataclass(frozen=True)
class Terms:
    """`evidence` are codes of what is shown and kept; `new_check`: a fresh online check is part of the change."""

    in_person: bool
    agent_allowed: bool
    checker: bool
    evidence: tuple[str, ...]
    new_check: bool = False


PLAIN = Terms(in_person=False, agent_allowed=True, checker=False, evidence=("application_form",))
OWN_STATEMENT = Terms(in_person=False, agent_allowed=False, checker=False, evidence=("application_form",))
MOBILE = Terms(in_person=False, agent_allowed=False, checker=True, evidence=("application_form",))
BANK_FINDING = Terms(in_person=False, agent_allowed=False, checker=True, evidence=("bank_finding",))
RENEWAL = Terms(True, agent_allowed=False, checker=True, evidence=("new_document", "online_check"), new_check=True)
NAME = Terms(True, agent_allowed=False, checker=True, evidence=("new_document", "police_proof"), new_check=True)
NUMBER = Terms(True, agent_allowed=False, checker=True, evidence=("both_documents_or_certificate",), new_check=True)
BY_DOCUMENT = Terms(True, agent_allowed=False, checker=True, evidence=("document_seen",))

TABLE = {
    "mobile": MOBILE,
    "phone": PLAIN,
    "email": PLAIN,
    "address": PLAIN,
    "employer_address": PLAIN,
    "occupation": PLAIN,
    "occupation_detail": PLAIN,
    "ethnic_group": PLAIN,
    "marital_status": PLAIN,
    "education": PLAIN,
    "income_band": PLAIN,
    "tax_residency": OWN_STATEMENT,
    "risk_level": BANK_FINDING,
    "valid_from": RENEWAL,
    "valid_until": RENEWAL,
    "long_term": RENEWAL,
    "issuing_authority": RENEWAL,
    "name": NAME,
    "document_type": NUMBER,
    "document_number": NUMBER,
    "sex": BY_DOCUMENT,
    "birth_date": BY_DOCUMENT,
    "nationality": BY_DOCUMENT,
    "settled_abroad": BY_DOCUMENT,
    "unit_proof": BY_DOCUMENT,
    "has_cheque_account": BY_DOCUMENT,
}


@dataclass(frozen=True)
class ChangeNeeds:
    """What a set of changes takes together: the strictest of each. `checked_fields` are those a checker must see."""

    in_person: bool
    agent_allowed: bool
    checker: bool
    new_check: bool
    checked_fields: tuple[str, ...]
    evidence: tuple[str, ...]


def change_needs(fields: Iterable[str], *, has_cheque_account: bool) -> ChangeNeeds:
    """KeyError for a field outside the table. A cheque-account holder always comes in person, with the document."""
    terms = {
        field: BY_DOCUMENT if has_cheque_account and not TABLE[field].in_person else TABLE[field] for field in fields
    }
    return ChangeNeeds(
        in_person=any(term.in_person for term in terms.values()),
        agent_allowed=all(term.agent_allowed for term in terms.values()),
        checker=any(term.checker for term in terms.values()),
        new_check=any(term.new_check for term in terms.values()),
        checked_fields=tuple(field for field, term in terms.items() if term.checker),
        evidence=tuple(dict.fromkeys(code for term in terms.values() for code in term.evidence)),
    )


def change_refusals(
    fields: Iterable[str], *, has_cheque_account: bool, agent: bool, in_person: bool
) -> dict[str, list[str]]:
    """By field, why this person may not make the change in this way: `agent_not_allowed`, `in_person_required`."""
    refused = {}
    for field in fields:
        needs = change_needs([field], has_cheque_account=has_cheque_account)
        codes = ["agent_not_allowed"] if agent and not needs.agent_allowed else []
        codes += ["in_person_required"] if needs.in_person and not in_person else []
        if codes:
            refused[field] = codes
    return refused
