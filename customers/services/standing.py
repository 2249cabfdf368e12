"""Suspension, reinstatement and closure of a customer: asked for, and carried out when approved."""

from django.db import transaction

from customers.enums import AmendmentKind, CustomerStatus
from customers.errors import NotAmendable
from customers.models import Amendment, Customer
from customers.rules.standing import LEADS_TO, may_begin
from customers.services.receipting import issue_receipt
from customers.services.requesting import locked_customers, open_request
from customers.validators import refuse_lines
from tellerdesk.audit.services import record

CHANGE_STANDING = "1010"


@transaction.atomic
def ask_for_standing(*, customer: Customer, kind: str, reason: str, by) -> Amendment:
    """`kind` is suspension, reinstatement or closure. Raises FieldErrors, NotAmendable, RequestPending."""
    refuse_lines(reason=reason)
    [customer] = locked_customers(customer.pk)
    if not may_begin(kind, customer.status):
        raise NotAmendable(status=customer.status)
    amendment = open_request(kind, customer, changes={"status": standing_change(customer, kind)}, reason=reason, by=by)
    record(f"customers.{kind}_requested", subject=customer, by=by, detail={"reason": reason}, touched=[amendment])
    document = customer.documents.primary().first()
    if document:
        issue_receipt(customer, CHANGE_STANDING, document=document, amendment=amendment, extra={"kind": kind}, by=by)
    return amendment


def standing_change(customer: Customer, kind: str) -> list[str]:
    return [customer.status, str(LEADS_TO[AmendmentKind(kind)])]


def carry_out_standing(amendment: Amendment, customer: Customer, *, by) -> dict:
    """The changes of the approved request, done."""
    if not may_begin(amendment.kind, customer.status):
        raise NotAmendable(status=customer.status)
    before, customer.status = customer.status, CustomerStatus(LEADS_TO[AmendmentKind(amendment.kind)])
    customer.version += 1
    customer.save()
    return {"status": [before, customer.status]}
