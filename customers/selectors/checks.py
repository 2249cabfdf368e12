"""核查登记簿: the checks of one day, counted, and the record of one."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from customers.enums import CheckDecision, CheckOutcome
from customers.models import IdentityCheck
from customers.rules.identity_check import finding
from tellerdesk.staff.models import Branch

LIST_CHECKS = "customers.list_checks"


@dataclass(frozen=True)
class Register:
    """Counts of what is there only; `outcomes` are the findings, as the lines show them, `decisions` "" where
    none was made.

    `branch` None is every branch one sees.
    """

    day: date
    branch: Branch | None
    total: int
    outcomes: dict[str, int]
    decisions: dict[str, int]
    sources: dict[str, int]
    tellers: list[tuple[str, str, int]]


def branches_of_register(staff):
    return Branch.objects.visible_to(staff, LIST_CHECKS).order_by("code")


def branch_named(staff, code: str) -> Branch | None:
    return branches_of_register(staff).filter(code=code).first() if code and "\0" not in code else None


def checks_of_day(staff, day: date, branch: Branch | None = None):
    """In the branches whose lists `staff` may see, or in one of them; the newest first."""
    branches = [branch] if branch else Branch.objects.visible_to(staff, LIST_CHECKS)
    return (
        IdentityCheck.objects.reachable_by(staff)
        .visible_to(branches)
        .on_day(day)
        .select_related("branch", "teller", "customer")
        .order_by("-pk")
    )


def register_of(checks, *, day: date, branch: Branch | None) -> Register:
    """Two queries, however many checks the day has."""
    plain = checks.order_by().select_related(None)
    found = plain.values_list("outcome", "photo_matches", "decision", "source").annotate(Count("pk"))
    rows = [(finding(outcome, matches), *others) for outcome, matches, *others in found]
    tellers = plain.values_list("teller__username", "teller__name").annotate(count=Count("pk")).order_by("-count")
    return Register(
        day=day,
        branch=branch,
        total=sum(count for *_codes, count in rows),
        outcomes=counted(rows, 0, CheckOutcome.values),
        decisions=counted(rows, 1, ["", *CheckDecision.values]),
        sources=counted(rows, 2, sorted({row[2] for row in rows})),
        tellers=list(tellers),
    )


def counted(rows: list[tuple], place: int, codes: list[str]) -> dict[str, int]:
    """By the code at `place`, in the order of `codes`."""
    found = {code: sum(row[-1] for row in rows if row[place] == code) for code in codes}
    return {code: count for code, count in found.items() if count}


def check_seen_by(staff, pk: int) -> IdentityCheck | None:
    """One's own, or one in the register of a branch whose lists one may see."""
    seen = Q(teller=staff) | Q(branch__in=Branch.objects.visible_to(staff, LIST_CHECKS))
    found = IdentityCheck.objects.reachable_by(staff).filter(seen, pk=pk)
    return found.select_related("branch", "teller", "customer", "decided_by").first()
