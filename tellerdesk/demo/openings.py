"""The rows of a sample's opening, waiting for a checker or approved by one."""

from customers.enums import AmendmentKind, AmendmentStatus, CustomerStatus
from customers.models import Agent, Customer, IdentityDocument, IdentityKey, Receipt
from customers.models.sealed_number import SealedNumber
from customers.rules.identity_check import opening_needs_checker, verification_after
from customers.services.opening import OPEN_CUSTOMER
from customers.services.receipting import opening_facts, receipt_of
from tellerdesk.demo.checks import agent_check_row, request_row
from tellerdesk.demo.visits import APPROVED, OPENED, Visit


def fill_opening(visit: Visit) -> None:
    visit.customer = customer_row(visit)
    visit.check.customer, visit.check.consumed_at = visit.customer, visit.at + OPENED
    visit.document = document_row(visit)
    if opening_needs_checker(visit.check.finding, visit.check.decision, has_agent=bool(visit.particulars.agent)):
        visit.customer.status = CustomerStatus.PENDING_REVIEW
        visit.request = request_row(visit, AmendmentKind.OPENING)
    if visit.particulars.agent:
        visit.agent_check = agent_check_row(visit)
    key = IdentityKey(
        legal_entity_id=visit.customer.legal_entity_id, key_digest=visit.check.key_digest, customer=visit.customer
    )
    visit.further += [key, *agent_rows(visit), receipt_row(visit)]
    if visit.request and not visit.left_waiting:
        approve(visit)


def customer_row(visit: Visit) -> Customer:
    teller = visit.counter.teller
    return Customer(
        legal_entity_id=teller.legal_entity_id,
        customer_number=visit.customer_number,
        status=CustomerStatus.ACTIVE,
        verification=verification_after(visit.check.finding, visit.check.decision),
        opening_branch=teller.branch,
        home_branch=teller.branch,
        opened_by=teller,
        opened_at=visit.at + OPENED,
        **visit.particulars.customer_fields(),
    )


def document_row(visit: Visit) -> IdentityDocument:
    entered = visit.particulars
    return IdentityDocument(
        legal_entity_id=visit.customer.legal_entity_id,
        customer=visit.customer,
        valid_from=entered.valid_from,
        valid_until=entered.valid_until,
        long_term=entered.long_term,
        issuing_authority=entered.issuing_authority,
        recorded_at=visit.at + OPENED,
        **SealedNumber.columns(visit.paper.document_type, visit.paper.normalized),
    )


def agent_rows(visit: Visit) -> list[Agent]:
    agent = visit.particulars.agent
    if agent is None:
        return []
    told = {name: getattr(agent, name) for name in ("name", "mobile", "relation", "reason", "authority", "call_record")}
    number = agent.paper(today=visit.day).normalized
    columns = SealedNumber.columns(agent.document_type, number)
    return [
        Agent(
            customer=visit.customer,
            amendment=visit.request,
            identity_check=visit.agent_check,
            recorded_at=visit.at + OPENED,
            **told,
            **columns,
        )
    ]


def receipt_row(visit: Visit) -> Receipt:
    receipt = receipt_of(
        visit.customer,
        OPEN_CUSTOMER,
        document=visit.document,
        amendment=visit.request,
        extra=opening_facts(
            visit.document, visit.check, mobile=visit.customer.mobile, agent=next(iter(agent_rows(visit)), None)
        ),
        on=visit.day,
        by=visit.counter.teller,
    )
    receipt.at = visit.at + OPENED
    return receipt


def approve(visit: Visit) -> None:
    visit.request.status, visit.request.checker = AmendmentStatus.APPLIED, visit.counter.checker
    visit.request.decided_at = visit.at + APPROVED
    visit.customer.status, visit.customer.approved_by = CustomerStatus.ACTIVE, visit.counter.checker
    visit.customer.approved_at = visit.at + APPROVED
