from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from customers import enums
from customers.errors import CustomerExists, DocumentExpired
from customers.messages import message
from customers.models import Agent, Amendment, Customer, IdentityCheck, IdentityDocument, IdentityKey, Receipt
from customers.models.sealed_number import SealedNumber
from customers.rules.customer_number import customer_number
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.fields import opening_errors
from customers.rules.identity_check import opening_needs_checker, verification_after
from customers.rules.particulars import Particulars
from customers.rules.validity import is_expired
from customers.services.agent_check import check_agent, use_agent_check
from customers.services.consuming import consumable_check, consume
from customers.services.drafting import drop_draft
from customers.services.receipting import issue_receipt, opening_facts
from customers.validators import field_errors
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.vault.services import digest

OPEN_CUSTOMER = "1001"


@dataclass(frozen=True)
class Opening:
    customer: Customer
    receipt: Receipt


def open_customer(*, check_id: int, particulars: Particulars, agent_check: IdentityCheck | None = None, by) -> Opening:
    """Opens a customer on a check made for it; whoever acts for the customer is checked first, outside every lock.

    `agent_check` is that of the agent where the caller has asked already. Raises AgentNotVerified.
    Raises FieldErrors by field; DocumentExpired; CheckMismatch, CheckConsumed, DecisionRequired for the check;
    CustomerExists with the number where the person is a customer of this legal entity already.
    """
    paper = parse_document(particulars.document_type, particulars.document_number, today=today())
    particulars = particulars.completed_from(paper)
    errors = opening_errors(particulars, paper, today=today())
    if errors:
        raise FieldErrors(field_errors(errors, paper))
    if is_expired(particulars.valid_until, today=today()):
        raise DocumentExpired(valid_until=particulars.valid_until.isoformat())
    if particulars.agent and agent_check is None:
        with transaction.atomic():  # what would be refused anyhow asks about nobody
            consumable_check(check_id, enums.Business.OPENING, name=particulars.name, paper=paper, by=by)
        agent_check = check_agent(agent=particulars.agent, by=by)
    try:
        with transaction.atomic():
            return opened(check_id, particulars, paper, agent_check, by=by)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "identity_key_once":
            raise
        raise CustomerExists(customer_number=holder_of(paper, by=by).customer_number) from error


def opened(
    check_id: int, particulars: Particulars, paper: ParsedDocument, agent_check: IdentityCheck | None, *, by
) -> Opening:
    check = consumable_check(check_id, enums.Business.OPENING, name=particulars.name, paper=paper, by=by)
    refuse_high_risk(particulars.has_cheque_account, verification_after(check.finding, check.decision))
    waits = opening_needs_checker(check.finding, check.decision, has_agent=particulars.agent is not None)
    customer = Customer.objects.create(
        legal_entity_id=by.legal_entity_id,
        customer_number=next_number(by.legal_entity_id),
        status=enums.CustomerStatus.PENDING_REVIEW if waits else enums.CustomerStatus.ACTIVE,
        verification=verification_after(check.finding, check.decision),
        opening_branch=by.branch,
        home_branch=by.branch,
        opened_by=by,
        **particulars.customer_fields(),
    )
    IdentityKey.objects.create(
        legal_entity_id=by.legal_entity_id, key_digest=digest(paper.identity_key), customer=customer
    )
    document = add_document(customer, particulars, paper)
    consume(check, customer)
    settled = settle_held(check, customer)
    request = waits and ask_for_review(customer, check, by=by)
    agent = particulars.agent and add_agent(customer, particulars.agent, request or None, agent_check, by=by)
    record(
        "customers.opening_submitted" if waits else "customers.opened",
        subject=customer,
        by=by,
        detail={
            "document": paper.document_type,
            "number": document.number_masked,
            "verification": customer.verification,
        },
        touched=[each for each in (document, check, request, agent, *settled) if each],
    )
    facts = opening_facts(document, check, mobile=customer.mobile, agent=agent or None)
    receipt = issue_receipt(customer, OPEN_CUSTOMER, document=document, amendment=request or None, extra=facts, by=by)
    drop_draft(transaction_code=OPEN_CUSTOMER, by=by)
    return Opening(customer, receipt)


def refuse_high_risk(has_cheque_account: bool, verification: str) -> None:
    """Whose online check is still owed gets no service of higher risk (rules 3.3)."""
    if has_cheque_account and verification == enums.Verification.DEFERRED:
        code = "not_while_deferred"
        raise FieldErrors({"has_cheque_account": [(code, message(code))]})


def next_number(legal_entity_id: int) -> str:
    """Numbers taken over from a core system are skipped."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('customers_customer_serial')")
            number = customer_number(cursor.fetchone()[0])
        if not Customer.objects.filter(legal_entity_id=legal_entity_id, customer_number=number).exists():
            return number


def add_document(customer: Customer, particulars: Particulars, paper: ParsedDocument) -> IdentityDocument:
    return IdentityDocument.objects.create(
        legal_entity_id=customer.legal_entity_id,
        customer=customer,
        valid_from=particulars.valid_from,
        valid_until=particulars.valid_until,
        long_term=particulars.long_term,
        issuing_authority=particulars.issuing_authority,
        **SealedNumber.columns(paper.document_type, paper.normalized),
    )


def settle_held(check: IdentityCheck, customer: Customer) -> list[IdentityCheck]:
    """Earlier checks of the same person that waited for the police owe nothing any more."""
    held = IdentityCheck.objects.filter(
        legal_entity_id=check.legal_entity_id,
        key_digest=check.key_digest,
        decision=enums.CheckDecision.HOLD_PENDING_POLICE,
        consumed_at=None,
    )
    settled = list(held.select_for_update(of=["self"]))
    for each in settled:
        each.customer, each.follow_up_due_on = customer, None
        each.save(update_fields=["customer", "follow_up_due_on"])
    return settled


def ask_for_review(customer: Customer, check: IdentityCheck, *, by) -> Amendment:
    return Amendment.objects.create(
        legal_entity_id=customer.legal_entity_id,
        branch=by.branch,
        customer=customer,
        identity_check=check,
        kind=enums.AmendmentKind.OPENING,
        status=enums.AmendmentStatus.PENDING_REVIEW,
        base_version=customer.version,
        maker=by,
    )


def add_agent(customer: Customer, agent, amendment: Amendment | None, check: IdentityCheck | None, *, by) -> Agent:
    """The agent's paper has been found valid with the rest of the particulars; its check serves this business only."""
    return Agent.objects.create(
        customer=customer,
        amendment=amendment,
        identity_check=check and use_agent_check(check, by=by),
        name=agent.name,
        mobile=agent.mobile,
        relation=agent.relation,
        reason=agent.reason,
        authority=agent.authority,
        call_record=agent.call_record,
        **SealedNumber.columns(agent.document_type, agent.paper(today=today()).normalized),
    )


def holder_of(paper: ParsedDocument, *, by) -> Customer:
    key = IdentityKey.objects.select_related("customer").get(
        legal_entity_id=by.legal_entity_id, key_digest=digest(paper.identity_key)
    )
    return key.customer


def carry_out_opening(amendment: Amendment, customer: Customer, *, by) -> dict:
    before, customer.status = customer.status, enums.CustomerStatus.ACTIVE
    customer.approved_by, customer.approved_at = by, timezone.now()
    customer.save()
    return {"status": [before, customer.status]}
