from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Posting
from training.forms import ResultFilterForm
from training.models import Attempt
from training.selectors.results import result


@requires("training.take_course")
@require_GET
def attempt_result(request, pk):
    """One's own, or one that the reader reviews (rules 7); the key is shown to nobody before the attempt is closed."""
    readable = Attempt.objects.readable_by(request.user, today()).select_related("course", "staff")
    found = get_object_or_404(readable, pk=pk)
    if not found.is_closed:
        return redirect("training:attempt", pk)
    reviewed = result(found)
    shown = {
        "result": reviewed,
        "unlocks": reviewed.unlocks,
        "attempt": found,
        "is_own": found.staff_id == request.user.pk,
    }
    return render(request, "training/attempt_result.html", shown)


@requires("training.see_results")
@require_GET
def branch_results(request):
    form = ResultFilterForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows, following = keyset_page(_results(request.user, chosen), after=_after(request))
    query = request.GET.copy()
    query["after"] = following or ""
    shown = {
        "filter": form,
        "rows": rows,
        "next": f"?{query.urlencode()}" if following else "",
        "first": _first(request),
    }
    return render(request, "training/branch_results.html", shown)


def _results(staff, chosen):
    standing = Posting.objects.valid_on(today()).filter(staff=OuterRef("staff")).order_by("since", "pk")
    rows = Attempt.objects.visible_to(staff, today()).finished().select_related("staff", "course")
    rows = rows.annotate(branch_code=Subquery(standing.values("branch__code")[:1]))
    if chosen.get("course"):
        rows = rows.filter(course=chosen["course"])
    if chosen.get("passed"):
        rows = rows.filter(passed=chosen["passed"] == "yes")
    return rows


def _after(request) -> str | None:
    after = request.GET.get("after", "")
    return after if after.isdecimal() and after.isascii() and len(after) < 19 else None


def _first(request) -> str:
    query = request.GET.copy()
    if not query.pop("after", None):
        return ""
    return f"?{query.urlencode()}"
