"""1011 待补核查: what online checks have left owed, and the way that settles each."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.check_messages import owed_words
from customers.enums import Business, CheckOutcome, OwedKind
from customers.forms.owed_checks import OwedForm
from customers.selectors.owed_checks import LIST_CHECKS, OwedCheck, every_owed, owed_page, owed_seen_by
from customers.services.exporting_checks import note_owed_export
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica


@requires(LIST_CHECKS)
@from_replica
@require_GET
def owed_checks(request):
    form = OwedForm(request.GET)
    chosen = form.chosen
    found = owed_seen_by(request.user, **chosen)
    rows, following = owed_page(found, after=request.GET.get("after"))
    context = {
        "form": form,
        "chosen": chosen,
        "rows": rows,
        "following": following,
        "query": f"?kind={chosen['kind']}{'&overdue=on' if chosen['overdue'] else ''}",
        "total": found.count(),
        "overdue": found.overdue_on(today()).count(),
    }
    return render(request, "customers/owed_checks.html", context)


@requires(LIST_CHECKS)
@sheets_from_replica
@require_POST
def export_owed_checks(request):
    chosen = OwedForm(request.GET).chosen
    rows = [sheet_row(line) for line in every_owed(owed_seen_by(request.user, **chosen))]
    words, title = owed_words(**chosen), _("Owed checks")
    facts = [
        (_("Filter"), words),
        (_("As of"), f"{today():%Y-%m-%d}"),
        (_("Lines"), len(rows)),
        (_("Exported by"), f"{request.user.name} {request.user.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
    sheet = sheet_response(f"{title}-{request.user.branch.code}-{today():%Y%m%d}.xlsx", title, columns(), rows, facts)
    note_owed_export(words=words, rows=len(rows), by=request.user)
    return sheet


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Due"), "date", 12),
        SheetColumn(_("Overdue by days"), "whole", 10),
        SheetColumn(_("Matter"), width=14),
        SheetColumn(_("Result"), width=26),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Document number (masked)"), width=24),
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Business"), width=14),
        SheetColumn(_("Checked on"), "date", 12),
        SheetColumn(_("Teller"), width=12),
        SheetColumn(_("Branch"), width=20),
    ]


def sheet_row(line: OwedCheck) -> list:
    return [
        line.due_on,
        line.days if line.is_overdue else 0,
        str(OwedKind(line.kind).label),
        str(CheckOutcome(line.outcome).label),
        line.name,
        line.number,
        line.customer_number,
        str(Business(line.business).label),
        line.checked_on,
        line.teller_name,
        line.branch,
    ]
