"""What managers and auditors read of the counter: decisions of a period, looks of a person, a day's work by person."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from customers.enums import AmendmentStatus
from customers.models import Amendment, IdentityCheck, Look, Receipt, ReceiptCopy
from tellerdesk.core.business_date import bounds, instants_of
from tellerdesk.staff.models import Branch, Staff
from tellerdesk.staff.querysets import sees_whole_entity

OVERSEE, READ_LOOKS = "customers.oversee_counter", "customers.read_looks"
BY_CODE = {"1001": "openings", "1002": "amendments", "1005": "amendments"}


def branches_seen(staff, permission: str, *, code: str = ""):
    """None for a branch that is not there or not the reader's."""
    seen = Branch.objects.visible_to(staff, permission)
    if not code:
        return seen
    one = seen.filter(code=code)
    return one if one.exists() else None


def decided_requests(staff, *, since: date, until: date, branch: str = "", person: str = "", kind="", status=""):
    """What a second person decided in the period, the latest decision first. None: not the reader's branch.

    `person` made or decided.
    """
    branches = branches_seen(staff, OVERSEE, code=branch)
    if branches is None:
        return None
    found = (
        Amendment.objects.reachable_by(staff)
        .filter(branch__in=branches, checker__isnull=False)
        .filter(decided_at__gte=bounds(since)[0], decided_at__lt=bounds(until)[1])
        .select_related("maker", "checker", "customer", "identity_check", "branch")
        .order_by("-decided_at", "-pk")
    )
    if person:
        found = found.filter(Q(maker__username=person) | Q(checker__username=person))
    asked = {name: value for name, value in (("kind", kind), ("status", status)) if value}
    return found.filter(**asked)


def people_seen(staff):
    """Whose looks `staff` may read."""
    return Staff.objects.visible_to(staff, READ_LOOKS).order_by("username")


def person_seen(staff, username: str) -> Staff | None:
    return people_seen(staff).filter(username=username).first()


def looks_of(staff, username: str, *, since: date | None = None, until: date | None = None):
    """The looks of one person in the branches the reader sees, hits and misses. None: not the reader's person."""
    person = person_seen(staff, username)
    if person is None:
        return None
    found = Look.objects.filter(staff=person).select_related("branch", "customer", "staff").order_by("-pk")
    if not sees_whole_entity(staff.postings_granting(READ_LOOKS)):
        found = found.filter(branch__in=Branch.objects.visible_to(staff, READ_LOOKS))
    if since:
        found = found.filter(at__gte=bounds(since)[0])
    return found.filter(at__lt=bounds(until)[1]) if until else found


@dataclass
class DayTotal:
    """What one person did on a day in one branch."""

    username: str
    name: str
    branch: str
    branch_code: str
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, number: int) -> None:
        self.counts[what] = self.counts.get(what, 0) + number


COUNTED = ("openings", "amendments", "others", "checks", "approved", "returned", "reprints")


def day_totals(staff, day: date, *, branch: str = "") -> list[DayTotal] | None:
    """By branch and username, only those who did something. Four queries, whatever their number.

    Receipts and checks are of the bank's day, decisions and reprints of its instants.
    """
    branches = branches_seen(staff, OVERSEE, code=branch)
    if branches is None:
        return None
    start, end = instants_of(day)
    found: dict[tuple, DayTotal] = {}
    for person, what, number in _counted(branches, day, start, end):
        code, branch_name, username, name = person
        total = found.setdefault(person, DayTotal(username, name, f"{code} {branch_name}", code))
        total.add(what, number)
    return [found[person] for person in sorted(found)]


def _counted(branches, day: date, start, end):
    """(branch and person, what, how often)."""
    receipts = Receipt.objects.filter(branch__in=branches, business_date=day)
    for *person, code, number in _by(receipts, "staff", "transaction_code"):
        yield tuple(person), BY_CODE.get(code, "others"), number
    checks = IdentityCheck.objects.filter(branch__in=branches).on_day(day)
    for *person, number in _by(checks, "teller"):
        yield tuple(person), "checks", number
    decided = Amendment.objects.filter(branch__in=branches, decided_at__gte=start, decided_at__lt=end)
    for *person, status, number in _by(decided.filter(checker__isnull=False), "checker", "status"):
        yield tuple(person), "approved" if status == AmendmentStatus.APPLIED else "returned", number
    copies = ReceiptCopy.objects.filter(receipt__branch__in=branches, at__gte=start, at__lt=end)
    for *person, number in _by(copies, "staff", branch="receipt__branch"):
        yield tuple(person), "reprints", number


def _by(rows, person: str, *more: str, branch: str = "branch"):
    columns = (f"{branch}__code", f"{branch}__name", f"{person}__username", f"{person}__name", *more)
    return rows.order_by().values_list(*columns).annotate(Count("pk"))
