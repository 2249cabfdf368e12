"""Two customers side by side, and a merge as it stands, for pages and interface."""

from dataclasses import dataclass

from customers.enums import AmendmentKind, AmendmentStatus
from customers.models import Amendment, Customer, IdentityDocument, Merge
from customers.rules.merging import CHOSEN, DOCUMENT, FOLLOWS, SURVIVOR, UNITED, merge_warnings, side_of


@dataclass(frozen=True)
class FieldPair:
    """One particular of both; `choice` is whose value the survivor will have."""

    field: str
    survivor: object
    absorbed: object
    choice: str

    @property
    def differs(self) -> bool:
        return self.survivor != self.absorbed

    @property
    def is_chosen_here(self) -> bool:
        """Not along with another field, nor settled already."""
        return self.differs and self.field not in FOLLOWS and not self.is_settled

    @property
    def is_settled(self) -> bool:
        """The survivor has it where either has it, whatever is chosen."""
        return self.field in UNITED


@dataclass(frozen=True)
class Side:
    customer: Customer
    documents: list[IdentityDocument]

    @property
    def primary(self) -> IdentityDocument | None:
        return next((each for each in self.documents if each.role == IdentityDocument.Role.PRIMARY), None)


@dataclass(frozen=True)
class Comparison:
    survivor: Side
    absorbed: Side
    pairs: list[FieldPair]
    document_choice: str
    warnings: tuple[str, ...]

    @property
    def differing(self) -> list[FieldPair]:
        return [pair for pair in self.pairs if pair.differs]

    @property
    def differing_count(self) -> int:
        """With the primary document, whose numbers are told apart in its own line."""
        return len(self.differing) + (self.number_of(self.survivor) != self.number_of(self.absorbed))

    @staticmethod
    def number_of(side: Side) -> tuple[str, str] | None:
        return side.primary and (side.primary.document_type, side.primary.number)

    @property
    def alike(self) -> list[FieldPair]:
        """What both say, and neither leaves open."""
        return [pair for pair in self.pairs if not pair.differs and pair.survivor not in ("", None)]


def comparison(survivor: Customer, absorbed: Customer, choices: dict[str, str]) -> Comparison:
    """Two queries."""
    return Comparison(
        Side(survivor, documents_of(survivor)),
        Side(absorbed, documents_of(absorbed)),
        [
            FieldPair(field, shown(survivor, field), shown(absorbed, field), side_of(field, survivor, choices))
            for field in CHOSEN
        ],
        choices.get(DOCUMENT, SURVIVOR),
        merge_warnings(survivor, absorbed, choices),
    )


def documents_of(customer: Customer) -> list[IdentityDocument]:
    role = IdentityDocument.Role
    order = {role.PRIMARY: 0, role.ADDITIONAL: 1, role.AUXILIARY: 2, role.HISTORIC: 3}
    return sorted(customer.documents.order_by("-recorded_at"), key=lambda each: order.get(each.role, 9))


def shown(customer: Customer, field: str):
    value = getattr(customer, field)
    return value.isoformat() if hasattr(value, "isoformat") else value


def older_first(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """The older number survives unless somebody chooses otherwise (rules 1.6)."""
    first, second = sorted((one, other), key=lambda each: (each.opened_at, each.pk))
    return first, second


def merge_asked_by(amendment: Amendment) -> Merge | None:
    """The merge that a request asks for, or asks to undo; of an undoing that was returned, too."""
    found = Merge.objects.select_related("survivor", "absorbed", "amendment", "amendment__maker", "amendment__checker")
    if amendment.kind != AmendmentKind.MERGE_UNDO:
        return found.filter(amendment=amendment).first()
    of_the_two = found.filter(survivor=amendment.customer_id, absorbed=amendment.other_id)
    return of_the_two.filter(merged_at__lte=amendment.made_at).order_by("-merged_at").first()


def merge_seen_by(staff, pk: int) -> Merge | None:
    """By the id of its request, within one's legal entity."""
    found = Merge.objects.filter(amendment__legal_entity_id=staff.legal_entity_id)
    return found.select_related("survivor", "absorbed", "amendment").filter(amendment_id=pk).first()


def merge_of(absorbed: Customer) -> Merge | None:
    """The one that stands."""
    found = Merge.objects.filter(absorbed=absorbed, merged_at__isnull=False, undone_at=None)
    found = found.select_related("survivor", "absorbed", "amendment", "amendment__maker", "amendment__checker", "undo")
    return found.order_by("-pk").first()


def warnings_of(merge: Merge, amendment: Amendment) -> tuple[str, ...]:
    """For whoever decides on a merge; once it is carried out the two are no more what they were."""
    if amendment.kind != AmendmentKind.MERGE or amendment.status != AmendmentStatus.PENDING_REVIEW:
        return ()
    return merge_warnings(merge.survivor, merge.absorbed, merge.choices)


@dataclass(frozen=True)
class MergeFacts:
    """What a merge did: fields before and after, documents that went over. `undo` is a request that waits."""

    merge: Merge
    changes: list[tuple]
    documents: list[IdentityDocument]
    undo: Amendment | None


def merge_facts(merge: Merge) -> MergeFacts:
    gave = merge.moved.get("fields", {})
    moved = [pk for pk, _role in merge.moved.get("documents", ())]
    undo = merge.undo if merge.undo and merge.undo.status == AmendmentStatus.PENDING_REVIEW else None
    return MergeFacts(
        merge,
        [(field, before, gave[field]) for field, before in merge.before.items() if gave[field] != before],
        list(IdentityDocument.objects.filter(pk__in=moved).order_by("pk")),
        undo,
    )
