"""A further document of a customer: asked for at the counter, on the file once a second person has approved."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers.citizen_check import COVERED
from customers.enums import AmendmentKind, Business, CustomerStatus, DocumentType
from customers.errors import CustomerExists, DocumentExpired, InPersonRequired, NotAmendable
from customers.messages import message
from customers.models import Amendment, ChangedNumber, Customer, IdentityCheck, IdentityDocument, IdentityKey
from customers.models.sealed_number import SealedNumber, number_digest
from customers.rules.amended import Identity
from customers.rules.documents import ParsedDocument
from customers.rules.further import (
    ADDED,
    AUXILIARY_DOCUMENT,
    FURTHER_DOCUMENT,
    FurtherPaper,
    further_problems,
    stands_for,
)
from customers.rules.texts import parse_iso_date
from customers.rules.validity import is_expired
from customers.services.amended import carry_out_amendment, claim_key, identity_on_file
from customers.services.consuming import consumable_check, consume
from customers.services.drafting import drop_draft
from customers.services.filing import UPDATE_DOCUMENTS
from customers.services.receipting import issue_receipt
from customers.services.requesting import locked_customers, open_request
from customers.validators import field_errors, refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors, Stale
from tellerdesk.core.masking import mask_number
from tellerdesk.vault.services import digest

PERIOD = ("valid_from", "valid_until", "long_term", "issuing_authority")
Role = IdentityDocument.Role


@transaction.atomic
def add_document(
    *,
    customer: Customer,
    further: FurtherPaper,
    in_person: bool,
    check_id: int | None = None,
    reason: str,
    version: int | None = None,
    by,
) -> Amendment:
    """Waits for a checker. A type that the online check covers takes a fresh check of this very paper.

    Raises FieldErrors, NotAmendable, Stale, InPersonRequired, DocumentExpired, CustomerExists where the paper is
    somebody else's, RequestPending, and what a check raises that does not fit.
    """
    refuse_lines(reason=reason)
    [customer] = locked_customers(customer.pk)
    if version is not None and version != customer.version:
        raise Stale(version=customer.version)
    if customer.status not in (CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED):
        raise NotAmendable(status=customer.status)
    if not in_person:
        raise InPersonRequired(fields=[FURTHER_DOCUMENT])
    paper = read_paper(further)
    further = further.cleaned(paper)
    refuse_further(further, paper, customer)
    check = fresh_check(check_id, customer, paper, by=by)
    return asked_for(customer, further, check, reason, by=by)


def read_paper(further: FurtherPaper) -> ParsedDocument:
    if further.document_type not in DocumentType.values:
        raise FieldErrors({"document_type": [("not_in_list", message("not_in_list"))]})
    refuse_lines(longest=100, issuing_authority=further.issuing_authority)
    return further.paper(today=today())


def refuse_further(further: FurtherPaper, paper: ParsedDocument, customer: Customer) -> None:
    holder = identity_on_file(customer)
    problems: dict[str, list[str]] = {}
    for field, code in further_problems(further, paper, holder, today=today()):
        problems.setdefault(field, []).append(code)
    if problems:
        raise FieldErrors(field_errors(problems, paper))
    if is_expired(further.valid_until, today=today()):
        raise DocumentExpired(valid_until=further.valid_until.isoformat())
    number = number_digest(further.document_type, further.document_number)
    on_file = customer.documents.filter(document_type=further.document_type, number_digest=number)
    if on_file.exclude(role=Role.HISTORIC).exists():
        raise FieldErrors({"document_number": [("on_file", _("This document is on the file already."))]})
    if role_of(paper, holder) == Role.ADDITIONAL:
        refuse_somebody_elses(paper, customer)


def role_of(paper: ParsedDocument, holder: Identity) -> str:
    return Role.ADDITIONAL if stands_for(paper, holder, today=today()) else Role.AUXILIARY


def refuse_somebody_elses(paper: ParsedDocument, customer: Customer) -> None:
    keys = IdentityKey.objects.filter(legal_entity_id=customer.legal_entity_id, key_digest=digest(paper.identity_key))
    holder = keys.exclude(customer=customer).select_related("customer").first()
    if holder:
        raise CustomerExists(customer_number=holder.customer.customer_number)


def fresh_check(check_id: int | None, customer: Customer, paper: ParsedDocument, *, by) -> IdentityCheck | None:
    if check_id is None:
        if paper.document_type not in COVERED:
            return None
        words = _("This change takes a fresh online check of the document.")
        raise FieldErrors({"identity_check": [("required", words)]})
    return consumable_check(check_id, Business.AMENDMENT, name=customer.name, paper=paper, by=by)


def asked_for(customer: Customer, further: FurtherPaper, check: IdentityCheck | None, reason: str, *, by) -> Amendment:
    name = name_of(further, customer)
    amendment = open_request(
        AmendmentKind.AMENDMENT,
        customer,
        changes=noted(further, name),
        reason=reason,
        identity_check=check,
        by=by,
    )
    columns = SealedNumber.columns(further.document_type, further.document_number)
    touched = [amendment, ChangedNumber.objects.create(amendment=amendment, **columns)]
    if check:
        consume(check, customer)
        touched.append(check)
    detail = {"document": further.document_type, "reason": reason}
    record("customers.document_requested", subject=customer, by=by, detail=detail, touched=touched)
    facts = {"fields": [name], "review": amendment.status}
    document = customer.documents.primary().get()
    issue_receipt(customer, UPDATE_DOCUMENTS, document=document, amendment=amendment, extra=facts, by=by)
    drop_draft(transaction_code=UPDATE_DOCUMENTS, about=customer.customer_number, by=by)
    return amendment


def name_of(further: FurtherPaper, customer: Customer) -> str:
    role = role_of(further.paper(today=today()), identity_on_file(customer))
    return FURTHER_DOCUMENT if role == Role.ADDITIONAL else AUXILIARY_DOCUMENT


def noted(further: FurtherPaper, name: str) -> dict:
    """`{field: [None, after]}` as it is kept: type by its code with the number masked, dates as text."""
    values = {field: getattr(further, field) for field in PERIOD}
    plain = {field: value.isoformat() if isinstance(value, date) else value for field, value in values.items()}
    named = f"{further.document_type} {mask_number(further.document_number)}"
    return {name: [None, named]} | {field: [None, value] for field, value in plain.items() if value}


def carry_out_change(amendment: Amendment, customer: Customer, *, by) -> dict:
    """An approved request of the kind amendment: a further document, or a change of the file."""
    adds = amendment.changes.keys() & ADDED
    return (carry_out_further if adds else carry_out_amendment)(amendment, customer, by=by)


def carry_out_further(amendment: Amendment, customer: Customer, *, by) -> dict:
    """Raises CustomerExists where the paper has become somebody else's meanwhile, DocumentExpired."""
    number = amendment.changed_number
    values = {field: amendment.changes[field][1] for field in PERIOD if field in amendment.changes}
    values |= {field: parse_iso_date(values[field]) for field in ("valid_from", "valid_until") if field in values}
    further = FurtherPaper(number.document_type, number.number, **values)
    paper = further.paper(today=today())
    refuse_further(further, paper, customer)
    role = role_of(paper, identity_on_file(customer))
    document = IdentityDocument.objects.create(
        legal_entity_id=customer.legal_entity_id,
        customer=customer,
        role=role,
        **values,
        **SealedNumber.columns(further.document_type, further.document_number),
    )
    if role == Role.ADDITIONAL:
        claim_key(customer, further)
    customer.version += 1
    customer.save(update_fields=["version"])
    amendment.touched_too = [document]
    return amendment.changes
