"""A merge undone, itself under dual control: each of the two gets back what was its own and has not changed since."""

from django.db import transaction
from django.utils.timezone import now

from customers.enums import AmendmentKind
from customers.merging_parties import tell_undone
from customers.models import Amendment, Customer, DuplicatePair, IdentityCheck, IdentityDocument, IdentityKey, Merge
from customers.rules.merging import verification_apart
from customers.services.merged import owed_kinds
from customers.services.merging import LONGEST_REASON, plain, refuse_problems
from customers.services.requesting import locked_customers, open_request
from customers.services.undoable import fields_to_give_back, refuse_obstacles, status_apart
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
    _back, kept = fields_to_give_back(merge, survivor)
    changes = changes_back(merge, survivor, absorbed)
    amendment = open_request(
        AmendmentKind.MERGE_UNDO, survivor, other=absorbed, changes=changes, reason=reason[:LONGEST_REASON], by=by
    )
    merge.undo = amendment
    merge.save(update_fields=["undo"])
    detail = {"absorbed": absorbed.customer_number, "reason": reason, "fields": kept}
    record("customers.merge_undo_requested", subject=survivor, by=by, detail=detail, touched=[amendment, merge])
    return amendment


def changes_back(merge: Merge, survivor: Customer, absorbed: Customer) -> dict:
    """`{field: [now, afterwards]}` of the survivor."""
    back, _kept = fields_to_give_back(merge, survivor)
    pairs = {field: [plain(getattr(survivor, field)), merge.before[field]] for field in back}
    pairs["status"] = [survivor.status, status_apart(merge, survivor)]
    number = {"customer_number": [survivor.customer_number, absorbed.customer_number]}
    return number | {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def carry_out_undo(amendment: Amendment, customer: Customer, *, by) -> dict:
    """The approved undoing, done; fields changed since the merge stay and are named by an event of their own.

    Raises NotUndoable.
    """
    merge, absorbed = amendment.undoes_merge, amendment.other
    refuse_obstacles(merge, customer)
    _back, kept = fields_to_give_back(merge, customer)
    give_back_fields(merge, customer)
    customer.status = status_apart(merge, customer)
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
    verify_apart(merge, customer, absorbed)
    absorbed.status, absorbed.merged_into = merge.moved["status"], None
    for each in (customer, absorbed):
        each.version += 1
        each.save()
    tell_undone(customer, absorbed, kept=merge.moved["parties"], by=by, request=amendment)
    merge.undone_at = now()
    merge.save(update_fields=["undone_at"])
    pair = dismiss_pair(customer, absorbed, amendment, by=by)
    if kept:
        record("customers.merge_undo_kept", subject=customer, by=by, detail={"fields": kept}, touched=[merge])
    amendment.touched_too = [absorbed, merge, pair, *documents, *checks, *chain]
    return amendment.changes


def give_back_fields(merge: Merge, survivor: Customer) -> None:
    back, _kept = fields_to_give_back(merge, survivor)
    for field in back:
        setattr(survivor, field, Customer._meta.get_field(field).to_python(merge.before[field]))


def verify_apart(merge: Merge, survivor: Customer, absorbed: Customer) -> None:
    """Both by what each of them owes; the survivor from where it stood, if document or debts of the other told here."""
    before = merge.moved["verification"]
    if merge.moved["stepped_back"] or merge.moved.get("joint_verification", before) != before:
        survivor.verification = before
    for each in (survivor, absorbed):
        each.verification = verification_apart(owed_kinds(each), each.verification)


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


def dismiss_pair(survivor: Customer, absorbed: Customer, amendment: Amendment, *, by) -> DuplicatePair:
    """Two persons after all: a person has said so, and no later search proposes them."""
    first, second = sorted((survivor.pk, absorbed.pk))
    rows = DuplicatePair.objects.select_for_update(of=["self"])
    unknown = {"legal_entity_id": survivor.legal_entity_id, "strength": 0}
    pair, _is_new = rows.get_or_create(first_id=first, second_id=second, defaults=unknown)
    pair.status, pair.reason = DuplicatePair.Status.DISMISSED, amendment.reason
    pair.decided_by, pair.decided_at = by, now()
    pair.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    return pair
