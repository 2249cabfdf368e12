"""1006: two numbers of one person become one, and what has become of a number that was merged."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.errors import LookupNotAllowed
from customers.forms.merging import MergeForm, PersonForm, UndoForm
from customers.messages import message
from customers.models import Customer, Merge
from customers.rules.merging import may_merge
from customers.selectors.merging import comparison, merge_facts, merge_of, older_first
from customers.services import ask_for_merge, ask_for_undo, drop_draft, look_up
from customers.services.looking import note_look
from customers.services.merging import MERGE_CUSTOMERS
from customers.services.undoable import obstacles_to
from customers.views.drafting import restored
from customers.views.keeping import keeps_typed, mark
from customers.views.looking import reachable_or_404
from customers.views.receipts import shown_fresh
from tellerdesk.core.access import requires
from tellerdesk.core.errors import DomainError, FieldErrors

REQUEST_MERGE = "customers.request_merge"
IN_HAND = "merging"  # both numbers, once looked up
SIDES = ("first", "second")
NOBODY = "unknown"


@requires(REQUEST_MERGE)
def merge_start(request):
    """Both are looked up, and logged, before they stand side by side."""
    sent = request.POST if request.method == "POST" else None
    forms = {side: PersonForm(sent, prefix=side) for side in SIDES}
    if forms["first"].is_bound:
        people = [found(form, by=request.user) for form in forms.values()]
        if all(people) and people[0] == people[1]:
            refuse(forms["second"], "same_customer")
        elif all(people):
            survivor, absorbed = older_first(*people)
            return side_by_side(request, survivor, absorbed)
    wrong = [form for form in forms.values() if form.is_bound and form.errors]
    context = {"forms": forms, "wrong": wrong, "form": next(iter(wrong), None)}
    return render(request, "customers/merge_start.html", context)


def found(form: PersonForm, *, by) -> Customer | None:
    form.is_valid()
    form.refuse_empty()
    if form.errors:
        return None
    try:
        customer = look_up(**form.key(), by=by)
    except LookupNotAllowed:
        customer = None
    if customer is None:
        refuse(form, NOBODY)
    return customer


def refuse(form: PersonForm, code: str) -> None:
    field = "customer_number" if "customer_number" in form.key() else "document_number"
    form.add_refusal({field: [(code, message(code))]})


def side_by_side(request, survivor: Customer, absorbed: Customer):
    request.session[IN_HAND] = sorted((survivor.customer_number, absorbed.customer_number))
    return redirect("customers:merge", survivor=survivor.customer_number, absorbed=absorbed.customer_number)


@keeps_typed
@requires(REQUEST_MERGE)
def merge(request, survivor, absorbed):
    people = [in_hand(request, number, (survivor, absorbed)) for number in (survivor, absorbed)]
    request.session[IN_HAND] = sorted((survivor, absorbed))
    draft = restored(request, MERGE_CUSTOMERS, about=survivor)
    form = MergeForm(request.POST if request.method == "POST" else None, initial=draft)
    if form.is_bound and form.is_valid():
        try:
            return asked(request, form, survivor, absorbed)
        except FieldErrors as error:
            form.add_refusal(error.errors)
        except DomainError as error:
            form.add_refusal({"__all__": [(error.code, error.as_dict()["message"])]})
    context = {
        "form": form,
        "compared": comparison(*people, form.choices),
        "typed_by": mark(request, MERGE_CUSTOMERS, about=survivor),
        "may_merge": may_merge(*(each.status for each in people)) and survivor != absorbed,
    }
    return render(request, "customers/merge.html", context)


def in_hand(request, number: str, both: tuple[str, str]) -> Customer:
    """A look of its own unless both have just been looked up. 404 beyond the legal entity."""
    customer = reachable_or_404(request, number)
    if request.session.get(IN_HAND) != sorted(both):
        note_look(customer, number, by=request.user)
    return customer


def asked(request, form: MergeForm, survivor: str, absorbed: str):
    evidence = form.cleaned_data["evidence"]
    amendment = ask_for_merge(
        survivor=survivor, absorbed=absorbed, evidence=evidence, choices=form.choices, by=request.user
    )
    drop_draft(transaction_code=MERGE_CUSTOMERS, about=survivor, by=request.user)
    receipt = amendment.receipts.first()
    return shown_fresh(request, receipt) if receipt else redirect("customers:my_requests")


@requires("customers.look_up")
@require_GET
def merged(request, customer_number):
    """Where a merged number went; whoever may ask for a merge may ask to undo it."""
    found = merge_or_404(request, customer_number)
    note_look(found.absorbed, customer_number, by=request.user)
    return shown(request, found, UndoForm())


@requires(REQUEST_MERGE)
@require_POST
def undo_merge(request, customer_number):
    found, form = merge_or_404(request, customer_number), UndoForm(request.POST)
    if form.is_valid() and undo_asked(request, found, form):
        return redirect("customers:merged", customer_number=customer_number)
    note_look(found.absorbed, customer_number, by=request.user)
    return shown(request, found, form)


def merge_or_404(request, customer_number: str) -> Merge:
    found = merge_of(reachable_or_404(request, customer_number))
    if found is None:
        raise Http404
    return found


def undo_asked(request, found: Merge, form: UndoForm) -> bool:
    try:
        ask_for_undo(merge=found, reason=form.cleaned_data["reason"].strip(), by=request.user)
    except FieldErrors as error:
        form.add_refusal(error.errors)
        return False
    except DomainError as error:
        form.add_refusal({"__all__": [(error.code, error.as_dict()["message"])]})
        return False
    messages.success(request, _("The undoing waits for the branch manager."))
    return True


def shown(request, found: Merge, form: UndoForm):
    context = {"facts": merge_facts(found), "obstacles": obstacles_to(found), "form": form}
    return render(request, "customers/merged.html", context)
