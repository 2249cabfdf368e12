"""One person, not one paper: the text under which a number is unique within a legal entity (rules 1.2)."""

from customers.enums import DocumentType
from customers.rules.id_number import to_18_digits

CITIZEN = "CN"
CITIZEN_DOCUMENTS = frozenset(
    {DocumentType.RESIDENT_ID, DocumentType.TEMPORARY_RESIDENT_ID, DocumentType.HOUSEHOLD_REGISTER}
)
KEYLESS = frozenset({DocumentType.DRIVING_LICENCE, DocumentType.SOCIAL_SECURITY_CARD, DocumentType.OTHER})
HOLDER_PART = 9  # characters of a Hong Kong and Macao permit that stay the same when it is issued again


def number_text(document_type: str, normalized: str) -> str:
    """What is digested to find one paper: the type belongs to it, so that equal digests of two types do not show."""
    return f"{DocumentType(document_type).value}:{normalized}"


def identity_key(document_type: str, normalized: str) -> str | None:
    """Of a normalised number, historic 15-digit ones included. None for papers that only corroborate.

    A passport or military document has a key, and claims it only where it is the customer's primary document.
    """
    if document_type in KEYLESS:
        return None
    if document_type in CITIZEN_DOCUMENTS:
        return f"{CITIZEN}:{to_18_digits(normalized) or normalized}"
    if document_type == DocumentType.HK_MACAO_PERMIT:
        normalized = normalized[:HOLDER_PART]
    return f"{DocumentType(document_type).value}:{normalized}"
