"""Whether a merge can be undone as things stand, and which values would go back."""

from django.utils.timezone import now

from customers.enums import AmendmentKind, AmendmentStatus, CustomerStatus
from customers.errors import WHY_NOT_UNDOABLE, NotUndoable
from customers.models import Customer, IdentityDocument, IdentityKey, Merge
from customers.rules.identity_key import identity_key
from customers.rules.merging import CHOSEN, Merged, fields_given_back, missing, obstacles
from customers.services.merging import plain
from tellerdesk.vault.services import digest

Role = IdentityDocument.Role


def refuse_obstacles(merge: Merge, survivor: Customer) -> None:
    """Raises NotUndoable with every reason."""
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
        is_built_on=any(not given_back.keys().isdisjoint(each.moved["stepped_back"]) for each in later(merge)),
        keeps_a_number=keeps_a_number(merge, own),
        identity_changed=identity_changed(merge, survivor),
        left_without=tuple(code for _field, code in missing(values_apart(merge, survivor))),
    )


def later(merge: Merge):
    """Merges into the same survivor that came after and stand."""
    return Merge.objects.filter(survivor=merge.survivor_id, undone_at=None, merged_at__gt=merge.merged_at or now())


def keeps_a_number(merge: Merge, own) -> bool:
    """A document that stays with the survivor would belong to a person whose key goes back to the absorbed one."""
    going = IdentityKey.objects.filter(pk__in=merge.moved.get("keys", ()))
    digests = {bytes(each) for each in going.values_list("key_digest", flat=True)}
    keys = (identity_key(each.document_type, each.number) for each in own.exclude(role=Role.AUXILIARY))
    return any(digest(key) in digests for key in keys if key)


def identity_changed(merge: Merge, survivor: Customer) -> bool:
    """Since the merge, by the document that stays primary only as long as it lasts."""
    if not merge.moved.get("stepped_back"):
        return False
    merged = merge.moved.get("identity") or {}
    return any(plain(getattr(survivor, field)) != value for field, value in merged.items())


def values_apart(merge: Merge, survivor: Customer) -> dict:
    """The survivor's particulars as they would be afterwards."""
    back, _kept = fields_to_give_back(merge, survivor)
    present = {field: plain(getattr(survivor, field)) for field in CHOSEN}
    return present | {field: merge.before[field] for field in back}


def fields_to_give_back(merge: Merge, survivor: Customer) -> tuple[list[str], list[str]]:
    present = {field: plain(getattr(survivor, field)) for field in merge.before}
    return fields_given_back(merge.moved.get("fields", {}), present)


def status_apart(merge: Merge, survivor: Customer) -> str:
    """What the merge suspended is so no longer, unless something else suspended it since."""
    before = merge.moved.get("survivor_status", survivor.status)
    if survivor.status != CustomerStatus.SUSPENDED or suspended_since(merge, survivor):
        return survivor.status
    return before


def suspended_since(merge: Merge, survivor: Customer) -> bool:
    suspension = {"kind": AmendmentKind.SUSPENSION, "status": AmendmentStatus.APPLIED}
    of_its_own = survivor.amendments.filter(**suspension, decided_at__gt=merge.merged_at).exists()
    return of_its_own or any(each.moved["status"] == CustomerStatus.SUSPENDED for each in later(merge))
