"""1009: customer files of the core system, sent, watched, corrected and sent again."""

from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.forms.importing import CustomerFileForm
from customers.import_messages import failure_message
from customers.models import CustomerImport
from customers.rules.import_columns import COLUMNS
from customers.selectors.imports import (
    imports_seen_by,
    is_stuck,
    may_be_resumed,
    reject_groups,
    rejects_name,
    warnings_of,
)
from customers.selectors.limits import kept_files
from customers.services import import_checked, resume_import, send_customer_file
from customers.views.paging import after
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.rejects import template_of
from tellerdesk.files.responses import csv_response, rejects_response
from tellerdesk.files.uploads import sealed_uploads

IMPORT = "customers.import_customers"
ROWS = 12
TEMPLATE_NAME = "customers-template.csv"


@requires(IMPORT)
@sealed_uploads
@require_http_methods(["GET", "POST"])
def import_list(request):
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CustomerFileForm(*posted, initial={"dry_run": True})
    if form.is_valid() and (run := sent(form, by=request.user)):
        return redirect("customers:import", pk=run.pk)
    rows, following = keyset_page(imports_seen_by(request.user), after=after(request), size=ROWS)
    context = {"form": form, "rows": rows, "following": following, "query": "?", "columns": COLUMNS}
    return render(request, "customers/import_list.html", context)


def sent(form: CustomerFileForm, *, by) -> CustomerImport | None:
    """None where the service refused; the form then says why."""
    typed = form.cleaned_data
    try:
        return send_customer_file(upload=typed["file"], dry_run=typed["dry_run"], by=by)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
        return None


@requires(IMPORT)
@require_GET
def import_template(request):
    """The header alone, in both languages, to be filled in."""
    return csv_response(TEMPLATE_NAME, [template_of([f"{each.name} {each.chinese}" for each in COLUMNS])])


@requires(IMPORT)
@require_GET
def import_detail(request, pk):
    """htmx asks for the changing part alone, once a second while the import is under way."""
    run = found(request, pk)
    context = {"run": run, "failure": failure_message(run.error_code, run.error_detail) if run.error_code else ""}
    context |= {"is_stuck": is_stuck(run), "may_be_resumed": may_be_resumed(run)}
    context["kept_days"] = kept_files(run.legal_entity_id).uploads.days
    if run.is_over:
        context |= {"groups": reject_groups(run), "warnings": warnings_of(run)}
    return render(request, "customers/import_state.html" if request.htmx else "customers/import.html", context)


@requires(IMPORT)
@require_POST
def import_now(request, pk):
    return redirect("customers:import", pk=import_checked(checked=found(request, pk), by=request.user).pk)


@requires(IMPORT)
@require_POST
def take_up_import(request, pk):
    return redirect("customers:import", pk=resume_import(run=found(request, pk), by=request.user).pk)


@requires(IMPORT)
@require_GET
def import_rejects(request, pk):
    run = found(request, pk)
    return rejects_response(run, rejects_name(run), by=request.user)


def found(request, pk: int) -> CustomerImport:
    return get_object_or_404(imports_seen_by(request.user), pk=pk)
