"""What one member of staff has done today and has still to do at the counter."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from customers.enums import AmendmentKind, AmendmentStatus, Business, CustomerStatus
from customers.limits import EXPIRING_WITHIN, EXPIRY_GRACE_DAYS
from customers.models import Amendment, Customer, Draft, IdentityCheck, IdentityDocument, Receipt
from tellerdesk.limits.selectors import values
from tellerdesk.staff.enums import View
from tellerdesk.staff.models import Branch
from tellerdesk.staff.roles import VIEW_BY_POSITION

RETURNED_FOR = timedelta(days=30)
CHECK_IDENTITY = "1003"


@dataclass(frozen=True)
class Task:
    """`kind` is one of enums.OwedKind, returned, waiting or draft; `why` a code of that kind or words.

    `name` in clear: whoever shows it masks it. `due_on` None where nothing presses.
    """

    kind: str
    why: str
    name: str
    customer_number: str
    due_on: date | None
    transaction_code: str = ""
    check_id: int | None = None


def work_list(staff) -> list[Task]:
    """By due day, what has none last. Three queries."""
    tasks = owed_checks(staff) + requests(staff) + drafts(staff)
    return sorted(tasks, key=lambda task: (task.due_on is None, task.due_on or date.min))


def owed_checks(staff) -> list[Task]:
    owed = IdentityCheck.objects.owed().filter(teller=staff).select_related("customer")
    return [
        Task(
            check.owed_kind,
            check.finding,
            check.name,
            check.customer.customer_number if check.customer else "",
            check.follow_up_due_on,
            check_id=check.pk,
        )
        for check in owed
    ]


def requests(staff) -> list[Task]:
    """What waits for a second person, and what that person returned lately."""
    lately = Q(status=AmendmentStatus.REJECTED, decided_at__gte=timezone.now() - RETURNED_FOR)
    found = Amendment.objects.made_by(staff).filter(Q(status=AmendmentStatus.PENDING_REVIEW) | lately)
    return [request_task(each) for each in found.select_related("customer", "identity_check").order_by("pk")]


def request_task(request: Amendment) -> Task:
    returned = request.status == AmendmentStatus.REJECTED
    subject = request.customer or request.identity_check
    return Task(
        "returned" if returned else "waiting",
        request.decision_reason if returned else AmendmentKind(request.kind).label,
        subject.name,
        request.customer.customer_number if request.customer else "",
        None,
    )


def drafts(staff) -> list[Task]:
    return [
        Task("draft", "", draft.fields.get("name", [""])[-1], draft.about, None, draft.transaction_code)
        for draft in Draft.objects.filter(staff=staff).order_by("-saved_at")
    ]


def done_today(staff, day: date) -> dict[str, int]:
    """Transactions of the business day by code."""
    receipts = Receipt.objects.filter(staff=staff, business_date=day).order_by()
    done = dict(receipts.values_list("transaction_code").annotate(Count("pk")))
    checks = IdentityCheck.objects.filter(teller=staff).exclude(business=Business.OPENING).on_day(day)
    return done | {CHECK_IDENTITY: checks.count()}


def just_done(staff, day: date, *, most: int = 3) -> list[Receipt]:
    receipts = Receipt.objects.filter(staff=staff, business_date=day).select_related("branch")
    return list(receipts.order_by("-pk")[:most])


@dataclass(frozen=True)
class Expiring:
    """The most pressing of the documents that run out `within` so many days or have; of the suspended, those in the
    time of grace. `own`: of one's own customers alone, not the branch's.
    """

    within: int
    own: bool
    documents: list[IdentityDocument]


def expiring_documents(staff, day: date, *, most: int = 5) -> Expiring:
    """Of the customers whose lists one may see. Two queries."""
    limits = values(staff.legal_entity_id, EXPIRING_WITHIN, EXPIRY_GRACE_DAYS)
    within, grace = limits[EXPIRING_WITHIN], limits[EXPIRY_GRACE_DAYS]
    documents = IdentityDocument.objects.expiring_until(day + timedelta(days=within))
    over = {"valid_until__lt": day - timedelta(days=grace)}
    documents = documents.exclude(**over, customer__status=CustomerStatus.SUSPENDED)
    mine = documents.filter(customer__in=listed_customers(staff)).select_related("customer")
    return Expiring(within, lists_own_alone(staff), list(mine.order_by("valid_until", "pk")[:most]))


def lists_own_alone(staff) -> bool:
    return all(VIEW_BY_POSITION[posting.position] == View.OWN for posting in staff.postings_now)


def listed_customers(staff):
    branches = None if lists_own_alone(staff) else Branch.objects.visible_to(staff, "customers.look_up")
    live = (CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED)
    return Customer.objects.visible_to(staff, branches).filter(status__in=live)
