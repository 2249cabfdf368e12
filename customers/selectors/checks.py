from datetime import date

from customers.models import IdentityCheck
from tellerdesk.staff.models import Branch


def checks_of_day(staff, day: date):
    """核查登记簿: the checks of one day in the branches whose lists `staff` may see, the newest first."""
    branches = Branch.objects.visible_to(staff)
    return (
        IdentityCheck.objects.reachable_by(staff)
        .visible_to(branches)
        .on_day(day)
        .select_related("branch", "teller", "customer")
        .order_by("-pk")
    )


def reachable_check(staff, pk: int) -> IdentityCheck | None:
    return IdentityCheck.objects.reachable_by(staff).select_related("customer").filter(pk=pk).first()
