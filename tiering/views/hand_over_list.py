"""移交清单: the paper that leaver, receiver and witness sign, and the same as a workbook."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from customers.views.paging import after
from tellerdesk.core.access import requires
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.enums import Position
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.messages import tier_label
from tiering.models import HandOver
from tiering.models.hand_over import CARRIED_OUT
from tiering.rules.money import yuan
from tiering.selectors.hand_over_file import PAGE, RowLine, every_row, page_of, receivers_of, rows_of
from tiering.selectors.leavers import HAND_OVER
from tiering.services.hand_over_printing import note_export, print_list_again
from tiering.views.hand_overs import hand_over_or_404

FRESH = "fresh_hand_over"


def shown_fresh(request, pk: int):
    """The page that follows the approval prints the first copy; every later one is a reprint."""
    request.session[FRESH] = pk
    return redirect("tiering:hand_over_receipt", pk=pk)


@requires(HAND_OVER)
@from_replica
@require_GET
def printed(request, pk):
    found = carried_out_or_404(request, pk)
    copies = list(found.copies.select_related("staff").order_by("-number"))
    asked = request.GET.get("copy", "")
    receivers, rows = receivers_of(found), rows_of(found)
    copy, is_first = next((each for each in copies if str(each.number) == asked), None), is_fresh(request, pk)
    context = {
        "hand_over": found,
        "receivers": receivers,
        "customers": sum(each.customers for each in receivers),
        "aum": sum(each.aum for each in receivers),
        **(paper_of(rows) if copy or is_first else screen_of(request, rows)),
        "copies": copies,
        "is_first": is_first,
        "copy": copy,
        "printed_at": timezone.now(),
    }
    return render(request, "tiering/hand_over_receipt.html", context)


def is_fresh(request, pk: int) -> bool:
    return request.session.pop(FRESH, None) == pk


def paper_of(rows) -> dict:
    """Everybody, for the printer; the screen shows the first ones of them."""
    return {"lines": every_row(rows), "before": 0, "most": PAGE, "more": max(0, rows.count() - PAGE)}


def screen_of(request, rows) -> dict:
    """A page of them."""
    last = int(after(request) or 0)
    lines, following = page_of(rows, after=last)
    before = rows.filter(pk__lte=last).count() if last else 0
    onward = {"next": f"?after={following}" if following else "", "first": request.path if last else ""}
    return {"lines": lines, "before": before, "most": PAGE, **onward}


@requires(HAND_OVER)
@require_POST
def print_again(request, pk):
    copy = print_list_again(hand_over=carried_out_or_404(request, pk), by=request.user)
    return redirect(f"{redirect('tiering:hand_over_receipt', pk=pk).url}?copy={copy.number}")


@requires(HAND_OVER)
@sheets_from_replica
@require_POST
def export(request, pk):
    """Names masked, numbers whole, as on the paper."""
    found = hand_over_or_404(request, pk)
    rows = rows_of(found)
    title = _("Hand-over list")
    name = f"{title}-{found.leaver.username}-{found.number or found.pk}.xlsx"
    lines = (sheet_row(line) for line in every_row(rows))
    sheet = sheet_response(name, title, columns(), lines, facts(found, request.user))
    try:
        note_export(hand_over=found, by=request.user)
    except BaseException:
        sheet.close()
        raise
    return sheet


def carried_out_or_404(request, pk: int) -> HandOver:
    found = hand_over_or_404(request, pk)
    if found.status not in CARRIED_OUT:
        raise Http404
    return found


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Tier"), width=20),
        SheetColumn(_("Financial assets (yuan)"), "money", 20),
        SheetColumn(_("Branch"), width=20),
        SheetColumn(_("As owner"), width=10),
        SheetColumn(_("Since"), "date", 12),
        SheetColumn(_("Receiver"), width=14),
        SheetColumn(_("Staff number"), width=12),
        SheetColumn(_("Position"), width=12),
        SheetColumn(_("Remarks"), width=24),
    ]


def sheet_row(line: RowLine) -> list:
    receiver = line.receiver
    return [
        line.customer_number,
        line.name,
        tier_label(line.tier),
        yuan(line.aum),
        str(line.branch),
        _("owner") if line.is_primary else _("co-owner"),
        line.since,
        receiver.name if receiver else _("Manager's queue"),
        receiver.username if receiver else "",
        str(Position(line.receiver_position).label) if receiver else "",
        line.get_undo_display() or line.get_why_display(),
    ]


def facts(found: HandOver, staff) -> list[tuple[str, object]]:
    checker = found.checker
    return [
        (_("Serial number"), found.number or "—"),
        (_("Leaver"), f"{found.leaver.name} {found.leaver.username}"),
        (_("Branch"), str(found.branch)),
        (_("Reason"), f"{found.get_reason_display()} · {found.note}"),
        (pgettext("hand-over", "Last day"), f"{found.last_day:%Y-%m-%d}"),
        (_("State"), str(found.get_status_display())),
        (_("Maker"), f"{found.maker.name} {found.maker.username}"),
        (_("Approved by"), f"{checker.name} {checker.username}" if checker else "—"),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
