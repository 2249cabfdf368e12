"""The papers of one customer with their scans, as the file, the page of images, the review and the API show them."""

from dataclasses import dataclass, field

from django.db.models import Q

from customers.enums import AmendmentKind
from customers.models import Agent, Amendment, AuxiliaryPaper, Customer, DocumentImage, IdentityDocument

OF = ("document", "paper", "agent", "amendment")
ROLES = IdentityDocument.Role.values
WITH_EVIDENCE = (AmendmentKind.AMENDMENT, AmendmentKind.MERGE, AmendmentKind.MERGE_UNDO)
# From an image to whose it is now: a merge and its undoing take papers from one customer to another.
WHOSE = (
    "document__customer",
    "paper__check_record__customer",
    "agent__customer",
    "agent__customer__merged_into",
    "amendment__customer",
    "amendment__customer__merged_into",
    "amendment__other",
)


@dataclass(frozen=True)
class Pictured:
    """One paper; `kind` is document, paper, agent or amendment, and `thing` its row. The newest image comes last."""

    kind: str
    thing: object
    images: list[DocumentImage] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.thing.pk}"

    @property
    def document_type(self) -> str:
        """Blank for a request, which may bring any evidence."""
        return getattr(self.thing, "document_type", "")

    @property
    def number_masked(self) -> str:
        return getattr(self.thing, "number_masked", "")

    @property
    def owes_copy(self) -> bool:
        return self.kind == "paper" and self.thing.copy_owed and not self.images


def papers_of(customer: Customer) -> list[Pictured]:
    """Five queries, the last two in `pictured`."""
    return pictured(
        customer,
        documents=list(customer.documents.order_by("role", "-recorded_at")),
        agents=list(agents_of(customer)),
        requests=list(Amendment.objects.pending().concerning(customer)),
    )


def pictured(
    customer: Customer, *, documents: list[IdentityDocument], agents: list[Agent], requests: list[Amendment]
) -> list[Pictured]:
    """Two queries. A decided request whose evidence was scanned keeps its images in sight."""
    images = list(images_of(customer).select_related("uploaded_by", "amendment").order_by("pk"))
    papers = AuxiliaryPaper.objects.filter(check_record__customer=customer).order_by("pk")
    decided = {each.amendment_id: each.amendment for each in images if each.amendment_id}
    asked = {each.pk: each for each in requests if each.kind in WITH_EVIDENCE} | decided
    in_order = sorted(documents, key=lambda each: ROLES.index(each.role))
    things = [("document", in_order), ("paper", papers), ("agent", agents), ("amendment", asked.values())]
    by_thing: dict[tuple, list[DocumentImage]] = {}
    for each in images:
        by_thing.setdefault(owner_of(each), []).append(each)
    return [Pictured(kind, thing, by_thing.get((kind, thing.pk), [])) for kind, rows in things for thing in rows]


def owner_of(image: DocumentImage) -> tuple[str, int]:
    kind = next(kind for kind in OF if getattr(image, f"{kind}_id"))
    return kind, getattr(image, f"{kind}_id")


def agents_of(customer: Customer):
    """Those who acted for the numbers that were merged into this one, too."""
    return Agent.objects.filter(Q(customer=customer) | Q(customer__merged_into=customer)).order_by("pk")


def images_of(customer: Customer):
    """Of the papers that are this customer's now, and of those who acted for the numbers merged into this one."""
    first, *rest = (DocumentImage.objects.filter(**{way: customer}).values("pk") for way in WHOSE)
    return DocumentImage.objects.filter(pk__in=first.union(*rest))


def image_of(customer: Customer, pk: int) -> DocumentImage | None:
    return images_of(customer).filter(pk=pk).first()


def thing_of(customer: Customer, kind: str, pk: int):
    """The row an image may be added to; None for another customer's, and for a request that is decided."""
    return next((each.thing for each in papers_of(customer) if (each.kind, each.thing.pk) == (kind, pk)), None)
