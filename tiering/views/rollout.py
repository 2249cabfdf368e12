"""2010 推行计划: all branches with their four steps, one branch with what can be done, and the plan itself."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError, FieldErrors, NotPermitted
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.enums import RolloutStepKind
from tiering.forms.rollout import PlanForm, ReasonForm
from tiering.messages import step_words
from tiering.selectors.rollout import BranchRollout, progress_of, rollout_of, rollouts
from tiering.selectors.roster_page import KEEP_ROSTERS, roster_branches
from tiering.services.exporting import note_rollout_export
from tiering.services.rollout import BRANCHS_OWN, PLAN, PlannedDays, complete_step, plan_rollout, undo_step
from tiering.views.rosters import branch_asked

PAGE = 50


@requires(KEEP_ROSTERS)
@from_replica
@require_GET
def rollout_board(request):
    found = rollouts(roster_branches(request.user))
    lines = [each for each in found if each.overdue] if request.GET.get("what") == "overdue" else found
    first = place_asked(request, len(lines))
    context = {
        "progress": progress_of(found),
        "lines": lines[first : first + PAGE],
        "steps": RolloutStepKind,
        "only_overdue": lines is not found,
        "next": following(request, first + PAGE) if first + PAGE < len(lines) else "",
        "first": following(request, 0) if first else "",
    }
    return render(request, "tiering/rollout_board.html", context)


def place_asked(request, most: int) -> int:
    text = request.GET.get("from", "")
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return place if place < most else 0


def following(request, place: int) -> str:
    query = request.GET.copy()
    query["from"] = str(place)
    return f"?{query.urlencode()}"


@requires(KEEP_ROSTERS)
@from_replica
@require_GET
def rollout(request, code):
    return branch_page(request, branch_asked(request, code))


def branch_page(request, branch, *, form: ReasonForm | None = None, undoing: RolloutStepKind | None = None):
    """`form` was refused for the step `undoing`."""
    may_plan = request.user.has_perm(PLAN)
    context = {
        "found": rollout_of(branch),
        "branch": branch,
        "may_plan": may_plan,
        "may_do": set(RolloutStepKind) if may_plan else BRANCHS_OWN,
        "form": form or ReasonForm(),
        "undoing": undoing,
    }
    return render(request, "tiering/rollout.html", context)


@requires(KEEP_ROSTERS)
@require_POST
def finish_step(request, code, step):
    branch, kind = branch_asked(request, code), kind_of(step)
    refuse_others_step(request.user, kind)
    try:
        complete_step(branch=branch, step=kind, by=request.user)
        messages.success(request, _("Step %(step)s is done.") % {"step": step})
    except DomainError as refusal:
        messages.error(request, refusal.as_dict()["message"])
    return redirect("tiering:rollout", code=branch.code)


def kind_of(step: int) -> RolloutStepKind:
    if step not in RolloutStepKind.values:
        raise Http404
    return RolloutStepKind(step)


def refuse_others_step(staff, kind: RolloutStepKind) -> None:
    if kind not in BRANCHS_OWN and not staff.has_perm(PLAN):
        raise NotPermitted(PLAN)


@requires(PLAN)
@require_POST
def undo(request, code, step):
    branch, kind = branch_asked(request, code), kind_of(step)
    form = ReasonForm(request.POST, auto_id=f"%s-{int(kind)}")
    form.is_valid()
    try:
        undo_step(branch=branch, step=kind, **form.typed(form.fields), by=request.user)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
        return branch_page(request, branch, form=form, undoing=kind)
    except DomainError as refusal:
        messages.error(request, refusal.as_dict()["message"])
    else:
        messages.success(request, _("Step %(step)s is open again.") % {"step": step})
    return redirect("tiering:rollout", code=branch.code)


@requires(PLAN)
@require_http_methods(["GET", "POST"])
def plan(request):
    branches = list(roster_branches(request.user))
    form = PlanForm(request.POST or None, branches=branches, initial=planned_before(request, branches))
    if request.method == "POST" and planned(form, branches, by=request.user):
        messages.success(request, _("The rollout is planned."))
        return redirect("tiering:rollout_board")
    return render(request, "tiering/rollout_plan.html", {"form": form})


def planned_before(request, branches) -> dict:
    """The days of the branch named in the address, which is chosen then."""
    named = next((each for each in branches if each.code == request.GET.get("branch")), None)
    found = rollout_of(named) if named else None
    if found is None or found.plan is None:
        return {"branches": [named.code]} if named else {}
    days = {name: line.row.due_on for name, line in zip(PlanForm.DAYS, found.steps, strict=False)}
    return days | {"go_live_on": found.plan.go_live_on, "branches": [named.code]}


def planned(form: PlanForm, branches, *, by) -> bool:
    if not form.is_valid():
        return False
    typed = form.cleaned_data
    chosen = [each for each in branches if each.code in set(typed["branches"])]
    try:
        plan_rollout(branches=chosen, days=PlannedDays(**{name: typed[name] for name in form.DAYS}), by=by)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
    except DomainError as refusal:
        form.add_error(None, refusal.as_dict()["message"])
    else:
        return True
    return False


@requires(KEEP_ROSTERS)
@sheets_from_replica
@require_POST
def export_rollout(request):
    with one_moment():
        found = rollouts(roster_branches(request.user))
        title = _("Rollout plan")
        name = f"{title}-{timezone.localdate():%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(), map(sheet_row, found), facts(request.user))
    note_rollout_export(branches=len(found), by=request.user)
    return sheet


def columns() -> list[SheetColumn]:
    found = [SheetColumn(_("Branch"), width=22), SheetColumn(_("Go-live on"), "date", 12)]
    for step in RolloutStepKind:
        found += [
            SheetColumn(_("Step %(step)s due") % {"step": int(step)}, "date", 14),
            SheetColumn(_("Step %(step)s state") % {"step": int(step)}, width=26),
        ]
    return [*found, SheetColumn(_("Without owner"), "whole")]


def sheet_row(each: BranchRollout) -> list:
    found = [str(each.branch), each.plan and each.plan.go_live_on]
    for line in each.steps or [None] * len(RolloutStepKind):
        found += [line.row.due_on, step_words(line)] if line else [None, _("not planned")]
    return [*found, each.unowned]


def facts(staff) -> list[tuple[str, str]]:
    return [
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
