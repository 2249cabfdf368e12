"""1003: a check for a business."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from customers.enums import Business, CheckDecision
from customers.forms.checking import CheckForm
from customers.services import decide_check, drop_draft, take_up_check
from customers.views.check_record import found_check
from customers.views.checking_in_form import around_the_check, panel_of
from customers.views.drafting import restored, saved_at
from customers.views.faults import wrong_with_check
from customers.views.keeping import keeps_typed, mark
from customers.views.looking import looked_up
from customers.views.opening import EIGHTEEN
from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError, FieldErrors

CHECK_IDENTITY = "1003"


@keeps_typed
@requires("customers.check_identity")
def check_identity_form(request):
    if request.method == "POST":
        return submitted(request, CheckForm(request.POST))
    return shown(request, CheckForm(initial=restored(request, CHECK_IDENTITY)))


@requires("customers.check_identity")
@require_GET
def check_customer(request, customer_number):
    """The same, with name and document of a customer; a check made up only where one is owed."""
    customer = looked_up(request, customer_number)
    document = customer.documents.primary().get()
    initial = {
        "name": customer.name,
        "document_type": document.document_type,
        "document_number": document.number,
    }
    if customer.checks.owed().exists():
        initial["business"] = Business.RECHECK
    return shown(request, CheckForm(initial=initial), customer=customer)


@requires("customers.check_identity")
@require_POST
def check_again(request, pk):
    """The same for somebody who is no customer: an agent, or whose business was never finished. A look, recorded."""
    check = take_up_check(check=found_check(request, pk), by=request.user)
    initial = {
        "business": Business.RECHECK,
        "name": check.name,
        "document_type": check.document_type,
        "document_number": check.number,
    }
    return shown(request, CheckForm(initial=initial))


def submitted(request, form):
    form.is_valid()
    panel = panel_of(form, by=request.user)
    form.add_refusal(wrong_with_check(form, panel))
    if form.errors:
        return shown(request, form)
    try:
        check = decide_check(
            check=panel.check,
            decision=form.cleaned_data["decision"] or CheckDecision.PROCEED,
            evidence=panel.evidence,
            reason=form.cleaned_data["refusal_reason"],
            by=request.user,
        )
    except FieldErrors as error:
        form.add_refusal(error.errors)
        return shown(request, form)
    except DomainError as error:
        form.add_refusal({"identity_check": [(error.code, error.as_dict()["message"])]})
        return shown(request, form)
    drop_draft(transaction_code=CHECK_IDENTITY, by=request.user)
    return redirect("customers:check", pk=check.pk)


def shown(request, form, customer=None):
    context = {
        "customer": customer,
        "form": form,
        "panel": panel_of(form, by=request.user),
        "saved": saved_at(request, CHECK_IDENTITY),
        "lengths": EIGHTEEN,
        "typed_by": mark(request, CHECK_IDENTITY, address=reverse("customers:check_identity")),
    }
    return render(request, "customers/check_identity.html", context | around_the_check(request))
