"""What is done with a hand-over; a refusal comes back as its page, with the words of the refusal at the top."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tellerdesk.core.access import leads_here, requires
from tellerdesk.core.errors import DomainError, FieldErrors
from tiering.enums import Tier
from tiering.forms.handing_over import ReasonForm
from tiering.selectors.hand_over_file import QUEUE as TO_QUEUE
from tiering.selectors.leavers import HAND_OVER
from tiering.services.hand_over_changes import QUEUE, change_receivers, change_tier
from tiering.services.hand_over_deciding import approve_hand_over, return_hand_over
from tiering.services.hand_over_undoing import undo_hand_over
from tiering.services.handing_over import split_hand_over, submit_hand_over, withdraw_hand_over
from tiering.views.hand_over_list import shown_fresh
from tiering.views.hand_overs import hand_over_or_404, shown

ROW = "row_"


@requires(HAND_OVER)
@require_POST
def split(request, pk):
    """By rule, or a whole tier to one person or to the queue."""
    receiver, tier = request.POST.get("receiver", ""), tier_of(request.POST.get("tier", ""))
    if tier is None:
        return acted(request, pk, split_hand_over, _("The customers are split anew."), receiver=receiver)
    to = QUEUE if receiver == TO_QUEUE else receiver or "-"
    return acted(request, pk, change_tier, _("The tier is changed by hand."), tier=tier, receiver=to)


def tier_of(code: str) -> Tier | None:
    return next((each for each in Tier if each.code == code), None)


@requires(HAND_OVER)
@require_POST
def change_rows(request, pk):
    """Single customers of the page; back to the same page of the list."""
    receivers = {
        name.removeprefix(ROW): QUEUE if value == TO_QUEUE else value or "-"
        for name, value in request.POST.items()
        if name.startswith(ROW)
    }
    return acted(request, pk, change_receivers, _("The receivers are changed."), receivers=receivers)


@requires(HAND_OVER)
@require_POST
def submit(request, pk):
    return acted(request, pk, submit_hand_over, _("Sent to a second person."))


@requires(HAND_OVER)
@require_POST
def withdraw(request, pk):
    return acted(request, pk, withdraw_hand_over, _("The hand-over was withdrawn."))


@requires(HAND_OVER)
@require_POST
def decide(request, pk):
    """Approved, the list follows, ready to print."""
    if request.POST.get("do") == "approve":
        return acted(request, pk, approve_hand_over, _("The customers are handed over."), onward=shown_fresh)
    reason = request.POST.get("reason", "")
    return acted(request, pk, return_hand_over, _("Returned to the maker."), reason=reason)


@requires(HAND_OVER)
@require_POST
def undo(request, pk):
    reason = request.POST.get("reason", "")
    return acted(request, pk, undo_hand_over, _("The hand-over is undone."), reason=reason)


def acted(request, pk: int, service, said: str, *, onward=None, **arguments):
    found = hand_over_or_404(request, pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    if "reason" in arguments:
        arguments |= form.typed(["reason"])
    try:
        service(hand_over=found, **arguments, by=request.user)
    except FieldErrors as refusal:
        form.add_refusal(named(refusal.errors))
    except DomainError as refusal:
        form.add_error(None, refusal.as_dict()["message"])
    if form.errors:
        return shown(request, hand_over_or_404(request, pk), form)
    messages.success(request, said)
    return onward(request, pk) if onward else back(request, pk)


def back(request, pk: int):
    """To the page of the list where one was."""
    answer = redirect("tiering:hand_over", pk=pk)
    onward = request.POST.get("onward", "")
    return (
        redirect(f"{answer.url}{onward}") if onward[:1] == "?" and leads_here(request, answer.url + onward) else answer
    )


def named(errors: dict) -> dict:
    """A refusal about a single customer says which."""
    return {
        name if name == "reason" else "__all__": [
            (code, text if name in ("reason", "receiver", "tier") else f"{name} {text}") for code, text in found
        ]
        for name, found in errors.items()
    }
