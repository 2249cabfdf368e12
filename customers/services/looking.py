from customers.enums import DocumentType
from customers.errors import LookupNotAllowed
from customers.models import Customer, Look
from customers.models.sealed_number import number_digest
from customers.rules.normalise import normalise
from customers.rules.lookup import lookup_key
from tellerdesk.core.masking import mask_number


def look_up(*, customer_number: str = "", document_type: str = "", document_number: str = "", reason: str = "", by) -> Customer | None:
    """One customer of `by`'s legal entity by number or by type + number; hit and miss are both logged.

    A merged number leads to the survivor. Raises LookupNotAllowed for any other combination of keys.
    """
    key = lookup_key(customer_number=customer_number, document_type=document_type, document_number=document_number)
    if key is None:
        raise LookupNotAllowed
    if customer_number:
        found, shown = by_number(customer_number.strip(), by=by), customer_number.strip()
    else:
        number = normalise(document_type, document_number)
        found = by_document(document_type, number, by=by)
        shown = f"{DocumentType(document_type).value} {mask_number(number)}"
    Look.objects.create(
        legal_entity_id=by.legal_entity_id, branch=by.branch, staff=by, key=shown[:250], reason=reason[:200], customer=found
    )
    return found


def by_number(customer_number: str, *, by) -> Customer | None:
    return survivor(reachable(by).numbered(customer_number).first())


def by_document(document_type: str, number: str, *, by) -> Customer | None:
    """`number` is normalised already."""
    return survivor(reachable(by).holding(document_type, number_digest(document_type, number)).first())


def reachable(by):
    return Customer.objects.reachable_by(by).select_related("home_branch", "opening_branch", "opened_by", "merged_into")


def survivor(customer: Customer | None) -> Customer | None:
    """Merge chains are flattened, so one step is enough."""
    return customer.merged_into if customer and customer.merged_into_id else customer
