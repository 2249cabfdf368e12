from datetime import date

from django.db.models import Count, Q

from customers.enums import CheckOutcome
from customers.models import IdentityCheck
from tellerdesk.staff.models import Branch


def checks_of_day(staff, day: date):
    """核查登记簿: the checks of one day in the branches whose lists `staff` may see, the newest first."""
    branches = Branch.objects.visible_to(staff, "customers.list_checks")
    return (
        IdentityCheck.objects.reachable_by(staff)
        .visible_to(branches)
        .on_day(day)
        .select_related("branch", "teller", "customer")
        .order_by("-pk")
    )


def outcomes_of(checks) -> list[tuple[CheckOutcome, int]]:
    """How often each answer came, only those that did."""
    counted = dict(checks.order_by().values_list("outcome").annotate(Count("pk")))
    return [(outcome, counted[outcome]) for outcome in CheckOutcome if outcome in counted]


def check_seen_by(staff, pk: int) -> IdentityCheck | None:
    """One's own, or one in the register of a branch whose lists one may see."""
    seen = Q(teller=staff) | Q(branch__in=Branch.objects.visible_to(staff, "customers.list_checks"))
    found = IdentityCheck.objects.reachable_by(staff).filter(seen, pk=pk)
    return found.select_related("branch", "teller", "customer", "decided_by").first()
