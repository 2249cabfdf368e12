"""2004 名册: who takes the customers of each tier of a branch, and how many."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.enums import BANDED, RolloutStepKind, Tier
from tiering.forms.rosters import ChangeForm, PlaceForm
from tiering.messages import tier_label
from tiering.selectors.roster_page import (
    KEEP_ROSTERS,
    BranchRoster,
    addable,
    branch_begun_with,
    branch_roster,
    former_entries,
    roster_branches,
)
from tiering.services.exporting import note_roster_export
from tiering.services.rollout import complete_step
from tiering.services.rosters import Place, put_on_roster, take_off_roster

MOST_TO_CHOOSE = 60


@requires(KEEP_ROSTERS)
@from_replica
@require_GET
def roster(request):
    return shown(request, branch_asked(request, request.GET.get("branch", "").strip()))


@requires(KEEP_ROSTERS)
@require_POST
def put_on(request, code, tier):
    """Somebody new, or another capacity for whoever is on it (`change`)."""
    branch, found = branch_asked(request, code), tier_of(tier)
    changing = "change" in request.POST
    people = [] if changing else addable(branch_roster(branch)).get(found, [])
    form = ChangeForm(request.POST, tier=found) if changing else PlaceForm(request.POST, tier=found, eligible=people)
    form.is_valid()
    form.say_blank("staff")
    typed = form.typed(form.fields)
    try:
        put_on_roster(branch=branch, tier=found, place=Place(typed["staff"], typed["capacity"]), by=request.user)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
    except DomainError as refusal:
        form.add_error(None, refusal.as_dict()["message"])
    if form.errors:
        return shown(request, branch, form=form, tier=found)
    messages.success(request, _("The roster is kept."))
    return back(branch)


@requires(KEEP_ROSTERS)
@require_POST
def take_off(request, code, tier):
    branch = branch_asked(request, code)
    take_off_roster(branch=branch, tier=tier_of(tier), username=request.POST.get("staff", ""), by=request.user)
    messages.success(request, _("The person is off the roster; present customers stay with them."))
    return back(branch)


@requires(KEEP_ROSTERS)
@require_POST
def report_roster(request, code):
    """上报: the first step of the rollout."""
    branch = branch_asked(request, code)
    try:
        complete_step(branch=branch, step=RolloutStepKind.ROSTERS, by=request.user)
        messages.success(request, _("The roster is reported."))
    except DomainError as refusal:
        messages.error(request, refusal.as_dict()["message"])
    return back(branch)


@requires(KEEP_ROSTERS)
@sheets_from_replica
@require_POST
def export_roster(request, code):
    branch = branch_asked(request, code)
    with one_moment():
        found = branch_roster(branch)
        title = _("Roster")
        name = f"{title}-{branch.code}-{timezone.localdate():%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(), rows(found), facts(branch, request.user))
    note_roster_export(branch=branch, by=request.user)
    return sheet


def branch_asked(request, code: str):
    """404 for one whose roster one does not keep."""
    if not code.isascii() or "\x00" in code:
        raise Http404
    found = roster_branches(request.user).filter(code=code).first() if code else branch_begun_with(request.user)
    if found is None:
        raise Http404
    return found


def tier_of(code: str) -> Tier:
    found = next((tier for tier in BANDED if tier.code == code), None)
    if found is None:
        raise Http404
    return found


def back(branch):
    return redirect(f"{reverse('tiering:roster')}?branch={branch.code}")


def shown(request, branch, *, form=None, tier: Tier | None = None):
    """`form` is the one that was refused, of `tier`."""
    found = branch_roster(branch)
    people = addable(found)
    changing = isinstance(form, ChangeForm)
    forms = [
        form if form and not changing and each.tier == tier else PlaceForm(tier=each.tier, eligible=people[each.tier])
        for each in found.tiers
    ]
    branches = list(roster_branches(request.user)[: MOST_TO_CHOOSE + 1])
    context = {
        "roster": found,
        "branch": branch,
        "tables": list(zip(found.tiers, forms, strict=True)),
        "form": form,
        "changing": form if changing else None,
        "changing_tier": tier,
        "branches": branches if len(branches) <= MOST_TO_CHOOSE else None,
        "former": former_entries(branch),
    }
    return render(request, "tiering/roster.html", context)


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Tier"), width=22),
        SheetColumn(_("Name"), width=12),
        SheetColumn(_("Staff number"), width=14),
        SheetColumn(_("Position"), width=14),
        SheetColumn(_("Customers now"), "whole"),
        SheetColumn(_("Capacity"), "whole"),
        SheetColumn(_("Free places"), "whole"),
        SheetColumn(_("Since"), "date", 12),
        SheetColumn(_("State"), width=16),
    ]


def rows(found: BranchRoster):
    for each in found.tiers:
        for line in each.lines:
            staff, entry = line.staff, line.entry
            state = _("fits") if line.fits else _("no longer fits")
            numbers = [line.load, line.capacity, line.free]
            yield [
                tier_label(line.tier), staff.name, staff.username, line.position_label, *numbers, entry.since, state
            ]  # fmt: skip


def facts(branch, staff) -> list[tuple[str, str]]:
    return [
        (_("Branch"), str(branch)),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
