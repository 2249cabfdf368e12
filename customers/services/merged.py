"""Approved merges carried out: all of the absorbed customer is the survivor's; what moved is noted, to go back by."""

from django.db.models import Q
from django.utils import timezone

from customers.enums import CustomerStatus
from customers.merging_parties import tell_merged
from customers.models import Amendment, Customer, DuplicatePair, IdentityDocument, IdentityKey, Merge
from customers.rules.merging import (
    ABSORBED,
    DOCUMENT,
    IDENTITY,
    chosen_fields,
    status_after,
    verification_owing,
    with_companions,
)
from customers.services.merging import plain, refuse_unmergeable

Role = IdentityDocument.Role


def carry_out_merge(amendment: Amendment, customer: Customer, *, by) -> dict:
    """The approved merge, done: everything of the absorbed one is the survivor's now, what is noted can be undone.

    Raises NotMergeable. What it touched beside the survivor is left on the amendment for its event.
    """
    merge, absorbed = amendment.merge, amendment.other
    refuse_unmergeable(customer, absorbed)
    merge.moved = {
        "status": absorbed.status,
        "survivor_status": customer.status,
        "verification": customer.verification,
    }
    take_fields(merge, customer, absorbed)
    documents = move_documents(merge, customer, absorbed)
    checks = move_checks(merge, customer, absorbed)
    move_keys(merge, customer, absorbed)
    chain = flatten(merge, customer, absorbed)
    customer.status = status_after(customer.status, absorbed.status)
    customer.verification = verification_owing(owed_kinds(customer), customer.verification)
    merge.moved["joint_verification"] = customer.verification
    absorbed.status, absorbed.merged_into = CustomerStatus.MERGED, customer
    for each in (customer, absorbed):
        each.version += 1
        each.save()
    pairs = close_pairs(customer, absorbed, by=by)
    merge.moved["parties"] = tell_merged(customer, absorbed, by=by, request=amendment)
    merge.merged_at = timezone.now()
    merge.save(update_fields=["before", "moved", "merged_at"])
    amendment.touched_too = [absorbed, merge, *documents, *checks, *chain, *pairs]
    return amendment.changes


def take_fields(merge: Merge, survivor: Customer, absorbed: Customer) -> None:
    fields = chosen_fields(survivor, absorbed, merge.choices)
    noted = with_companions(fields)
    merge.before = {field: plain(getattr(survivor, field)) for field in noted}
    for field in fields:
        setattr(survivor, field, getattr(absorbed, field))
    merge.moved["fields"] = {field: plain(getattr(survivor, field)) for field in noted}
    merge.moved["identity"] = {field: plain(getattr(survivor, field)) for field in IDENTITY}
    if merge.choices.get(DOCUMENT) == ABSORBED:
        survivor.verification = absorbed.verification


def move_documents(merge: Merge, survivor: Customer, absorbed: Customer) -> list[IdentityDocument]:
    """One primary document stays; what it was before is noted for each that moved or stepped back."""
    moving, own = list(absorbed.documents.order_by("pk")), list(survivor.documents.primary())
    chosen = merge.choices.get(DOCUMENT) == ABSORBED and any(each.role == Role.PRIMARY for each in moving)
    merge.moved["documents"] = [[each.pk, each.role] for each in moving]
    merge.moved["stepped_back"] = [each.pk for each in own if chosen]
    stepping_back = own if chosen else [each for each in moving if each.role == Role.PRIMARY]
    for each in stepping_back:
        each.role = Role.ADDITIONAL
        each.save(update_fields=["role"])
    moving = [next((s for s in stepping_back if s.pk == each.pk), each) for each in moving]
    for each in moving:
        each.customer = survivor
        each.save(update_fields=["customer"])
    return [*moving, *(each for each in own if chosen)]


def move_checks(merge: Merge, survivor: Customer, absorbed: Customer) -> list:
    """What is owed on them is the survivor's from now on."""
    checks = list(absorbed.checks.order_by("pk"))
    merge.moved["checks"] = [each.pk for each in checks]
    for each in checks:
        each.customer = survivor
        each.save(update_fields=["customer"])
    return checks


def owed_kinds(customer: Customer) -> set[str]:
    return {each.owed_kind for each in customer.checks.owed()}


def move_keys(merge: Merge, survivor: Customer, absorbed: Customer) -> None:
    keys = IdentityKey.objects.filter(customer=absorbed)
    merge.moved["keys"] = list(keys.order_by("pk").values_list("pk", flat=True))
    keys.update(customer=survivor)


def flatten(merge: Merge, survivor: Customer, absorbed: Customer) -> list[Customer]:
    """Whoever was merged into the absorbed one leads to the survivor in one step; all are locked by the approval."""
    chain = list(absorbed.absorbed.order_by("pk"))
    merge.moved["chain"] = [each.pk for each in chain]
    for each in chain:
        each.merged_into = survivor
        each.save(update_fields=["merged_into"])
    return chain


def close_pairs(survivor: Customer, absorbed: Customer, *, by) -> list[DuplicatePair]:
    """The two are one; what else was suspected of the absorbed one is looked for anew. Locked as a search locks."""
    status = DuplicatePair.Status
    of_absorbed = Q(first=absorbed) | Q(second=absorbed)
    pairs = DuplicatePair.objects.select_for_update(of=["self"]).filter(of_absorbed).order_by("pk")
    concerned = []
    for each in pairs:
        is_the_two = survivor.pk in (each.first_id, each.second_id)
        if not is_the_two and each.status != status.OPEN:
            continue
        each.status = status.MERGED if is_the_two else status.GONE
        each.decided_by, each.decided_at = by, timezone.now()
        each.save(update_fields=["status", "decided_by", "decided_at"])
        concerned.append(each)
    return concerned
