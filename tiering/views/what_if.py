"""2003 试算: what a version of the policy would move, and the customers behind every number of it."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tiering.errors import NoDayLoaded
from tiering.forms.trying import MovedForm
from tiering.jobs.what_if_base import Trial
from tiering.jobs.what_if_lists import Line, Wanted, every_line, listing_of, page, totals
from tiering.messages import scope_words
from tiering.policy_words import tier_name
from tiering.rules.money import yuan
from tiering.rules.what_if import Count
from tiering.selectors.policies import Version, policy_versions
from tiering.selectors.scope import branch_ids_of, branches_to_choose
from tiering.services.exporting import check_size, note_what_if_export
from tiering.services.trying import trial_of, try_policy
from tiering.views.scoping import scope_asked

SHOWN = 50  # branches and people on the page; every one of them is in the API
TRY = "tiering.try_policy"


@requires(TRY)
@require_GET
def what_if(request, version):
    """htmx, from the policy's page, asks for the matrix alone."""
    shown = version_asked(request, version)
    context = {"shown": shown, "by_money": request.GET.get("unit") == "aum"}
    try:
        context["found"] = found = try_policy(draft=shown.rules, by=request.user)
    except NoDayLoaded as refusal:
        context["refusal"] = str(refusal.message)
    else:
        context |= {"branches": found.branches[:SHOWN], "load": found.load[:SHOWN]}
    return render(request, f"tiering/what_if_{'matrix' if request.htmx else 'page'}.html", context)


@requires(TRY)
@require_GET
def what_if_customers(request, version):
    shown, scope = version_asked(request, version), scope_asked(request)
    form, after = MovedForm(request.GET), request.GET.get("after", "")
    context = {"shown": shown, "scope": scope, "form": form, "branches": branches_to_choose(scope)}
    try:
        with one_moment():
            trial, wanted = trial_of(shown.rules, by=request.user), form.wanted(branch_ids_of(scope))
            listing = listing_of(trial, wanted)
            lines, following = page(listing, after)
            found = totals(listing)
    except NoDayLoaded as refusal:
        return render(request, "tiering/what_if_customers.html", context | {"refusal": str(refusal.message)})
    query = request.GET.copy()
    query.pop("after", None)
    address = f"?{query.urlencode()}"
    context |= {
        "trial": trial,
        "wanted": wanted,
        "words": words(trial, wanted, scope),
        "lines": lines,
        "totals": found,
        "address": address,
        "next": f"{address}{'&' if query else ''}after={following}" if following else "",
        "first": address if after else "",
    }
    return render(request, "tiering/what_if_customers.html", context)


@requires(TRY)
@require_POST
def export_what_if(request, version):
    """Masked, whoever asks. Raises TooMany, NoDayLoaded."""
    shown, scope = version_asked(request, version), scope_asked(request)
    with one_moment():
        trial, wanted = trial_of(shown.rules, by=request.user), MovedForm(request.GET).wanted(branch_ids_of(scope))
        listing = listing_of(trial, wanted)
        found = totals(listing)
        check_size(found)
        told, title = (
            words(trial, wanted, scope),
            _("Customers whom policy v%(version)s would move") % {"version": version},
        )
        facts = sheet_facts(told, found, trial.as_of, request.user)
        rows = (sheet_row(trial, line) for line in every_line(listing))
        subject = _("What if")
        name = f"{subject}-v{version}-{trial.as_of:%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(), rows, facts)
    try:
        note_what_if_export(policy=shown.row, rows=found.customers, words=told, by=request.user)
    except BaseException:
        sheet.close()
        raise
    return sheet


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Tier now"), width=20),
        SheetColumn(_("Tier then"), width=20),
        SheetColumn(_("Financial assets (yuan)"), "money", 20),
        SheetColumn(_("Present owners"), width=32),
        SheetColumn(_("Branch"), width=24),
    ]


def sheet_row(trial: Trial, line: Line) -> list:
    tiers = (tier_name(line.from_tier, trial.present), tier_name(line.to_tier, trial.draft))
    return [line.customer_number, line.name, *tiers, yuan(line.aum), "; ".join(line.owners), line.branch]


def sheet_facts(told: str, found: Count, as_of, staff) -> list[tuple[str, object]]:
    return [
        (_("Filter"), told),
        (_("As of"), f"{as_of:%Y-%m-%d}"),
        (_("Number of customers"), found.customers),
        (_("Financial assets (yuan)"), f"{yuan(found.aum):,.2f}"),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]


def words(trial: Trial, wanted: Wanted, scope) -> str:
    """What the list shows, on the page, on the sheet, in the audit."""
    kind = _("Would lose the named owner") if wanted.lost else _("Would move")
    before = (
        _("from %(tier)s") % {"tier": tier_name(wanted.from_tier, trial.present)}
        if wanted.from_tier is not None
        else ""
    )
    then = _("to %(tier)s") % {"tier": tier_name(wanted.to_tier, trial.draft)} if wanted.to_tier is not None else ""
    return " · ".join(part for part in (scope_words(scope), kind, before, then) if part)


def version_asked(request, version: int) -> Version:
    """404 for one that is not there, and another legal entity's."""
    found = next((each for each in policy_versions(request.user, today()) if each.version == version), None)
    if found is None:
        raise Http404
    return found
