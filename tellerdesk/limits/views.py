"""9002: the bank's limits, asked for by one person of head office and put in force by another."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.limits.enums import ChangeStatus
from tellerdesk.limits.forms import DecideLimitForm, LimitForm
from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.selectors import decided_lately, found_change, limit_groups, limit_line
from tellerdesk.limits.services import approve_limit, ask_for_limit, reject_limit, withdraw_limit


@requires("limits.read_limits")
@require_GET
def limit_list(request):
    context = {"groups": limit_groups(request.user.legal_entity_id), "decided": decided_lately(request.user)}
    return render(request, "limits/limit_list.html", context)


@requires("limits.change_limits")
@require_http_methods(["GET", "POST"])
def change_limit(request, name):
    line = limit_line(name, request.user.legal_entity_id)
    if line is None:
        raise Http404
    form = LimitForm(request.POST or None)
    if asked(form, name, by=request.user):
        messages.success(request, _("Sent to a second person."))
        return redirect("limits:limit_list")
    return render(request, "limits/change_limit.html", {"line": line, "form": form})


def asked(form: LimitForm, name: str, *, by) -> bool:
    """The service is asked without a reason too: it says what is wrong with the value besides."""
    form.is_valid()
    if not form.is_bound or "value" in form.errors:
        return False
    value, reason = form.cleaned_data["value"], form.cleaned_data.get("reason", "")
    return carried_out(form, ask_for_limit, name=name, value=value, reason=reason, by=by)


@requires("limits.approve_limits")
@require_http_methods(["GET", "POST"])
def decide_limit(request, pk):
    change = change_or_404(request, pk)
    form = DecideLimitForm(request.POST or None)
    if form.is_valid() and decided(request, form, change):
        return redirect("limits:limit_list")
    context = {
        "change": change,
        "form": form,
        "is_own": change.maker_id == request.user.pk,
        "is_open": change.status == ChangeStatus.PENDING,
    }
    return render(request, "limits/decide_limit.html", context)


@requires("limits.change_limits")
@require_POST
def withdraw_change(request, pk):
    withdraw_limit(change=change_or_404(request, pk), by=request.user)
    messages.success(request, _("The change was withdrawn."))
    return redirect("limits:limit_list")


def decided(request, form: DecideLimitForm, change: LimitChange) -> bool:
    if form.is_approval:
        done = carried_out(form, approve_limit, change=change, by=request.user)
        said = _("The new value is in force.")
    else:
        done = carried_out(form, reject_limit, change=change, reason=form.cleaned_data["reason"], by=request.user)
        said = _("Returned to the maker.")
    if done:
        messages.success(request, said)
    return done


def carried_out(form, service, **arguments) -> bool:
    """False where the service refused; the form then says why."""
    try:
        service(**arguments)
    except FieldErrors as refusal:
        form.refuse(refusal.errors)
    except DomainError as refusal:
        form.add_error(None, refusal.as_dict()["message"])
    return not form.errors


def change_or_404(request, pk: int) -> LimitChange:
    change = found_change(request.user, pk)
    if change is None:
        raise Http404
    return change
