"""2101: the night as the people see it who send its file."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.views.paging import after
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.responses import rejects_response
from tellerdesk.files.uploads import sealed_uploads
from tellerdesk.staff.own_writes import from_replica
from tiering.forms.sending import SnapshotForm
from tiering.models import NightlyRun
from tiering.selectors.rejects import rejected_groups, rejects_name
from tiering.selectors.runs import run_report, runs_of
from tiering.services.sending import load_again, may_be_loaded, send_snapshot
from tiering.snapshot_columns import COLUMNS

ROWS = 12


@requires("tiering.load_snapshots")
@from_replica
@sealed_uploads
@require_http_methods(["GET", "POST"])
def run_list(request):
    form = SnapshotForm(request.POST or None, request.FILES or None, initial={"as_of": today()})
    if request.method == "POST" and form.is_valid():
        run = sent(form, by=request.user)
        if run:
            return redirect("tiering:run", pk=run.pk)
    rows, following = keyset_page(runs_of(request.user), after=after(request), size=ROWS)
    context = {"form": form, "columns": COLUMNS, "rows": rows}
    context |= {
        "onward": f"?after={following}" if following else "",
        "back_to_start": request.path if "after" in request.GET else "",
    }
    return render(request, "tiering/run_list.html", context)


def sent(form: SnapshotForm, *, by) -> NightlyRun | None:
    """None where the service refused; the form then says why."""
    typed = form.cleaned_data
    try:
        return send_snapshot(upload=typed["file"], as_of=typed["as_of"], dry_run=typed["dry_run"], by=by)
    except FieldErrors as refusal:
        form.add_refusal(refusal)
        return None


@requires("tiering.load_snapshots")
@from_replica
@require_GET
def run(request, pk):
    """htmx asks for the changing part alone, once a second while the run is under way."""
    found = found_run(request, pk)
    context = {"report": run_report(found), "run": found}
    if found.is_over:
        context |= {"groups": rejected_groups(found), "may_be_loaded": may_be_loaded(found)}
    return render(request, "tiering/run_state.html" if request.htmx else "tiering/run.html", context)


@requires("tiering.load_snapshots")
@require_POST
def load_run_again(request, pk):
    """After a dry run: the same file, not dry; after one that broke off: the same file once more."""
    started = load_again(run=found_run(request, pk), by=request.user)
    messages.success(request, _("The kept file is on its way."))
    return redirect("tiering:run", pk=started.pk)


@requires("tiering.load_snapshots")
@from_replica
@require_GET
def run_rejects(request, pk):
    found = found_run(request, pk)
    return rejects_response(found, rejects_name(found), by=request.user)


def found_run(request, pk: int) -> NightlyRun:
    return get_object_or_404(runs_of(request.user), pk=pk)
