"""2003 分层政策: the versions, read, and the decision on what waits."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError
from tiering.enums import PolicyStatus
from tiering.forms.deciding import DecidePolicyForm, DiscardDraftForm, ReadForm
from tiering.rules.policy_content import differences
from tiering.selectors.policies import Version, policy_versions
from tiering.services import approve_policy, return_policy

SHOWN = 6
DRAFT, APPROVE, TRY = "tiering.draft_policy", "tiering.approve_policy", "tiering.try_policy"


@requires("tiering.read_policy")
@require_GET
def policy(request, version=None):
    versions = policy_versions(request.user, today())
    return render(request, "tiering/policy.html", page_of(request, versions, found(versions, version)))


@requires(APPROVE)
@require_POST
def decide_policy(request, version):
    versions = policy_versions(request.user, today())
    shown = found(versions, version)
    form = DecidePolicyForm(request.POST)
    if form.is_valid() and carried_out(form, shown, by=request.user):
        messages.success(request, _("The policy is approved.") if form.is_approval else _("Returned to a draft."))
        return redirect("tiering:policy_version", version=version)
    context = page_of(request, policy_versions(request.user, today()), shown, form=form)
    return render(request, "tiering/policy.html", context)


def carried_out(form: DecidePolicyForm, shown: Version, *, by) -> bool:
    """False where the service refused; the form then says why."""
    try:
        if form.is_approval:
            approve_policy(policy=shown.row, revision=form.cleaned_data["revision"], by=by)
        else:
            return_policy(policy=shown.row, by=by, **form.typed(("reason", "revision")))
    except DomainError as refusal:
        form.refuse(refusal)
    return not form.errors


def found(versions: list[Version], version: int | None) -> Version:
    shown = next((each for each in versions if version in (None, each.version)), None)
    if shown is None:
        raise Http404
    return shown


def page_of(request, versions: list[Version], shown: Version, form: ReadForm | None = None) -> dict:
    """`form` decides on what waits, and discards a draft."""
    in_force, user = versions[0], request.user
    waits = shown.row.status == PolicyStatus.SUBMITTED
    made = DecidePolicyForm if waits else DiscardDraftForm
    return {
        **frame(request, versions, shown),
        "shown": shown,
        "drawn": [in_force] if shown.in_force else [in_force, shown],
        "differences": [] if shown.in_force else differences(in_force.draft, shown.draft),
        "may_draft": user.has_perm(DRAFT),
        "may_try": user.has_perm(TRY) and not shown.is_discarded,
        "may_revise": shown.row.status == PolicyStatus.DRAFT and user.has_perm(DRAFT),
        "may_decide": waits and user.has_perm(APPROVE),
        "is_own": waits and shown.is_of(user),
        "form": form or made(initial={"revision": shown.revision}),
    }


def frame(request, versions: list[Version], shown: Version | None) -> dict:
    """The row of versions above the page, the newest last; `?all=1` shows those of long ago and the discarded too."""
    rows = sorted(versions, key=lambda each: each.version)
    newest = {each.version for each in [each for each in rows if not each.is_discarded][-SHOWN:]}
    kept = [each for each in rows if each.version in newest or each.in_force or each is shown]
    return {"versions": rows if request.GET.get("all") else kept, "in_force": versions[0], "all_versions": len(rows)}
