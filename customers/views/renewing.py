"""1005 证件更新: a document renewed, changed or added, and what comes by it; the customer is there with it."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.enums import Business, CheckDecision, DocumentType
from customers.errors import CustomerExists
from customers.forms.renewing import RenewForm
from customers.models import Customer
from customers.selectors.file import customer_file
from customers.services import add_document, amend_customer, drop_draft, keep_draft
from customers.services.amended import identity_on_file
from customers.services.amending import LIVE
from customers.services.filing import UPDATE_DOCUMENTS
from customers.views.amending import further_faults
from customers.views.answering import answered
from customers.views.checking_in_form import around_the_check, panel_of
from customers.views.drafting import restored, saved_at
from customers.views.faults import wrong_with_check
from customers.views.keeping import keeps_typed, mark, typed_fields
from customers.views.looking import Way, looked_up, sought
from customers.views.opening import EIGHTEEN, decided, refuse
from customers.views.receipts import shown_fresh
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors, Stale


@requires("customers.amend_customer")
def renew_start(request):
    return sought(request, Way(UPDATE_DOCUMENTS, _("Update documents"), "customers:renew"))


@keeps_typed
@requires("customers.amend_customer")
def renew(request, customer_number):
    customer = looked_up(request, customer_number)
    if customer.customer_number != customer_number:
        return redirect("customers:renew", customer_number=customer.customer_number)
    if request.method == "POST":
        return submitted(request, customer, RenewForm(request.POST))
    draft = restored(request, UPDATE_DOCUMENTS, about=customer_number)
    return shown(request, customer, RenewForm(initial=on_file(customer) | draft))


def submitted(request, customer: Customer, form: RenewForm):
    form.is_valid()
    panel = panel_of(form, by=request.user)
    act = ACTS.get(form.cleaned_data["decision"], sent)
    try:
        with transaction.atomic():
            return act(request, customer, form, panel)
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except Stale as error:
        form.add_refusal({"__all__": [(error.code, error.message)]})
        return shown(request, customer, form, stale=True)
    except CustomerExists as error:
        form.add_refusal({"document_number": [(error.code, error.as_dict()["message"])]})
    except DomainError as error:
        form.add_refusal({"__all__": [(error.code, error.as_dict()["message"])]})
    return shown(request, customer, form)


def sent(request, customer: Customer, form: RenewForm, panel):
    """Without a check only what takes none; the service knows."""
    further = further_faults(customer, as_asked(form)) if form.errors and not form.adds else {}
    refuse(form, further | (wrong_with_check(form, panel) if panel else {}))
    check = panel and decided(request, form, panel)
    typed = form.cleaned_data
    asked = {
        "customer": customer,
        "in_person": True,
        "check_id": check and check.pk,
        "reason": typed["reason"].strip(),
        "version": typed["version"],
        "by": request.user,
    }
    if form.adds:
        request_made = add_document(further=form.further(), **asked)
    else:
        request_made = amend_customer(changes=form.changes(), **asked)
    return shown_fresh(request, request_made.receipts.get())


def as_asked(form: RenewForm) -> dict:
    return {"changes": form.changes(), "in_person": True, "agent": None}


def held(request, customer: Customer, form: RenewForm, panel):
    """The draft stays: the customer comes back with the police's answer."""
    refuse(form, wrong_with_check(form, panel))
    check = decided(request, form, panel)
    fields = typed_fields(request)
    keep_draft(transaction_code=UPDATE_DOCUMENTS, about=customer.customer_number, fields=fields, by=request.user)
    due = {"day": check.follow_up_due_on.isoformat()}
    messages.success(request, _("Waiting for the police until %(day)s. What was entered stays as a draft.") % due)
    return redirect("customers:file", customer_number=customer.customer_number)


def refused(request, customer: Customer, form: RenewForm, panel):
    refuse(form, wrong_with_check(form, panel))
    decided(request, form, panel)
    drop_draft(transaction_code=UPDATE_DOCUMENTS, about=customer.customer_number, by=request.user)
    messages.success(request, _("The refusal waits for review by a second person."))
    return redirect("customers:my_requests")


ACTS = {CheckDecision.HOLD_PENDING_POLICE: held, CheckDecision.REFUSE: refused}


def on_file(customer: Customer) -> dict:
    """What the file says now. The period is that of the old document, so it is asked for anew."""
    now = vars(identity_on_file(customer))
    return now | {"valid_from": None, "valid_until": None, "long_term": False}


def shown(request, customer: Customer, form: RenewForm, *, stale: bool = False):
    """After a stale refusal the form carries the present version, so that sending it again is a decision."""
    document_type, number = form.typed_document
    context = {
        "form": form,
        "file": customer_file(customer, as_of=today()),
        "answer": answered(document_type, number) if form.is_bound and document_type in DocumentType.values else None,
        "panel": panel_of(form, by=request.user),
        "business": Business.AMENDMENT,
        "version": customer.version if stale or not form.is_bound else form["version"].value(),
        "saved": saved_at(request, UPDATE_DOCUMENTS, about=customer.customer_number),
        "typed_by": mark(request, UPDATE_DOCUMENTS, about=customer.customer_number),
        "lengths": EIGHTEEN,
        "may_renew": customer.status in LIVE,
    }
    return render(request, "customers/renew.html", context | around_the_check(request))
