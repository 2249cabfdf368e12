"""How a customer may be looked up: by customer number, or by document type together with number, never otherwise."""

from dataclasses import dataclass

from customers.enums import DocumentType
from customers.rules.customer_number import is_customer_number
from customers.rules.identity_key import identity_key
from customers.rules.normalise import normalise


@dataclass(frozen=True)
class LookupKey:
    """Either `customer_number` or the three others. `identity_key` finds the person of a 15-digit number too."""

    customer_number: str = ""
    document_type: DocumentType | None = None
    document_number: str = ""
    identity_key: str | None = None


def lookup_key(*, customer_number: str = "", document_type: str = "", document_number: str = "") -> LookupKey | None:
    """None when these do not make exactly one of the two ways (rules 1.2.3): `lookup_not_allowed`.

    A well-typed number that no rule accepts is a key all the same: it finds nobody.
    """
    if customer_number and not (document_type or document_number):
        number = normalise("", customer_number)
        return LookupKey(customer_number=number) if is_customer_number(number) else None
    if customer_number or document_type not in DocumentType.values:
        return None
    number = normalise(document_type, document_number)
    if not number:
        return None
    return LookupKey(
        document_type=DocumentType(document_type),
        document_number=number,
        identity_key=identity_key(document_type, number),
    )
