"""1011 待补核查: what online checks have left owed, by due day, the overdue first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from customers.models import IdentityCheck
from tellerdesk.core.api import PAGE_SIZE
from tellerdesk.core.business_date import today
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.enums import View
from tellerdesk.staff.models import Branch
from tellerdesk.staff.roles import VIEW_BY_POSITION

LIST_CHECKS, MANAGES = "customers.list_checks", "customers.approve_amendment"


@dataclass(frozen=True)
class OwedCheck:
    """One line; `name` and `number` are masked. `outcome` is the finding."""

    check_id: int
    kind: str
    outcome: str
    name: str
    number: str
    customer_number: str
    business: str
    due_on: date
    is_overdue: bool
    days: int
    checked_on: date
    teller: str
    teller_name: str
    branch: str


def owed_seen_by(staff, *, kind: str = "", overdue: bool = False):
    """A teller's own, those of the branch or of all branches that a position lists."""
    checks = IdentityCheck.objects.owed_of_kind(kind) if kind else IdentityCheck.objects.owed()
    checks = checks.reachable_by(staff).filter(_in_view(staff))
    return checks.overdue_on(today()) if overdue else checks


def _in_view(staff) -> Q:
    seen = Q(teller=staff)
    if any(VIEW_BY_POSITION[posting.position] != View.OWN for posting in staff.postings_granting(LIST_CHECKS)):
        seen |= Q(branch__in=Branch.objects.visible_to(staff, LIST_CHECKS))
    return seen


def owed_page(checks, *, after: str | None, size: int = PAGE_SIZE) -> tuple[list[OwedCheck], str | None]:
    """By due day and id, ascending; `after` is `2026-11-24.17`, a text that is none begins anew."""
    place = _place(after)
    if place:
        day, pk = place
        checks = checks.filter(Q(follow_up_due_on__gt=day) | Q(follow_up_due_on=day, pk__gt=pk))
    rows = list(_in_order(checks)[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return [_line(row) for row in rows[:size]], last and f"{last.follow_up_due_on:%Y-%m-%d}.{last.pk}"


def every_owed(checks):
    """For a sheet, as they come."""
    return (_line(check) for check in _in_order(checks).iterator(chunk_size=1000))


def owed_count(staff) -> int:
    """For the spine of whoever answers for a branch; nobody else is asked."""
    return owed_seen_by(staff).count() if staff.postings_granting(MANAGES) else 0


def _in_order(checks):
    return checks.select_related("customer", "teller", "branch").order_by("follow_up_due_on", "pk")


def _place(after: str | None) -> tuple[date, int] | None:
    day, _dot, pk = (after or "").partition(".")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def _line(check: IdentityCheck) -> OwedCheck:
    late = (today() - check.follow_up_due_on).days
    return OwedCheck(
        check_id=check.pk,
        kind=check.owed_kind,
        outcome=check.finding,
        name=mask_name(check.name),
        number=check.number_masked,
        customer_number=check.customer.customer_number if check.customer else "",
        business=check.business,
        due_on=check.follow_up_due_on,
        is_overdue=late > 0,
        days=abs(late),
        checked_on=check.business_date,
        teller=check.teller.username,
        teller_name=check.teller.name,
        branch=str(check.branch),
    )
