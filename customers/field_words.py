"""The fields of a customer's record in words, for audit, history and forms alike; values as lists may show them."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.rules.countries import find_country
from tellerdesk.core.masking import mask_mobile, mask_name

OF_DOCUMENT = {
    "document_type": _("Document type"),
    "document_number": _("Document number"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "long_term": _("Long term"),
    "issuing_authority": _("Issuing authority"),
    "further_document": _("Further valid document"),
    "auxiliary_document": _("Further auxiliary document"),
}
# No fields of the customer's own row, but of what happens to it.
OF_ACTS = {
    "merged_into": _("Merged into"),
    "home_branch": _("home branch"),
    "follow_up_due_on": _("To be settled by"),
}


def document_type_words(code: str) -> str:
    return str(enums.DocumentType(code).label) if code in enums.DocumentType.values else str(code)


def paper_words(named: str) -> str:
    """A paper as a request names it: its type by code, its number masked."""
    kind, _blank, number = named.partition(" ")
    return f"{document_type_words(kind)} {number}"


def country_words(alpha_3: str) -> str:
    found = find_country(alpha_3)
    if found is None:
        return str(alpha_3)
    return f"{alpha_3} {found.name_en if (get_language() or '').startswith('en') else found.name_zh}"


def masked_contact(value) -> str:
    return mask_mobile(str(value))


# What stands in the changes of an event in clear and may not be read in clear outside the customer's file.
MASKED = {"name": lambda value: mask_name(str(value)), "mobile": masked_contact, "phone": masked_contact}
BEGINNING_SHOWN = frozenset({"address", "employer_address", "email"})
SHOWN = MASKED | {
    "document_type": document_type_words,
    "nationality": country_words,
    "further_document": paper_words,
    "auxiliary_document": paper_words,
}


def masked_changes(changes: dict) -> dict:
    """`{field: [before, after]}` for a list: names, telephones and addresses as lists show them."""
    return {field: [_masked(field, value) for value in pair] for field, pair in changes.items()}


def _masked(field: str, value):
    if not value or not isinstance(value, str):
        return value
    if field in MASKED:
        return MASKED[field](value)
    return f"{value[:2]}****" if field in BEGINNING_SHOWN else value
