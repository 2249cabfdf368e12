"""1002: what is changed at once, and what waits for a second person."""

from django.shortcuts import redirect, render

from customers.forms.amending import BY_DOCUMENT, AmendForm
from customers.models import Customer
from customers.selectors.file import customer_file
from customers.services import amend_customer
from customers.services.amending import judged
from customers.services.filing import AMEND_CUSTOMER
from customers.views.drafting import restored, saved_at
from customers.views.keeping import keeps_typed, mark
from customers.views.looking import looked_up
from customers.views.receipts import shown_fresh
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors, Stale


@keeps_typed
@requires("customers.amend_customer")
def amend(request, customer_number):
    customer = looked_up(request, customer_number)
    if customer.customer_number != customer_number:
        return redirect("customers:file", customer_number=customer_number)
    if request.method == "POST":
        return submitted(request, customer, AmendForm(request.POST, customer=customer))
    draft = restored(request, AMEND_CUSTOMER, about=customer_number)
    return shown(request, customer, AmendForm(initial=present(customer) | draft, customer=customer))


def submitted(request, customer: Customer, form):
    form.is_valid()
    try:
        return amended(request, customer, form)
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except Stale as error:
        form.add_refusal({"__all__": [(error.code, error.message)]})
        return shown(request, customer, form, stale=True)
    except DomainError as error:
        form.add_refusal({"comes": [(error.code, error.as_dict()["message"])]})
    return shown(request, customer, form)


def amended(request, customer: Customer, form):
    asked = {"changes": form.changes(), "in_person": form.in_person, "agent": form.agent()}
    if form.errors:
        raise FieldErrors(further_faults(customer, asked))
    amendment = amend_customer(
        customer=customer,
        **asked,
        reason=form.cleaned_data["reason"].strip(),
        version=form.cleaned_data["version"],
        by=request.user,
    )
    return shown_fresh(request, amendment.receipts.get())


def further_faults(customer: Customer, asked: dict) -> dict:
    """What the service would find beside the form's own errors, so that all is told at once."""
    try:
        judged(customer, **asked | {"agent": asked["agent"] and asked["agent"].cleaned()}, version=None)
    except FieldErrors as error:
        return {field: found for field, found in error.errors.items() if field != "changes"}
    except DomainError:
        return {}
    return {}


def present(customer: Customer) -> dict:
    """What the file says now, and its version."""
    return {name: getattr(customer, name) for name in AmendForm.base_fields if hasattr(customer, name)}


def shown(request, customer: Customer, form, *, stale: bool = False):
    """After a stale refusal the form carries the present version, so that sending it again is a decision."""
    context = {
        "form": form,
        "file": customer_file(customer, as_of=today()),
        "by_document": BY_DOCUMENT,
        "changed_since": changed_since(customer, form) if stale else [],
        "version": customer.version if stale or not form.is_bound else form["version"].value(),
        "saved": saved_at(request, AMEND_CUSTOMER, about=customer.customer_number),
        "typed_by": mark(request, AMEND_CUSTOMER, about=customer.customer_number),
    }
    return render(request, "customers/amend.html", context)


def changed_since(customer: Customer, form) -> list[tuple]:
    """Field and the value on file where what was typed differs from it."""
    return [
        (field, getattr(customer, f"get_{field.name}_display", lambda name=field.name: getattr(customer, name))())
        for field in form.change_fields
        if (field.value() or "") != getattr(customer, field.name)
    ]
