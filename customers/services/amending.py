from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.errors import AgentNotAllowed, InPersonRequired, NotAmendable
from customers.models import Amendment, Customer, IdentityCheck
from customers.rules.agents import AgentParticulars, agent_problems
from customers.rules.amended import OF_THE_DOCUMENT, Identity, completed, identity_problems
from customers.rules.changes import ChangeNeeds, change_needs, change_refusals
from customers.rules.fields import amendment_errors, cleaned_changes
from customers.rules.identity_key import identity_key
from customers.services.agent_check import check_agent
from customers.services.amended import identity_on_file, refuse_paper
from customers.services.consuming import consumable_check
from customers.services.filing import Act, applied, requested
from customers.services.opening import refuse_high_risk
from customers.services.requesting import locked_customers
from customers.validators import field_errors, refuse_lines
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors, Stale

LIVE = frozenset({enums.CustomerStatus.ACTIVE, enums.CustomerStatus.SUSPENDED})


def amend_customer(
    *,
    customer: Customer,
    changes: dict,
    in_person: bool,
    agent=None,
    check_id: int | None = None,
    reason: str,
    version: int | None = None,
    by,
) -> Amendment:
    """Applies what one person may change; anything else waits for a checker, the whole of it together (rules 1.3).

    `version` is the customer's version the maker saw, None where it is not known. Raises FieldErrors, NotAmendable,
    Stale, InPersonRequired, AgentNotAllowed, AgentNotVerified, RequestPending, DocumentExpired, CustomerExists where
    the new number is somebody else's, and what a check raises that does not fit.
    """
    refuse_lines(reason=reason)
    agent = agent and agent.cleaned()
    asked = {"changes": changes, "agent": agent, "in_person": in_person, "version": version}
    agent_check = None
    if agent:  # before anything is locked: the system of the checks may be slow
        judged(Customer.objects.get(pk=customer.pk), **asked)
        agent_check = check_agent(agent=agent, by=by)
    with transaction.atomic():
        [customer] = locked_customers(customer.pk)
        before, changes, needs = judged(customer, **asked)
        check = fresh_check(check_id, changes, before, needs, by=by)
        act = Act(in_person, reason, agent, check, agent_check)
        return (requested if needs.checker else applied)(customer, changes, before, act, by=by)


def judged(
    customer: Customer, *, changes: dict, agent: AgentParticulars | None, in_person: bool, version: int | None
) -> tuple[Identity, dict, ChangeNeeds]:
    """The identity on file, what differs from it, and what that takes. Raises as `amend_customer`."""
    if customer.status not in LIVE:  # a merged number has no document of its own any more
        raise NotAmendable(status=customer.status)
    if version is not None and version != customer.version:
        raise Stale(version=customer.version)
    before = identity_on_file(customer)
    changes = cleaned_changes(with_type(changes, before))
    refuse_faults(amendment_errors(changes, customer, today=today()) | agent_errors(agent, before))
    changes = differing(completed(changes, before, today=today()), customer, before)
    refuse_standing(customer, changes)
    needs = guard(changes, customer, in_person=in_person, has_agent=agent is not None)
    refuse_faults(by_field(identity_problems(changes, before, today=today())))
    refuse_paper(changes, before, customer)
    refuse_high_risk(changes.get("has_cheque_account", False), customer.verification)
    return before, changes, needs


def with_type(changes: dict, before: Identity) -> dict:
    """A number alone is one of the type on file."""
    return {"document_type": before.document_type, **changes} if "document_number" in changes else changes


def differing(changes: dict, customer: Customer, before: Identity) -> dict:
    """What differs from the file, with values as the file keeps them. Raises FieldErrors where nothing does."""
    after = before.changed_by(changes)
    values = {field: getattr(after, field, value) for field, value in changes.items()}
    on_file = {field: getattr(customer, field, getattr(before, field, None)) for field in values}
    found = {field: value for field, value in values.items() if on_file[field] != value}
    if "document_number" in found or "document_type" in found:
        found |= {field: values[field] for field in ("document_type", "document_number") if field in values}
    if not found:
        raise FieldErrors({"changes": [("unchanged", _("Nothing of this differs from the file."))]})
    return found


def refuse_faults(errors: dict) -> None:
    if errors:
        raise FieldErrors(field_errors(errors))


def by_field(problems) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field, code in problems:
        found.setdefault(field, []).append(code)
    return found


def agent_errors(agent: AgentParticulars | None, before: Identity) -> dict[str, list[str]]:
    """Who acts for a customer is verified like him (rules 1.4)."""
    own_key = identity_key(before.document_type, before.document_number)
    return by_field(agent_problems(agent, own_key, today=today())) if agent else {}


def refuse_standing(customer: Customer, changes: dict) -> None:
    """The document itself is renewed while the customer is suspended, so that the suspension can end."""
    renews = customer.status == enums.CustomerStatus.SUSPENDED and changes.keys() <= OF_THE_DOCUMENT
    if customer.status != enums.CustomerStatus.ACTIVE and not renews:
        raise NotAmendable(status=customer.status)


def guard(changes: dict, customer: Customer, *, in_person: bool, has_agent: bool) -> ChangeNeeds:
    cheque = customer.has_cheque_account
    refused = change_refusals(changes, has_cheque_account=cheque, agent=has_agent, in_person=in_person)
    codes = {code for found in refused.values() for code in found}
    if "agent_not_allowed" in codes:
        raise AgentNotAllowed(fields=sorted(changes))
    if "in_person_required" in codes:
        raise InPersonRequired(fields=sorted(changes))
    return change_needs(changes, has_cheque_account=cheque)


def fresh_check(
    check_id: int | None, changes: dict, before: Identity, needs: ChangeNeeds, *, by
) -> IdentityCheck | None:
    """Raises FieldErrors where a check is part of the change and none is named."""
    if not needs.new_check:
        return None
    if check_id is None:
        raise FieldErrors(
            {"identity_check": [("required", _("This change takes a fresh online check of the document."))]}
        )
    after = before.changed_by(changes)
    paper = after.paper(today=today())
    return consumable_check(check_id, enums.Business.AMENDMENT, name=after.name, paper=paper, by=by)
