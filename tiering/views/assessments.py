"""2008 季度考核: five indicators of people, branches and the bank, quarter by quarter."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.errors import TooMany
from tiering.forms.closing import CloseForm
from tiering.messages import scope_words
from tiering.models import Assessment
from tiering.rules.quarters import Quarter, parse_quarter
from tiering.selectors.assessed_customers import count_behind, every_line_behind, net_behind, page_behind
from tiering.selectors.assessments import (
    MOST_PEOPLE,
    latest_shown,
    owner_named,
    quarters_shown,
    quarters_to_choose,
    report_of,
    shown_version,
    versions_of,
)
from tiering.selectors.behind import NUMERATOR, Behind
from tiering.selectors.scope import branches_to_choose
from tiering.services.assessing import close_assessment, queue_assessment
from tiering.services.exporting import MOST_ROWS, note_assessed_export, note_assessment_export
from tiering.views import assessment_sheets as sheets
from tiering.views.scoping import scope_asked


@requires("tiering.view_tiers")
@from_replica
@require_GET
def assessment_list(request):
    """The quarter that people look at first: the last closed, else the newest computed, else the last that is over."""
    latest = latest_shown(quarters_shown(request.user))
    choice = quarters_to_choose(request.user, today(), [])
    address = reverse("tiering:assessment", args=[latest.quarter if latest else choice[1]])
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)


@requires("tiering.view_tiers")
@from_replica
@require_GET
def assessment(request, quarter):
    """htmx asks for the progress alone, once a second while a version is computed; then for the page anew."""
    found = quarter_or_404(quarter)
    if not request.htmx:
        return shown(request, found)
    waiting = waiting_of(versions_of(request.user, str(found)))
    if waiting is None:
        return HttpResponseClientRefresh()
    return render(request, "tiering/assessment_waiting.html", {"waiting": waiting})


def shown(request, quarter: Quarter, *, error: str = "", refused: FieldErrors | None = None):
    scope = scope_asked(request)
    versions, known = versions_of(request.user, str(quarter)), quarters_shown(request.user)
    found = version_asked(request.POST if refused else request.GET, versions)
    newest = next((each for each in versions if each.is_computed), None)
    sent = request.POST if request.method == "POST" else None
    form = CloseForm(sent, again=any(each.is_closed for each in versions))
    if refused:
        form.add_refusal(refused.errors)
    context = {
        "quarter": str(quarter),
        "quarters": quarters_to_choose(request.user, today(), [*known, *versions[:1]]),
        "scope": scope,
        "branches": branches_to_choose(scope),
        "versions": versions,
        "waiting": waiting_of(versions),
        "failed": bool(versions) and versions[0].status == "failed",
        "found": found,
        "report": None,
        "has_begun": quarter.first_day <= today(),
        "may_close": bool(found) and found == newest,
        "to_close": newest if newest and newest != found and not newest.is_closed else None,
        "form": form,
        "error": error,
    }
    if found and found.has_figures:
        context["report"] = report_of(found, scope, shown=known, most=MOST_PEOPLE)
    return render(request, "tiering/assessment.html", context)


def waiting_of(versions: list[Assessment]) -> Assessment | None:
    return next((each for each in versions[:1] if not each.is_over), None)


@requires("tiering.close_assessment")
@require_POST
def compute_assessment(request, quarter):
    found = quarter_or_404(quarter)
    try:
        queue_assessment(quarter=found, by=request.user)
    except DomainError as refusal:
        return shown(request, found, error=refusal.as_dict()["message"])
    messages.success(request, _("The quarter is being assessed."))
    return redirect("tiering:assessment", quarter=quarter)


@requires("tiering.close_assessment")
@require_POST
def close_quarter(request, quarter):
    found, reason = quarter_or_404(quarter), request.POST.get("reason", "")
    try:
        row = close_assessment(quarter=found, reason=reason, version=_number(request.POST), by=request.user)
    except FieldErrors as refusal:
        return shown(request, found, refused=refusal)
    except DomainError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        return shown(request, found, error=refusal.as_dict()["message"])
    messages.success(request, _("%(quarter)s version %(version)s is closed.") % vars(row))
    return redirect("tiering:assessment", quarter=quarter)


@requires("tiering.view_tiers")
@sheets_from_replica
@require_POST
def export_assessment(request, quarter):
    with one_moment():
        scope, found = scope_asked(request), found_version(request, quarter)
        report = report_of(found, scope, shown=[])
        title = _("Quarterly assessment")
        name = f"{title}-{found.quarter}-{scope.branch.code}.xlsx"
        sheet = sheet_response(name, title, sheets.columns(), sheets.rows(report), sheets.facts(report, request.user))
    note_assessment_export(assessment=found, words=scope_words(scope), by=request.user)
    return sheet


@requires("tiering.view_tiers")
@from_replica
@require_http_methods(["GET", "POST"])
def assessment_customers(request, quarter):
    asked = behind_asked(request, quarter)
    lines, following = page_behind(asked, request.GET.get("after", ""))
    net = net_behind(asked)
    query = request.GET.copy()
    query.pop("after", None)
    address = f"?{query.urlencode()}"
    context = {
        "asked": asked,
        "scope": asked.scope,
        "words": sheets.behind_words(asked),
        "lines": lines,
        "number": net.listed if net else count_behind(asked),
        "net": net,
        "address": address,
        "next": f"{address}&after={following}" if following else "",
        "first": address if "after" in request.GET else "",
    }
    shown_now = {"words": context["words"], "rows": lines}
    return listed(request, "tiering/assessment_customers.html", context, listing="assessed", **shown_now)


@requires("tiering.view_tiers")
@sheets_from_replica
@require_POST
def export_assessed(request, quarter):
    with one_moment():
        asked = behind_asked(request, quarter)
        number = count_behind(asked)
        if number > MOST_ROWS:
            raise TooMany(rows=number, most=MOST_ROWS)
        title = _("Customers behind the assessment")
        rows = (sheets.customer_row(line) for line in every_line_behind(asked))
        facts = sheets.customer_facts(asked, number, request.user)
        name = f"{title}-{asked.assessment.quarter}-{asked.scope.branch.code}.xlsx"
        sheet = sheet_response(name, title, sheets.customer_columns(), rows, facts)
    note_assessed_export(assessment=asked.assessment, words=sheets.behind_words(asked), rows=number, by=request.user)
    return sheet


def quarter_or_404(text: str) -> Quarter:
    quarter = parse_quarter(text)
    if quarter is None:
        raise Http404
    return quarter


def found_version(request, quarter: str) -> Assessment:
    found = version_asked(request.GET, versions_of(request.user, str(quarter_or_404(quarter))))
    if found is None or not found.has_figures:
        raise Http404
    return found


def version_asked(data, versions: list[Assessment]) -> Assessment | None:
    """404 for a version that is not there."""
    number = _number(data)
    if number is None:
        return shown_version(versions)
    found = next((each for each in versions if each.version == number and each.is_computed), None)
    if found is None:
        raise Http404
    return found


def _number(data) -> int | None:
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def behind_asked(request, quarter: str) -> Behind:
    scope, found = scope_asked(request), found_version(request, quarter)
    named = request.GET.get("owner", "").strip()
    owner = owner_named(scope, found, named) if named else None
    part = request.GET.get("part", "") or NUMERATOR
    asked = Behind(found, scope, request.GET.get("indicator", ""), part, owner)
    if not asked.is_known or (named and owner is None):
        raise Http404
    return asked
