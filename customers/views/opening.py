"""1001: open an individual customer."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from customers.enums import CheckDecision, DocumentType
from customers.errors import AgentNotVerified, CustomerExists
from customers.forms.opening import OpeningForm
from customers.rules.documents import CITIZEN_NUMBER_TYPES
from customers.services import check_agent, decide_check, drop_draft, keep_draft, open_customer
from customers.services.opening import OPEN_CUSTOMER
from customers.views.answering import answered
from customers.views.checking_in_form import around_the_check, panel_of
from customers.views.drafting import restored, saved_at
from customers.views.faults import everything_wrong, wrong_with_check
from customers.views.keeping import keeps_typed, mark, typed_fields
from customers.views.receipts import shown_fresh
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors

EIGHTEEN = {kind.value: 18 for kind in CITIZEN_NUMBER_TYPES | {DocumentType.HMT_RESIDENCE_PERMIT}}


@keeps_typed
@requires("customers.open_customer")
def open_customer_form(request):
    if request.method == "POST":
        return submitted(request, OpeningForm(request.POST))
    return shown(request, OpeningForm(initial=restored(request, OPEN_CUSTOMER)))


def submitted(request, form):
    form.is_valid()
    panel = panel_of(form, by=request.user)
    act = ACTS.get(form.cleaned_data["decision"], opened)
    try:
        return act(request, form, panel)
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except CustomerExists as error:
        form.add_refusal({"document_number": [(error.code, error.as_dict()["message"])]})
        return shown(request, form, known=error.context["customer_number"])
    except AgentNotVerified as error:
        form.add_refusal({"agent.document_number": [(error.code, error.as_dict()["message"])]})
    except DomainError as error:
        form.add_refusal({"identity_check": [(error.code, error.as_dict()["message"])]})
    return shown(request, form)


def opened(request, form, panel):
    """The agent is asked about first, and stays recorded whatever becomes of the opening."""
    refuse(form, everything_wrong(form, panel))
    entered = form.particulars()
    agent_check = check_agent(agent=entered.agent, by=request.user) if entered.agent else None
    with transaction.atomic():
        check = decided(request, form, panel)
        opening = open_customer(check_id=check.pk, particulars=entered, agent_check=agent_check, by=request.user)
    return shown_fresh(request, opening.receipt)


@transaction.atomic
def held(request, form, panel):
    """The draft stays: the customer comes back with the police's answer."""
    refuse(form, wrong_with_check(form, panel))
    check = decided(request, form, panel)
    keep_draft(transaction_code=OPEN_CUSTOMER, fields=typed_fields(request), by=request.user)
    due = {"day": check.follow_up_due_on.isoformat()}
    messages.success(request, _("Waiting for the police until %(day)s. What was entered stays as a draft.") % due)
    return redirect("home")


@transaction.atomic
def refused(request, form, panel):
    refuse(form, wrong_with_check(form, panel))
    decided(request, form, panel)
    drop_draft(transaction_code=OPEN_CUSTOMER, by=request.user)
    messages.success(request, _("The refusal waits for review by a second person."))
    return redirect("customers:my_requests")


ACTS = {CheckDecision.HOLD_PENDING_POLICE: held, CheckDecision.REFUSE: refused}


def refuse(form, wrong: dict) -> None:
    if wrong or form.errors:
        raise FieldErrors(wrong)


def decided(request, form, panel):
    """Where nothing has to be decided, that the teller went on."""
    return decide_check(
        check=panel.check,
        decision=form.cleaned_data["decision"] or CheckDecision.PROCEED,
        evidence=panel.evidence,
        reason=form.cleaned_data["refusal_reason"],
        by=request.user,
    )


def shown(request, form, *, known: str = ""):
    document_type, number = form.typed_document
    answer = answered(document_type, number) if document_type in DocumentType.values else None
    form.lock(answer.locked if answer else ())
    context = {
        "form": form,
        "answer": answer,
        "known_number": known,
        "saved": saved_at(request, OPEN_CUSTOMER),
        "panel": panel_of(form, by=request.user),
        "lengths": EIGHTEEN,
        "typed_by": mark(request, OPEN_CUSTOMER),
        "as_of": today(),
    }
    return render(request, "customers/open_customer.html", context | around_the_check(request))
