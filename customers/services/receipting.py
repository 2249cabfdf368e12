from datetime import date

from django.db import transaction
from django.db.models import Max

from customers.models import Agent, Customer, IdentityCheck, IdentityDocument, Receipt, ReceiptCopy
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.masking import mask_mobile, mask_name


def issue_receipt(
    customer: Customer, transaction_code: str, *, document: IdentityDocument, amendment=None, extra=None, by
) -> Receipt:
    """Writes down what the paper says, so that a later change of the customer does not change it."""
    receipt = receipt_of(
        customer, transaction_code, document=document, amendment=amendment, extra=extra, on=today(), by=by
    )
    receipt.save(force_insert=True)
    return receipt


def receipt_of(
    customer: Customer, transaction_code: str, *, document: IdentityDocument, on: date, amendment=None, extra=None, by
) -> Receipt:
    """The receipt as `issue_receipt` writes it, for whoever writes many at once."""
    content = {
        "customer_number": customer.customer_number,
        "name": customer.name,
        "document_type": document.document_type,
        "document_number": document.number_masked,
        "status": customer.status,
        "verification": customer.verification,
        "staff": f"{by.username} {by.name}",
        "branch": f"{by.branch.code} {by.branch.name}",
        "entity": by.legal_entity.name,
        **(extra or {}),
    }
    return Receipt(
        legal_entity_id=customer.legal_entity_id,
        branch=by.branch,
        staff=by,
        customer=customer,
        amendment=amendment,
        transaction_code=transaction_code,
        business_date=on,
        content=content,
    )


def opening_facts(document: IdentityDocument, check: IdentityCheck, *, mobile: str, agent: Agent | None) -> dict:
    """What the receipt of an opening says beyond the common lines."""
    return {
        "valid_from": iso(document.valid_from),
        "valid_until": iso(document.valid_until),
        "long_term": document.long_term,
        "mobile": mask_mobile(mobile),
        "finding": str(check.finding),
        "decision": check.decision,
        "follow_up_due_on": iso(check.follow_up_due_on),
        "agent": f"{mask_name(agent.name)} {agent.number_masked}" if agent else "",
    }


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


@transaction.atomic
def print_again(*, receipt: Receipt, by) -> ReceiptCopy:
    """Counts a reprint (补打 n); two at once get different numbers."""
    Receipt.objects.select_for_update(of=["self"]).get(pk=receipt.pk)
    last = receipt.copies.aggregate(last=Max("number"))["last"] or 0
    copy = ReceiptCopy.objects.create(receipt=receipt, number=last + 1, staff=by)
    record(
        "customers.receipt_printed",
        subject=receipt.customer,
        by=by,
        label=f"{receipt.customer.customer_number} {mask_name(receipt.content['name'])}",
        detail={"receipt": receipt.number, "copy": copy.number},
    )
    return copy
