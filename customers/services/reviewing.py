from django.db import transaction
from django.utils import timezone

from customers import enums
from customers.errors import NotWithdrawable
from customers.models import Amendment, Customer
from customers.services.further_documents import carry_out_change
from customers.services.merged import carry_out_merge
from customers.services.opening import carry_out_opening
from customers.services.refusing import carry_out_refusal, reopen_check
from customers.services.requesting import locked_customers, withdrawn
from customers.services.standing import carry_out_standing
from customers.services.unmerging import carry_out_undo
from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.errors import AlreadyDecided, SamePerson, Stale

CARRY_OUT = {
    enums.AmendmentKind.OPENING: carry_out_opening,
    enums.AmendmentKind.AMENDMENT: carry_out_change,
    enums.AmendmentKind.SUSPENSION: carry_out_standing,
    enums.AmendmentKind.REINSTATEMENT: carry_out_standing,
    enums.AmendmentKind.CLOSURE: carry_out_standing,
    enums.AmendmentKind.REFUSAL: carry_out_refusal,
    enums.AmendmentKind.MERGE: carry_out_merge,
    enums.AmendmentKind.MERGE_UNDO: carry_out_undo,
}


@transaction.atomic
def approve(*, amendment: Amendment, by) -> Amendment:
    """Carries the request out, whole or not at all.

    Raises SamePerson for the maker whatever posting he holds, AlreadyDecided, Stale, and what the kind itself raises.
    """
    amendment, customer = locked(amendment, by=by)
    refuse_stale(amendment, customer)
    decided(amendment, enums.AmendmentStatus.APPLIED, "", by=by)
    carry_out = CARRY_OUT.get(enums.AmendmentKind(amendment.kind))
    changes = carry_out(amendment, customer, by=by) if carry_out else {}
    return told(amendment, customer, "approved", changes=changes, by=by)


@transaction.atomic
def reject(*, amendment: Amendment, reason: str, by) -> Amendment:
    """Returns the request with a reason; a refused opening closes the number for good. Raises as `approve`."""
    refuse_lines(reason=reason)
    amendment, customer = locked(amendment, by=by)
    decided(amendment, enums.AmendmentStatus.REJECTED, reason, by=by)
    changes = {}
    if amendment.kind == enums.AmendmentKind.OPENING:
        changes = {"status": [customer.status, enums.CustomerStatus.CLOSED]}
        customer.status = enums.CustomerStatus.CLOSED
        customer.version += 1
        customer.save()
    if amendment.kind == enums.AmendmentKind.REFUSAL:
        amendment.touched_too = [reopen_check(amendment)]
    return told(amendment, customer, "rejected", changes=changes, by=by)


@transaction.atomic
def withdraw(*, amendment: Amendment, by) -> Amendment:
    """By the maker, while nobody has decided. An opening stays: its number is issued, and a refusal is returned.

    Raises NotWithdrawable, AlreadyDecided.
    """
    lock_customers_of(amendment)
    amendment = Amendment.objects.select_for_update(of=["self"]).get(pk=amendment.pk)
    if amendment.status != enums.AmendmentStatus.PENDING_REVIEW:
        raise AlreadyDecided(status=amendment.status)
    if amendment.maker_id != by.pk or amendment.kind == enums.AmendmentKind.OPENING:
        raise NotWithdrawable
    touched = [reopen_check(amendment)] if amendment.kind == enums.AmendmentKind.REFUSAL else []
    return withdrawn(amendment, touched=touched, by=by)


def locked(amendment: Amendment, *, by) -> tuple[Amendment, Customer | None]:
    """The customers first, as whoever opens a request does."""
    customer, other = lock_customers_of(amendment)
    amendment = Amendment.objects.select_for_update(of=["self"]).select_related("identity_check").get(pk=amendment.pk)
    if amendment.maker_id == by.pk:
        raise SamePerson
    if amendment.status != enums.AmendmentStatus.PENDING_REVIEW:
        raise AlreadyDecided(status=amendment.status)
    amendment.other = other
    return amendment, customer


def lock_customers_of(amendment: Amendment) -> tuple[Customer | None, Customer | None]:
    concerned = [pk for pk in (amendment.customer_id, amendment.other_id) if pk]
    by_pk = {each.pk: each for each in locked_customers(*concerned)}
    return by_pk.get(amendment.customer_id), by_pk.get(amendment.other_id)


def refuse_stale(amendment: Amendment, customer: Customer | None) -> None:
    if customer and customer.version != amendment.base_version:
        raise Stale(version=customer.version)
    if amendment.other and amendment.other.version != amendment.other_version:
        raise Stale(version=amendment.other.version)


def decided(amendment: Amendment, status: str, reason: str, *, by) -> None:
    amendment.status, amendment.checker = status, by
    amendment.decided_at, amendment.decision_reason = timezone.now(), reason
    amendment.save()


def told(amendment: Amendment, customer: Customer | None, verdict: str, *, changes: dict, by) -> Amendment:
    """`touched_too` is what carrying out left on the amendment for its event."""
    subject = customer or amendment.identity_check
    maker = amendment.maker
    record(
        f"customers.{amendment.kind}_{verdict}",
        subject=subject,
        by=by,
        detail={"maker": maker.name if maker else "system", "reason": amendment.decision_reason or amendment.reason},
        changes=changes,
        touched=[amendment, *getattr(amendment, "touched_too", ())],
    )
    return amendment
