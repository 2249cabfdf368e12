"""The batches of an adoption: what each would do, and what became of it."""

import csv
import io

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.views.paging import after
from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.errors import DomainError
from tellerdesk.files.encodings import BOM
from tellerdesk.files.formulas import defused
from tellerdesk.files.rejects import OURS
from tellerdesk.files.responses import csv_response
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica
from tiering.batch_columns import COLUMNS
from tiering.batch_messages import line_message
from tiering.errors import BatchStale
from tiering.messages import tier_label
from tiering.models import OwnerBatch
from tiering.selectors.adoption import ADOPT
from tiering.selectors.batches import BatchLine, BatchView, batches_of
from tiering.services.exporting import note_batch_export
from tiering.services.owner_batches import apply_batch, discard_batch


@requires(ADOPT)
@from_replica
@require_GET
def batch_list(request):
    rows, following = keyset_page(batches_of(request.user), after=after(request))
    context = {"rows": rows, "next": f"?after={following}" if following else ""}
    context["first"] = request.path if "after" in request.GET else ""
    return render(request, "tiering/batch_list.html", context)


@requires(ADOPT)
@require_http_methods(["GET", "POST"])
def batch(request, pk):
    return shown(request, found_batch(request, pk), lifts=request.method == "POST")


@requires(ADOPT)
@require_POST
def apply_owner_batch(request, pk):
    found = found_batch(request, pk)
    try:
        apply_batch(batch=found, by=request.user)
    except BatchStale as error:
        return shown(request, found_batch(request, pk), stale=error)
    except DomainError as error:
        messages.error(request, error.as_dict()["message"])
    else:
        messages.success(request, _("Carried out: the customers have their owners."))
    return redirect("tiering:batch", pk=pk)


@requires(ADOPT)
@require_POST
def discard_owner_batch(request, pk):
    found = found_batch(request, pk)
    try:
        discard_batch(batch=found, by=request.user)
        messages.success(request, _("The batch is discarded; nothing has changed."))
    except DomainError as error:
        messages.error(request, error.as_dict()["message"])
    return redirect("tiering:batch", pk=pk)


@requires(ADOPT)
@require_GET
def batch_rejects(request, pk):
    """The lines left out, to be corrected and sent again as a file."""
    found = BatchView(found_batch(request, pk))
    lines = found.lines(wrong=True, most=None)
    if not lines:
        raise Http404
    note_batch_export(batch=found.batch, rows=len(lines), by=request.user)
    return csv_response(f"rejected-{pk}.csv", [rejects_csv(lines)])


def rejects_csv(lines: list[BatchLine]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(f"{column.name} {column.chinese}" for column in COLUMNS), *OURS])
    for line in lines:
        row = line.row
        given = (row.customer_number, row.username, row.primary_text, row.note)
        writer.writerow([*map(defused, given), row.line, row.code, line_message(row.code)])
    return BOM + text.getvalue().encode("utf-8", "replace")


@requires(ADOPT)
@require_POST
def export_batch(request, pk):
    """Every line, masked."""
    found = BatchView(found_batch(request, pk))
    lines = [*found.lines(wrong=False, most=None), *found.lines(wrong=True, most=None)]
    title = _("Adoption batch")
    name = f"{title}-{found.batch.branch.code}-{pk}.xlsx"
    sheet = sheet_response(name, title, columns(), map(sheet_row, lines), facts(found.batch, request.user))
    note_batch_export(batch=found.batch, rows=len(lines), by=request.user)
    return sheet


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Line"), "whole", 8),
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Tier"), width=20),
        SheetColumn(_("Owner"), width=12),
        SheetColumn(_("Staff number"), width=12),
        SheetColumn(_("As"), width=10),
        SheetColumn(_("Note"), width=24),
        SheetColumn(_("Left out because"), width=48),
    ]


def sheet_row(line: BatchLine) -> list:
    row = line.row
    return [
        row.line,
        row.customer_number,
        line.name,
        None if line.tier is None else tier_label(line.tier),
        row.owner.name if row.owner else "",
        row.username,
        None if row.code else _("owner") if row.is_primary else _("co-owner"),
        row.note,
        line.message,
    ]


def facts(found: OwnerBatch, staff) -> list[tuple[str, object]]:
    return [
        (_("Batch"), f"{found.pk} · {found.get_kind_display()} · {found.get_status_display()}"),
        (_("Branch"), str(found.branch)),
        (_("Reason"), found.note),
        (_("Number of customers"), found.customers),
        (_("Lines left out"), found.errors),
        (_("Made by"), f"{found.maker.name} {found.maker.username}"),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]


def shown(request, found: OwnerBatch, *, stale: BatchStale | None = None, lifts: bool = False):
    view = BatchView(found)
    context = {"view": view, "batch": found}
    if stale:
        changed = [(each["customer_number"], line_message(each["code"])) for each in stale.context["customers"]]
        context |= {"stale": stale.as_dict()["message"], "changed": changed}
    words = _("Adoption batch") + f" {found.pk} · {found.branch}"
    rows = {"words": words, "rows": view.good_lines, "lifts": lifts}
    response = listed(request, "tiering/batch.html", context, listing="adoption_batch", **rows)
    response.status_code = 409 if stale else 200
    return response


def found_batch(request, pk: int) -> OwnerBatch:
    return get_object_or_404(batches_of(request.user), pk=pk)
