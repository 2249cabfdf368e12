from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.errors import AgentNotAllowed, InPersonRequired, NeedsChecker, NotAmendable, Stale
from customers.models import Amendment, Customer
from customers.rules.agents import AgentParticulars, agent_problems
from customers.rules.changes import change_needs
from customers.rules.fields import amendment_errors, cleaned_changes
from customers.rules.identity_key import identity_key
from customers.services.drafting import drop_draft
from customers.services.opening import add_agent
from customers.services.receipting import issue_receipt
from customers.validators import field_errors, refuse_lines
from tellerdesk.audit.services import changed_fields, record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors

AMEND_CUSTOMER = "1002"


@transaction.atomic
def amend_customer(
    *, customer: Customer, changes: dict, in_person: bool, agent=None, reason: str, version: int | None = None, by
) -> Amendment:
    """Applies the changes that need no second person (rules 1.3).

    `version` is the customer's version the maker saw, None where it is not known. Raises FieldErrors, NotAmendable,
    Stale, InPersonRequired, AgentNotAllowed, and NeedsChecker with the fields that need one.
    """
    refuse_lines(reason=reason)
    customer = Customer.objects.select_for_update(of=["self"], no_key=True).get(pk=customer.pk)
    if customer.status != enums.CustomerStatus.ACTIVE:
        raise NotAmendable(status=customer.status)
    if version is not None and version != customer.version:
        raise Stale(version=customer.version)
    changes, agent = cleaned_changes(changes), agent and agent.cleaned()
    errors = amendment_errors(changes, customer, today=today()) | agent_errors(agent, customer)
    if errors:
        raise FieldErrors(field_errors(errors))
    changed = changed_fields({field: getattr(customer, field, None) for field in changes}, changes)
    if not changed:
        raise FieldErrors({"changes": [("unchanged", _("Nothing of this differs from the file."))]})
    guard(changed, customer, in_person=in_person, has_agent=agent is not None)
    for field in changed:
        setattr(customer, field, changes[field])
    customer.version += 1
    customer.save()
    return noted(customer, changed, in_person=in_person, agent=agent, reason=reason, by=by)


def agent_errors(agent: AgentParticulars | None, customer: Customer) -> dict[str, list[str]]:
    """Who acts for a customer is verified like him (rules 1.4)."""
    errors: dict[str, list[str]] = {}
    if agent:
        own = customer.documents.primary().get()
        for field, code in agent_problems(agent, identity_key(own.document_type, own.number), today=today()):
            errors.setdefault(field, []).append(code)
    return errors


def guard(changed: dict, customer: Customer, *, in_person: bool, has_agent: bool) -> None:
    needs = change_needs(changed, has_cheque_account=customer.has_cheque_account)
    if has_agent and not needs.agent_allowed:
        raise AgentNotAllowed(fields=sorted(changed))
    if needs.in_person and not in_person:
        raise InPersonRequired(fields=sorted(changed))
    if needs.checker:
        raise NeedsChecker(fields=", ".join(sorted(needs.checked_fields)))


def noted(
    customer: Customer, changed: dict, *, in_person: bool, agent: AgentParticulars | None, reason: str, by
) -> Amendment:
    amendment = Amendment.objects.create(
        legal_entity_id=customer.legal_entity_id,
        branch=by.branch,
        customer=customer,
        kind=enums.AmendmentKind.AMENDMENT,
        status=enums.AmendmentStatus.APPLIED,
        changes=changed,
        base_version=customer.version - 1,
        in_person=in_person,
        reason=reason,
        maker=by,
    )
    acted = [add_agent(customer, agent, amendment)] if agent else []
    record(
        "customers.amended",
        subject=customer,
        by=by,
        detail={"fields": sorted(changed), "reason": reason},
        changes=changed,
        touched=[amendment, *acted],
    )
    document = customer.documents.primary().first()
    issue_receipt(
        customer, AMEND_CUSTOMER, document=document, amendment=amendment, extra={"fields": sorted(changed)}, by=by
    )
    drop_draft(transaction_code=AMEND_CUSTOMER, about=customer.customer_number, by=by)
    return amendment
