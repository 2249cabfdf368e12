"""核查登记簿: the checks of one of the bank's days, counted, listed, printed, carried away."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.check_messages import decision_label, source_label
from customers.enums import CheckOutcome
from customers.models import IdentityCheck
from customers.selectors.checks import (
    LIST_CHECKS,
    Register,
    branch_named,
    branches_of_register,
    checks_of_day,
    register_of,
)
from customers.services.exporting_checks import note_register_export
from customers.views.paging import after, day_of
from customers.views.unmasking import as_shown, listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.business_date import today
from tellerdesk.core.masking import mask_name
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica


@requires(LIST_CHECKS)
@from_replica
@require_http_methods(["GET", "POST"])
def check_register(request):
    day, branch, checks = asked(request)
    rows, following = keyset_page(as_shown(request, checks), after=after(request))
    branches = list(branches_of_register(request.user))
    context = {
        "day": day,
        "branch": branch,
        "branches": branches if len(branches) > 1 else [],
        "register": register_of(checks, day=day, branch=branch),
        "rows": rows,
        "query": f"?day={day:%Y-%m-%d}&branch={branch.code if branch else ''}",
        "following": following,
    }
    words = f"{day:%Y-%m-%d} {branch or ''}".strip()
    return listed(request, "customers/check_register.html", context, listing="checks", words=words, rows=rows)


def asked(request):
    """Day, branch (None: all one sees) and the checks there; 404 for a branch beyond one's view."""
    day, code = day_of(request) or today(), request.GET.get("branch", "")
    branch = branch_named(request.user, code)
    if code and branch is None:
        raise Http404
    return day, branch, checks_of_day(request.user, day, branch)


@requires(LIST_CHECKS)
@sheets_from_replica
@require_POST
def export_register(request):
    day, branch, checks = asked(request)
    register = register_of(checks, day=day, branch=branch)
    title = _("Register of checks")
    name = f"{title}-{branch.code if branch else request.user.branch.code}-{day:%Y%m%d}.xlsx"
    rows = (sheet_row(check) for check in checks.iterator(chunk_size=1000))
    sheet = sheet_response(name, title, columns(), rows, facts(register, request.user))
    note_register_export(day=day, branch=branch, rows=register.total, by=request.user)
    return sheet


def facts(register: Register, staff) -> list[tuple[str, object]]:
    return [
        (_("Day"), f"{register.day:%Y-%m-%d}"),
        (_("Branch"), branch_words(register, staff)),
        (_("Checks"), register.total),
        *((str(CheckOutcome(code).label), count) for code, count in register.outcomes.items()),
        *((str(decision_label(code)), count) for code, count in register.decisions.items()),
        *((str(source_label(code)), count) for code, count in register.sources.items()),
        *((f"{name} {username}", count) for username, name, count in register.tellers),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]


def branch_words(register: Register, staff) -> str:
    """Whoever sees one branch only has its lines, chosen or not."""
    in_view = list(branches_of_register(staff)[:2])
    return str(register.branch or (in_view[0] if len(in_view) == 1 else _("All branches")))


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Time"), width=20),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Document number (masked)"), width=24),
        SheetColumn(_("Business"), width=14),
        SheetColumn(_("Result"), width=26),
        SheetColumn(_("Decision"), width=20),
        SheetColumn(_("Source"), width=10),
        SheetColumn(_("Request number"), width=34),
        SheetColumn(_("Teller"), width=12),
        SheetColumn(_("Branch"), width=20),
    ]


def sheet_row(check: IdentityCheck) -> list:
    return [
        f"{timezone.localtime(check.checked_at):%Y-%m-%d %H:%M:%S}",
        mask_name(check.name),
        check.number_masked,
        check.get_business_display(),
        str(CheckOutcome(check.finding).label),
        str(decision_label(check.decision)),
        str(source_label(check.source)),
        check.request_id,
        check.teller.name,
        str(check.branch),
    ]
