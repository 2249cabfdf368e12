"""2003: a version drafted, revised, submitted or discarded."""

from dataclasses import replace
from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tiering.enums import PolicyStatus
from tiering.forms.deciding import DiscardDraftForm
from tiering.forms.policy import PolicyForm
from tiering.models import TierPolicy
from tiering.rules.policy_content import differences
from tiering.rules.policy_draft import Draft
from tiering.selectors.policies import Drawn, Version, policy_versions
from tiering.services import discard_draft as discard
from tiering.services import draft_policy, revise_draft, submit_policy
from tiering.views.policy import DRAFT, found, frame, page_of

SUBMIT, ROW = "submit", "row"


@requires(DRAFT)
@require_http_methods(["GET", "POST"])
def new_draft(request):
    """On the ground of the version in force, or of another one: `?from=3`."""
    versions = policy_versions(request.user, today())
    ground = found(versions, _number(request.GET.get("from")))
    draft = replace(ground.draft, effective_from=first_of_next_month(today()), note="")
    return edited(request, versions, draft)


@requires(DRAFT)
@require_http_methods(["GET", "POST"])
def edit_draft(request, version):
    versions = policy_versions(request.user, today())
    shown = found(versions, version)
    if shown.row.status != PolicyStatus.DRAFT:
        return redirect("tiering:policy_version", version=version)
    return edited(request, versions, shown.draft, shown)


@requires(DRAFT)
@require_POST
def discard_draft(request, version):
    shown = found(policy_versions(request.user, today()), version)
    form = DiscardDraftForm(request.POST)
    if form.is_valid():
        try:
            discard(policy=shown.row, by=request.user, **form.typed(("reason", "revision")))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is discarded; its number is not used again."))
            return redirect("tiering:policy_version", version=version)
    versions = policy_versions(request.user, today())
    return render(request, "tiering/policy.html", page_of(request, versions, found(versions, version), form=form))


@requires(DRAFT)
@require_POST
def draw_line(request):
    """The number line of what is typed, for whoever has a script; nothing while it cannot be read."""
    versions = policy_versions(request.user, today())
    form = PolicyForm(request.POST, draft=versions[0].draft)
    if not form.is_valid():
        return HttpResponse(status=204)
    drawn = [versions[0], drawn_of(form.draft, _number(request.POST.get("version")) or 0)]
    return render(request, "tiering/policy_line.html", {"drawn": drawn})


def edited(request, versions: list[Version], draft: Draft, shown: Version | None = None):
    in_force = versions[0]
    form = PolicyForm(request.POST or None, draft=draft, revision=shown.revision if shown else None)
    is_readable = form.is_valid()
    typed = form.draft if form.is_bound else draft
    if is_readable and request.POST.get("do") != ROW:
        policy = written(request, form, shown)
        if policy is not None:
            return redirect(address_after(request), version=policy.version)
    changes = differences(in_force.draft, typed)
    form.changed = frozenset(each.key for each in changes)
    number = shown.version if shown else max(each.version for each in versions) + 1
    context = {
        **frame(request, versions, shown),
        "shown": shown,
        "number": number,
        "form": form,
        "drawn": [in_force, drawn_of(typed, number)],
        "differences": changes,
    }
    if request.POST.get("do") == ROW:
        form.silence()
    return render(request, "tiering/policy_edit.html", context)


def written(request, form: PolicyForm, shown: Version | None) -> TierPolicy | None:
    """Kept, and submitted where that was asked for: both or none. None where the service refused."""
    submits = request.POST.get("do") == SUBMIT
    try:
        with transaction.atomic():
            policy = saved(form, shown, by=request.user)
            if submits:
                submit_policy(policy=policy, by=request.user)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
        return None
    except DomainError as refusal:
        form.add_error(None, refusal.as_dict()["message"])
        return None
    messages.success(request, _("Submitted for approval.") if submits else _("The draft is kept."))
    return policy


def saved(form: PolicyForm, shown: Version | None, *, by) -> TierPolicy:
    if shown is None:
        return draft_policy(given=form.draft, by=by)
    revision = form.cleaned_data["revision"] or 0
    return revise_draft(policy=shown.row, given=form.draft, revision=revision, by=by)


def address_after(request) -> str:
    return "tiering:policy_version" if request.POST.get("do") == SUBMIT else "tiering:edit_draft"


def drawn_of(draft: Draft, number: int) -> Drawn:
    return Drawn(number, str(PolicyStatus.DRAFT.label), draft.rules(number))


def first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _number(text: str | None) -> int | None:
    """None for whatever is no number of a version: then it is the one in force."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
