"""The file of one customer, as its page and its API twin show it."""

from dataclasses import dataclass
from datetime import date, datetime

from customers import enums
from customers.models import Agent, Amendment, AuxiliaryPaper, Customer, IdentityCheck, IdentityDocument, Look
from customers.rules.validity import expiry
from customers.selectors.images import agents_of
from customers.selectors.limits import expiring_days
from tellerdesk.core.ages import age_on


@dataclass(frozen=True)
class Owed:
    """One thing the record still wants. `kind` names it, `due_on` None where it has no date."""

    kind: str
    due_on: date | None
    is_overdue: bool
    about: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class CustomerFile:
    """`age` in full years on `as_of`. Documents give their numbers in clear: the customer has been looked up.

    `expiring_within` are the days before its end in which a document is said to expire soon.
    """

    customer: Customer
    as_of: date
    age: int
    documents: list[IdentityDocument]
    agents: list[Agent]
    owed: list[Owed]
    pending: list[Amendment]
    merged_from: list[str]
    expiring_within: int

    @property
    def primary(self) -> IdentityDocument | None:
        return next((each for each in self.documents if each.role == IdentityDocument.Role.PRIMARY), None)


def customer_file(customer: Customer, *, as_of: date) -> CustomerFile:
    """Seven queries, whatever the file holds."""
    documents = list(customer.documents.order_by("role", "-recorded_at"))
    checks = list(customer.checks.filter(follow_up_due_on__isnull=False))
    pending = list(Amendment.objects.pending().concerning(customer).select_related("maker"))
    papers = AuxiliaryPaper.objects.filter(check_record__customer=customer, copy_owed=True, images=None)
    within = expiring_days(customer.legal_entity_id)
    return CustomerFile(
        customer=customer,
        as_of=as_of,
        age=age_on(customer.birth_date, as_of),
        documents=documents,
        agents=list(agents_of(customer)),
        owed=owed_by_requests(pending)
        + owed_by_checks(checks, as_of)
        + owed_copies(papers)
        + owed_by_documents(documents, as_of, within),
        pending=pending,
        merged_from=list(customer.absorbed.values_list("customer_number", flat=True)),
        expiring_within=within,
    )


def owed_by_requests(pending: list[Amendment]) -> list[Owed]:
    return [Owed("pending_review", None, False, each.kind, each.pk) for each in pending]


def owed_by_checks(checks: list[IdentityCheck], as_of: date) -> list[Owed]:
    """A check that could not be made is owed itself; one that raised a doubt owes its follow-up."""
    return [
        Owed(
            "deferred_check" if check.outcome == enums.CheckOutcome.UNAVAILABLE else "follow_up",
            check.follow_up_due_on,
            check.follow_up_due_on < as_of,
            check.finding,
            check.pk,
        )
        for check in checks
    ]


def owed_copies(papers) -> list[Owed]:
    return [Owed("auxiliary_copy", None, False, paper.document_type, paper.pk) for paper in papers]


def owed_by_documents(documents: list[IdentityDocument], as_of: date, within: int) -> list[Owed]:
    found = []
    for each in documents:
        state = expiry(each.valid_until, today=as_of, expiring_days=within)
        if each.role == IdentityDocument.Role.PRIMARY and state != enums.Expiry.VALID:
            expired = state == enums.Expiry.EXPIRED
            found.append(Owed(f"document_{state}", each.valid_until, expired, each.document_type, each.pk))
    return found


@dataclass(frozen=True)
class LookLine:
    at: datetime
    username: str
    name: str
    branch: str
    key: str
    reason: str


def looks_at(customer: Customer, *, most: int = 200) -> list[LookLine]:
    looks = Look.objects.filter(customer=customer).select_related("staff", "branch").order_by("-at", "-pk")[:most]
    return [
        LookLine(
            each.at,
            each.staff.username,
            each.staff.name,
            each.branch.code if each.branch else "",
            each.key,
            each.reason,
        )
        for each in looks
    ]
