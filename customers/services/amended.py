"""Approved changes carried out: the file of the customer, its documents, the keys it holds."""

from django.db import IntegrityError, transaction

from customers.enums import Verification
from customers.errors import CustomerExists, DocumentExpired
from customers.models import Amendment, Customer, IdentityCheck, IdentityDocument, IdentityKey
from customers.models.sealed_number import SealedNumber
from customers.rules.amended import OF_THE_DOCUMENT, Identity
from customers.rules.identity_check import verification_after
from customers.rules.identity_key import identity_key
from customers.rules.validity import is_expired
from tellerdesk.core.business_date import today
from tellerdesk.vault.services import digest

TERMS = ("valid_from", "valid_until", "long_term", "issuing_authority")


def carry_out_amendment(amendment: Amendment, customer: Customer, *, by) -> dict:
    """The changes of the approved request, done; what else they touched is left on the amendment for its event.

    Raises CustomerExists where the new number has become somebody else's meanwhile, DocumentExpired.
    """
    values = {field: after for field, (_before, after) in amendment.changes.items()}
    before = identity_on_file(customer)
    number = getattr(amendment, "changed_number", None)
    if number:
        values["document_number"] = number.number
    after = before.changed_by(values)
    refuse_paper(values, before, customer)
    for field in values:
        if hasattr(customer, field):
            setattr(customer, field, getattr(after, field, values[field]))
    amendment.touched_too = changed_documents(customer, values, before, after)
    verification = amendment.identity_check and verification_now(amendment.identity_check)
    customer.verification = verification or customer.verification
    customer.version += 1
    customer.save()
    return amendment.changes


def verification_now(check: IdentityCheck) -> str | None:
    """What the check of the change says of the customer; nothing where what it owed has been settled since."""
    found = verification_after(check.finding, check.decision)
    owes = found in (Verification.DEFERRED, Verification.FOLLOW_UP)
    return None if owes and not check.follow_up_due_on else found


def changed_documents(customer: Customer, values: dict, before: Identity, after: Identity) -> list[IdentityDocument]:
    if not values.keys() & OF_THE_DOCUMENT:
        return []
    primary = customer.documents.primary().get()
    terms = {field: getattr(after, field) for field in TERMS}
    if not values.keys() & {"document_type", "document_number"}:
        for field, value in terms.items():
            setattr(primary, field, value)
        primary.save()
        return [primary]
    primary.role = IdentityDocument.Role.HISTORIC
    primary.save(update_fields=["role"])
    claim_key(customer, after)
    return [primary, replaced_by(customer, after, terms)]


def replaced_by(customer: Customer, after: Identity, terms: dict) -> IdentityDocument:
    return IdentityDocument.objects.create(
        legal_entity_id=customer.legal_entity_id,
        customer=customer,
        **terms,
        **SealedNumber.columns(after.document_type, after.document_number),
    )


def claim_key(customer: Customer, after: Identity) -> None:
    """The former key stays the customer's: historic numbers still find them. Raises CustomerExists."""
    text = identity_key(after.document_type, after.document_number)
    key = {"legal_entity_id": customer.legal_entity_id, "key_digest": digest(text)}
    if IdentityKey.objects.filter(**key, customer=customer).exists():
        return
    try:
        with transaction.atomic():
            IdentityKey.objects.create(**key, customer=customer)
    except IntegrityError as error:
        holder = IdentityKey.objects.select_related("customer").get(**key)
        raise CustomerExists(customer_number=holder.customer.customer_number) from error


def identity_on_file(customer: Customer) -> Identity:
    document = customer.documents.primary().get()
    own = {field: getattr(customer, field) for field in Identity.__dataclass_fields__ if hasattr(customer, field)}
    terms = {field: getattr(document, field) for field in TERMS}
    return Identity(**own, **terms, document_type=document.document_type, document_number=document.number)


def refuse_paper(changes: dict, before: Identity, customer: Customer) -> None:
    """A paper that has run out, or that makes the customer somebody who is one already."""
    if not changes.keys() & OF_THE_DOCUMENT:
        return
    after = before.changed_by(changes)
    if is_expired(after.valid_until, today=today()):
        raise DocumentExpired(valid_until=after.valid_until.isoformat())
    key = identity_key(after.document_type, after.document_number)
    holder = IdentityKey.objects.filter(legal_entity_id=customer.legal_entity_id, key_digest=digest(key)).first()
    if holder and holder.customer_id != customer.pk:
        raise CustomerExists(customer_number=holder.customer.customer_number)
