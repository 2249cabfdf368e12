"""1010: suspension, reinstatement and closure, asked for at the counter."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from customers.errors import RequestPending
from customers.forms.standing import StandingForm
from customers.models import Customer
from customers.selectors.file import customer_file
from customers.services import ask_for_standing
from customers.views.looking import Way, looked_up, sought
from customers.views.receipts import shown_fresh
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors


@requires("customers.amend_customer")
def standing_start(request):
    return sought(request, Way("1010", _("Suspend, reinstate, close"), "customers:standing"))


@requires("customers.amend_customer")
def standing(request, customer_number):
    customer = looked_up(request, customer_number)
    if customer.customer_number != customer_number:
        return redirect("customers:file", customer_number=customer.customer_number)
    form = StandingForm(request.POST or None, status=customer.status)
    if request.method == "POST" and form.is_valid():
        try:
            return asked(request, customer, form)
        except FieldErrors as error:
            form.add_refusal(error.errors)
        except RequestPending:
            pass  # the page says so above the form, with the way to the request
        except DomainError as error:
            form.add_refusal({"__all__": [(error.code, error.as_dict()["message"])]})
    context = {"form": form, "file": customer_file(customer, as_of=today())}
    return render(request, "customers/standing.html", context)


def asked(request, customer: Customer, form: StandingForm):
    amendment = ask_for_standing(
        customer=customer,
        kind=form.cleaned_data["kind"],
        reason=form.cleaned_data["reason"].strip(),
        by=request.user,
    )
    receipt = amendment.receipts.first()
    return shown_fresh(request, receipt) if receipt else redirect("customers:my_requests")
