"""1003: a check for a business, its record, and the register of all checks of a day."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from customers.enums import Business, CheckDecision
from customers.forms.checking import CheckForm
from customers.selectors.checks import check_seen_by, checks_of_day, outcomes_of
from customers.services import decide_check, drop_draft
from customers.views.checking_in_form import around_the_check, panel_of
from customers.views.drafting import restored, saved_at
from customers.views.faults import wrong_with_check
from customers.views.keeping import keeps_typed, mark
from customers.views.looking import looked_up
from customers.views.opening import EIGHTEEN
from customers.views.paging import after, day_of
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
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
    """The same, with name and document of a customer who still owes a check."""
    customer = looked_up(request, customer_number)
    document = customer.documents.primary().get()
    initial = {
        "business": Business.RECHECK,
        "name": customer.name,
        "document_type": document.document_type,
        "document_number": document.number,
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


def shown(request, form):
    context = {
        "form": form,
        "panel": panel_of(form, by=request.user),
        "saved": saved_at(request, CHECK_IDENTITY),
        "lengths": EIGHTEEN,
        "typed_by": mark(request, CHECK_IDENTITY),
    }
    return render(request, "customers/check_identity.html", context | around_the_check(request))


@requires("customers.list_checks")
@require_GET
def check_detail(request, pk):
    check = check_seen_by(request.user, pk)
    if check is None:
        raise Http404
    return render(request, "customers/check.html", {"check": check, "papers": check.auxiliary_papers.order_by("pk")})


@requires("customers.list_checks")
@require_GET
def check_register(request):
    day = day_of(request) or timezone.localdate()
    checks = checks_of_day(request.user, day)
    rows, following = keyset_page(checks, after=after(request))
    context = {"day": day, "rows": rows, "counts": outcomes_of(checks)}
    context |= {"query": f"?day={day:%Y-%m-%d}", "following": following}
    return render(request, "customers/check_register.html", context)
