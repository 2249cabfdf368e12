"""合理理由: the suspension over an expired document is put off, and what was proposed gives way."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers.enums import AmendmentKind, CustomerStatus
from customers.errors import NotAmendable
from customers.models import Amendment, Customer, Postponement
from customers.rules.expiry import postponement_problem
from customers.rules.review import APPROVE_MERGE
from customers.services.requesting import locked_customers, withdrawn
from customers.validators import require_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors, NotPermitted

WORDS = {
    "not_expired": _("The document has not expired; there is nothing to put off."),
    "not_to_come": _("The new day must lie in the future."),
    "too_far": _("A suspension is put off by a year at most."),
}


@transaction.atomic
def postpone_suspension(*, customer: Customer, until: date, ground: str, by) -> Postponement:
    """By whoever would confirm the suspension: the branch manager of the customer's home branch.

    Raises NotPermitted elsewhere, FieldErrors, NotAmendable.
    """
    require_lines(ground=ground)
    [customer] = locked_customers(customer.pk)
    if customer.home_branch_id not in {each.branch_id for each in by.postings_granting(APPROVE_MERGE)}:
        raise NotPermitted(APPROVE_MERGE)
    if customer.status != CustomerStatus.ACTIVE:
        raise NotAmendable(status=customer.status)
    document = customer.documents.primary().get()
    problem = postponement_problem(until, valid_until=document.valid_until, today=today())
    if problem:
        raise FieldErrors({"until": [(problem, WORDS[problem])]})
    postponement = Postponement.objects.create(document=document, until=until, ground=ground.strip(), by=by)
    for proposal in proposals_about(customer):
        withdrawn(proposal, by=by)
    detail = {"until": until, "ground": postponement.ground}
    record("customers.suspension_postponed", subject=customer, by=by, detail=detail, touched=[postponement])
    return postponement


def proposals_about(customer: Customer):
    """Of the system; what a person asked for is decided by a person."""
    return Amendment.objects.pending().filter(customer=customer, kind=AmendmentKind.SUSPENSION, maker=None)
