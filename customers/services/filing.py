"""A change is filed: applied at once, or waiting for its checker, with its number sealed and its receipt."""

from dataclasses import dataclass
from datetime import date

from customers import enums
from customers.models import Amendment, ChangedNumber, Customer, IdentityCheck
from customers.models.sealed_number import SealedNumber
from customers.rules.agents import AgentParticulars
from customers.rules.amended import BY_DOCUMENT, Identity
from customers.services.consuming import consume
from customers.services.drafting import drop_draft
from customers.services.opening import add_agent
from customers.services.receipting import issue_receipt
from customers.services.requesting import open_request
from tellerdesk.audit.services import changed_fields, record
from tellerdesk.core.masking import mask_number

AMEND_CUSTOMER, UPDATE_DOCUMENTS = "1002", "1005"


@dataclass(frozen=True)
class Act:
    """How a change was asked for: whether the customer came, who acted instead, on which check, and why."""

    in_person: bool
    reason: str
    agent: AgentParticulars | None = None
    check: IdentityCheck | None = None
    agent_check: IdentityCheck | None = None


def applied(customer: Customer, changes: dict, before: Identity, act: Act, *, by) -> Amendment:
    changed = noted_changes(changes, customer, before)
    for field, value in changes.items():
        setattr(customer, field, value)
    customer.version += 1
    customer.save()
    amendment = Amendment.objects.create(
        legal_entity_id=customer.legal_entity_id,
        branch=by.branch,
        customer=customer,
        kind=enums.AmendmentKind.AMENDMENT,
        status=enums.AmendmentStatus.APPLIED,
        changes=changed,
        base_version=customer.version - 1,
        in_person=act.in_person,
        reason=act.reason,
        maker=by,
    )
    return noted(customer, amendment, act, "customers.amended", by=by)


def requested(customer: Customer, changes: dict, before: Identity, act: Act, *, by) -> Amendment:
    amendment = open_request(
        enums.AmendmentKind.AMENDMENT,
        customer,
        changes=noted_changes(changes, customer, before),
        reason=act.reason,
        in_person=act.in_person,
        identity_check=act.check,
        by=by,
    )
    touched = []
    if "document_number" in changes:
        after = before.changed_by(changes)
        number = SealedNumber.columns(after.document_type, after.document_number)
        touched.append(ChangedNumber.objects.create(amendment=amendment, **number))
    if act.check:
        consume(act.check, customer)
        touched.append(act.check)
    return noted(customer, amendment, act, "customers.amendment_requested", touched=touched, by=by)


def noted_changes(changes: dict, customer: Customer, before: Identity) -> dict:
    """`{field: [before, after]}` as it is kept: dates as text, numbers masked."""
    on_file = {field: getattr(customer, field, getattr(before, field, None)) for field in changes}
    noted = changed_fields(_plain(on_file), _plain(changes))
    if "document_number" in changes:  # two numbers may look the same under their masks
        noted["document_number"] = [mask_number(on_file["document_number"]), mask_number(changes["document_number"])]
    return noted


def _plain(values: dict) -> dict:
    return {field: value.isoformat() if isinstance(value, date) else value for field, value in values.items()}


def noted(customer: Customer, amendment: Amendment, act: Act, action: str, *, touched=(), by) -> Amendment:
    acted = [add_agent(customer, act.agent, amendment, act.agent_check, by=by)] if act.agent else []
    fields = sorted(amendment.changes)
    waits = amendment.status == enums.AmendmentStatus.PENDING_REVIEW
    record(
        action,
        subject=customer,
        by=by,
        detail={"fields": fields, "reason": act.reason},
        changes={} if waits else amendment.changes,
        touched=[amendment, *acted, *touched],
    )
    document = customer.documents.primary().first()
    facts = {"fields": fields, "review": amendment.status}
    code = UPDATE_DOCUMENTS if amendment.changes.keys() & BY_DOCUMENT else AMEND_CUSTOMER
    issue_receipt(customer, code, document=document, amendment=amendment, extra=facts, by=by)
    drop_draft(transaction_code=code, about=customer.customer_number, by=by)
    return amendment
