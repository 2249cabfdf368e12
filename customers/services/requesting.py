"""Requests that wait for a second person: one open request for each customer (rules 1.3)."""

from django.db.models import Q
from django.utils import timezone

from customers.enums import AmendmentStatus
from customers.errors import RequestPending
from customers.models import Amendment, Customer
from customers.rules.review import BY_HOME_BRANCH
from tellerdesk.audit.services import record


def locked_customers(*pks: int) -> list[Customer]:
    """In the order of `pks`, locked in the order of their ids, so that two requests never wait for each other.

    Whoever was merged into one of them is locked along: a merge leads them on.
    """
    concerned = Q(pk__in=pks) | Q(merged_into__in=pks)
    found = Customer.objects.select_for_update(of=["self"], no_key=True).filter(concerned).order_by("pk")
    by_pk = {customer.pk: customer for customer in found}
    return [by_pk[pk] for pk in pks]


def open_request(
    kind: str, customer: Customer, *, changes=None, reason: str, other: Customer | None = None, by, **fields
) -> Amendment:
    """The request, waiting for its checker; both customers are locked. The caller writes the event.

    What the system proposed gives way to a person. Raises RequestPending with the request that stands in the way.
    """
    for each in filter(None, (customer, other)):
        make_way(each, by=by)
    return Amendment.objects.create(
        legal_entity_id=customer.legal_entity_id,
        branch=customer.home_branch if kind in BY_HOME_BRANCH else by.branch,
        customer=customer,
        other=other,
        kind=kind,
        status=AmendmentStatus.PENDING_REVIEW,
        changes=changes or {},
        base_version=customer.version,
        other_version=other and other.version,
        reason=reason,
        maker=by,
        **fields,
    )


def make_way(customer: Customer, *, by) -> None:
    pending = Amendment.objects.pending().concerning(customer).first()
    if pending is None:
        return
    if pending.maker_id:
        raise RequestPending(id=pending.pk, kind=pending.kind)
    withdrawn(pending, by=by)


def withdrawn(amendment: Amendment, *, touched=(), by) -> Amendment:
    amendment.status, amendment.decided_at = AmendmentStatus.WITHDRAWN, timezone.now()
    amendment.save(update_fields=["status", "decided_at"])
    subject = amendment.customer or amendment.identity_check
    detail = {"kind": amendment.kind}
    record("customers.request_withdrawn", subject=subject, by=by, detail=detail, touched=[amendment, *touched])
    return amendment
