from customers.errors import LookupNotAllowed
from customers.models import Customer, Look
from customers.rules.identity_key import number_text
from customers.rules.lookup import LookupKey, lookup_key
from customers.validators import refuse_lines
from tellerdesk.core.masking import mask_number
from tellerdesk.vault.services import looked_up

FIRST_GENERATION = 15  # digits


def look_up(
    *, customer_number: str = "", document_type: str = "", document_number: str = "", reason: str = "", by
) -> Customer | None:
    """One customer of `by`'s legal entity by number or by type + number; hit and miss are both logged.

    A merged number leads to the survivor. Raises LookupNotAllowed for any other combination of keys.
    """
    key = lookup_key(customer_number=customer_number, document_type=document_type, document_number=document_number)
    if key is None:
        raise LookupNotAllowed
    refuse_lines(reason=reason)
    found = by_number(key.customer_number, by=by) if key.customer_number else by_document(key, by=by)
    note_look(found, shown(key, found), reason=reason, by=by)
    return found


def shown(key: LookupKey, found: Customer | None) -> str:
    """As it is logged; a NUL, which no column takes, as the sign for what cannot be shown.

    Digits that are nobody's customer number may be an identity number typed into the wrong field.
    """
    if key.customer_number:
        return key.customer_number if found else mask_number(key.customer_number)
    return f"{key.document_type.value} {mask_number(key.document_number)}".replace("\x00", "\ufffd")


def note_look(found: Customer | None, key: str, *, reason: str = "", by) -> Look:
    return Look.objects.create(
        legal_entity_id=by.legal_entity_id,
        branch=by.branch,
        staff=by,
        key=key[:250],
        reason=reason[:200],
        customer=found,
    )


def by_number(customer_number: str, *, by) -> Customer | None:
    return survivor(reachable(by).numbered(customer_number).first())


def by_document(key: LookupKey, *, by) -> Customer | None:
    """Any paper on the file; a number of fifteen digits finds whom it became."""
    text = number_text(key.document_type, key.document_number)
    found = looked_up(text, lambda digest: reachable(by).holding(key.document_type, digest).first())
    if found is None and key.identity_key and len(key.document_number) == FIRST_GENERATION:
        found = looked_up(key.identity_key, lambda digest: reachable(by).filter(keys__key_digest=digest).first())
    return survivor(found)


def reachable(by):
    return Customer.objects.reachable_by(by).select_related("home_branch", "opening_branch", "opened_by")


def survivor(customer: Customer | None) -> Customer | None:
    """Merge chains are flattened, so one step is enough."""
    return customer.merged_into if customer and customer.merged_into_id else customer
