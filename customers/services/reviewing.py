from django.db import transaction
from django.utils import timezone

from customers import enums
from customers.errors import AlreadyDecided, SamePerson, Stale
from customers.models import Amendment, Customer
from customers.validators import refuse_lines
from tellerdesk.audit.services import record


@transaction.atomic
def approve(*, amendment: Amendment, by) -> Amendment:
    """Raises SamePerson for the maker whatever posting he holds, AlreadyDecided, Stale."""
    amendment, customer = locked(amendment, by=by)
    if customer and customer.version != amendment.base_version:
        raise Stale(version=customer.version)
    decided(amendment, enums.AmendmentStatus.APPLIED, "", by=by)
    if amendment.kind == enums.AmendmentKind.OPENING:
        customer.status, customer.approved_by, customer.approved_at = enums.CustomerStatus.ACTIVE, by, timezone.now()
        customer.save()
    return told(amendment, customer, "approved", by=by)


@transaction.atomic
def reject(*, amendment: Amendment, reason: str, by) -> Amendment:
    """Returns the request with a reason; a refused opening closes the number for good. Raises as `approve`."""
    refuse_lines(reason=reason)
    amendment, customer = locked(amendment, by=by)
    decided(amendment, enums.AmendmentStatus.REJECTED, reason, by=by)
    if amendment.kind == enums.AmendmentKind.OPENING:
        customer.status = enums.CustomerStatus.CLOSED
        customer.version += 1
        customer.save()
    return told(amendment, customer, "rejected", by=by)


def locked(amendment: Amendment, *, by) -> tuple[Amendment, Customer | None]:
    amendment = Amendment.objects.select_for_update(of=["self"]).select_related("identity_check").get(pk=amendment.pk)
    if amendment.maker_id == by.pk:
        raise SamePerson
    if amendment.status != enums.AmendmentStatus.PENDING_REVIEW:
        raise AlreadyDecided(status=amendment.status)
    customer = Customer.objects.select_for_update(of=["self"], no_key=True).filter(pk=amendment.customer_id).first()
    return amendment, customer


def decided(amendment: Amendment, status: str, reason: str, *, by) -> None:
    amendment.status, amendment.checker = status, by
    amendment.decided_at, amendment.decision_reason = timezone.now(), reason
    amendment.save()


def told(amendment: Amendment, customer: Customer | None, verdict: str, *, by) -> Amendment:
    subject = customer or amendment.identity_check
    record(
        f"customers.{amendment.kind}_{verdict}",
        subject=subject,
        by=by,
        detail={"maker": amendment.maker.name, "reason": amendment.decision_reason},
        changes={"status": [enums.CustomerStatus.PENDING_REVIEW, customer.status]} if customer else {},
        touched=[amendment],
    )
    return amendment
