"""A merge undone, itself under dual control: each of the two gets back what was its own and has not changed since."""

from django.db import transaction
from django.utils.timezone import now

from customers.enums import AmendmentKind
from customers.errors import WHY_NOT_UNDOABLE, NotUndoable
from customers.merging_parties import tell_undone
from customers.models import Amendment, Customer, DuplicatePair, IdentityCheck, IdentityDocument, IdentityKey, Merge
from customers.rules.merging import Merged, fields_given_back, obstacles
from customers.services.merging import LONGEST_REASON, plain, refuse_problems
from customers.services.requesting import locked_customers, open_request
from customers.validators import refuse_lines
from tellerdesk.audit.services import record

Role = IdentityDocument.Role


@transaction.atomic
def ask_for_undo(*, merge: Merge, reason: str, by) -> Amendment:
    """Raises FieldErrors, NotUndoable with every reason, RequestPending."""
    refuse_lines(reason=reason)
    refuse_problems([] if reason.strip() else [("reason", "required")])
    survivor, absorbed = locked_customers(merge.survivor_id, merge.absorbed_id)
    merge = Merge.objects.select_for_update(of=["self"]).get(pk=merge.pk)
    refuse_obstacles(merge, survivor)
    back, kept = fields_to_give_back(merge, survivor)
    changes = {"customer_number": [survivor.customer_number, absorbed.customer_number]}
    changes |= {field: [plain(getattr(survivor, field)), merge.before[field]] for field in back}
    amendment = open_request(
        AmendmentKind.MERGE_UNDO, survivor, other=absorbed, changes=changes, reason=reason[:LONGEST_REASON], by=by
    )
    merge.undo = amendment
    merge.save(update_fields=["undo"])
    detail = {"absorbed": absorbed.customer_number, "reason": reason, "fields": kept}
    record("customers.merge_undo_requested", subject=survivor, by=by, detail=detail, touched=[amendment, merge])
    return amendment


def refuse_obstacles(merge: Merge, survivor: Customer) -> None:
    found = obstacles(standing_of(merge, survivor))
    if found:
        raise NotUndoable(reasons=found)


def obstacles_to(merge: Merge) -> list[str]:
    """In words, for the page that offers to undo it."""
    return [str(WHY_NOT_UNDOABLE[each]) for each in obstacles(standing_of(merge, merge.survivor))]


def standing_of(merge: Merge, survivor: Customer) -> Merged:
    given_back = dict(merge.moved.get("documents", ()))
    roles = dict(IdentityDocument.objects.filter(pk__in=given_back).values_list("pk", "role"))
    own = survivor.documents.exclude(pk__in=given_back)
    stepped_back = own.filter(pk__in=merge.moved.get("stepped_back", ()), role=Role.ADDITIONAL)
    return Merged(
        is_carried_out=merge.merged_at is not None,
        is_undone=merge.undone_at is not None,
        survivor_status=survivor.status,
        survivor_is_merged=survivor.merged_into_id is not None,
        documents=tuple(roles[pk] for pk in given_back),
        given_back=tuple(given_back.values()),
        primaries_left=own.primary().count() or stepped_back.count(),
        is_built_on=any(not given_back.keys().isdisjoint(each) for each in stepped_back_later(merge)),
    )


def stepped_back_later(merge: Merge) -> list[list[int]]:
    later = Merge.objects.filter(survivor=merge.survivor_id, undone_at=None, merged_at__gt=merge.merged_at or now())
    return [each.moved["stepped_back"] for each in later]


def fields_to_give_back(merge: Merge, survivor: Customer) -> tuple[list[str], list[str]]:
    present = {field: plain(getattr(survivor, field)) for field in merge.before}
    return fields_given_back(merge.moved.get("fields", {}), present)


def carry_out_undo(amendment: Amendment, customer: Customer, *, by) -> dict:
    """The approved undoing, done; fields changed since the merge stay and are named by an event of their own.

    Raises NotUndoable.
    """
    merge, absorbed = amendment.undoes_merge, amendment.other
    refuse_obstacles(merge, customer)
    _back, kept = fields_to_give_back(merge, customer)
    give_back_fields(merge, customer)
    documents = give_back_documents(merge, customer, absorbed)
    checks = list(IdentityCheck.objects.filter(pk__in=merge.moved["checks"], customer=customer).order_by("pk"))
    chain = list(Customer.objects.filter(pk__in=merge.moved["chain"], merged_into=customer).order_by("pk"))
    for each in checks:
        each.customer = absorbed
        each.save(update_fields=["customer"])
    for each in chain:
        each.merged_into = absorbed
        each.save(update_fields=["merged_into"])
    IdentityKey.objects.filter(pk__in=merge.moved["keys"], customer=customer).update(customer=absorbed)
    absorbed.status, absorbed.merged_into = merge.moved["status"], None
    for each in (customer, absorbed):
        each.version += 1
        each.save()
    tell_undone(customer, absorbed, kept=merge.moved["parties"], by=by, request=amendment)
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    pairs = dismiss_pair(customer, absorbed, amendment, by=by)
    if kept:
        record("customers.merge_undo_kept", subject=customer, by=by, detail={"fields": kept}, touched=[merge])
    amendment.touched_too = [absorbed, merge, *documents, *checks, *chain, *pairs]
    return amendment.changes


def give_back_fields(merge: Merge, survivor: Customer) -> None:
    back, _kept = fields_to_give_back(merge, survivor)
    for field in back:
        setattr(survivor, field, Customer._meta.get_field(field).to_python(merge.before[field]))
    if merge.moved["stepped_back"]:
        survivor.verification = merge.moved["verification"]


def give_back_documents(merge: Merge, survivor: Customer, absorbed: Customer) -> list[IdentityDocument]:
    """With the roles they had; a paper that the survivor replaced meanwhile stays a former one."""
    roles = dict(merge.moved["documents"])
    going = list(IdentityDocument.objects.filter(pk__in=roles, customer=survivor).order_by("pk"))
    for each in going:
        each.role = each.role if each.role == Role.HISTORIC else roles[each.pk]
        each.customer = absorbed
        each.save(update_fields=["role", "customer"])
    if survivor.documents.primary().exists():
        return going
    stepped_back = list(survivor.documents.filter(pk__in=merge.moved["stepped_back"], role=Role.ADDITIONAL))
    for each in stepped_back:
        each.role = Role.PRIMARY
        each.save(update_fields=["role"])
    return [*going, *stepped_back]


def dismiss_pair(survivor: Customer, absorbed: Customer, amendment: Amendment, *, by) -> list[DuplicatePair]:
    """Two persons after all: a person has said so."""
    first, second = sorted((survivor.pk, absorbed.pk))
    pairs = list(DuplicatePair.objects.filter(first=first, second=second).select_for_update(of=["self"]))
    for each in pairs:
        each.status, each.reason = DuplicatePair.Status.DISMISSED, amendment.reason
        each.decided_by, each.decided_at = by, now()
        each.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return pairs
