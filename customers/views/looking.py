"""1004: one customer by number or by document, and the file that was looked up."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.errors import LookupNotAllowed
from customers.forms.lookup import DocumentLookupForm, NumberLookupForm
from customers.models import Customer
from customers.selectors.expiring import standing_of
from customers.selectors.file import customer_file, looks_at
from customers.selectors.file_parts import checks_of, recent_history
from customers.selectors.images import pictured
from customers.services import held_draft, keep_draft, look_up
from customers.services.looking import reachable
from customers.services.opening import OPEN_CUSTOMER
from customers.views.drafting import saved_words
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors

JUST_LOOKED, IN_HAND = "just_looked", "in_hand"
FORMS = {"number": NumberLookupForm, "document": DocumentLookupForm}


@dataclass(frozen=True)
class Way:
    """What is done with a customer once found: code and title of the transaction, and the page it leads to."""

    code: str
    title: str
    leads_to: str


@requires("customers.look_up")
def lookup(request):
    return sought(request, Way("1004", _("Customer look-up"), "customers:file"))


@requires("customers.amend_customer")
def amend_start(request):
    return sought(request, Way("1002", _("Amend customer information"), "customers:amend"))


def sought(request, way: Way):
    forms = {name: form(auto_id=f"id_{name}_%s") for name, form in FORMS.items()}
    context = {"forms": forms, "way": way}
    if request.method == "POST":
        chosen = "document" if "document_type" in request.POST else "number"
        forms[chosen] = form = FORMS[chosen](request.POST, auto_id=f"id_{chosen}_%s")
        customer = found(form, by=request.user)
        if customer:
            request.session[IN_HAND] = customer.customer_number
            if way.leads_to == "customers:file":
                request.session[JUST_LOOKED] = customer.customer_number
            return redirect(way.leads_to, customer_number=customer.customer_number)
        context |= {"form": form} if form.errors else missed(request, form)
    return render(request, "customers/lookup.html", context)


def found(form, *, by) -> Customer | None:
    form.is_valid()
    form.refuse_empty()
    if form.errors:
        return None
    try:
        return look_up(**form.key(), by=by)
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except LookupNotAllowed as error:
        form.add_refusal({next(iter(form.fields)): [(error.code, error.message)]})
    return None


def missed(request, form) -> dict:
    """Nobody: the page says so, and offers to take type and number along to 1001."""
    draft = held_draft(transaction_code=OPEN_CUSTOMER, by=request.user)
    typed = form.key() if isinstance(form, DocumentLookupForm) else {}
    return {"missed": True, "typed": typed, "draft": saved_words(draft[0]) if draft else ""}


@requires("customers.open_customer")
@require_POST
def open_with(request):
    """Carries type and number over sealed in the draft, never in the address."""
    carried = {name: [request.POST.get(name, "")[:100]] for name in ("document_type", "document_number")}
    keep_draft(transaction_code=OPEN_CUSTOMER, fields=carried, by=request.user)
    return redirect("customers:open_customer")


def looked_up(request, customer_number: str) -> Customer:
    """For the further pages of a file: a look by number, logged unless this customer is in hand already.

    404 beyond the legal entity.
    """
    if request.session.get(IN_HAND) == customer_number:
        return reachable_or_404(request, customer_number)
    return looked_anew(request, customer_number)


def looked_anew(request, customer_number: str) -> Customer:
    customer = look_up(customer_number=customer_number, by=request.user)
    if customer is None:
        raise Http404
    if request.session.get(IN_HAND) != customer.customer_number:
        request.session[IN_HAND] = customer.customer_number
    return customer


def reachable_now(request, customer_number: str) -> Customer | None:
    return reachable(request.user).numbered(customer_number).first()


def reachable_or_404(request, customer_number: str) -> Customer:
    """For a form sent from a page whose showing was the look."""
    customer = reachable_now(request, customer_number)
    if customer is None:
        raise Http404
    return customer


@requires("customers.look_up")
@require_GET
def file(request, customer_number):
    """A look of its own, unless the look-up itself has led here."""
    led_here = request.session.pop(JUST_LOOKED, None) == customer_number
    customer = (looked_up if led_here else looked_anew)(request, customer_number)
    if customer.customer_number != customer_number:
        if not customer.absorbed.filter(customer_number=customer_number).exists():  # else the file itself says so
            merged = {"number": customer_number}
            messages.info(request, _("Customer number %(number)s has been merged into this one.") % merged)
        request.session[JUST_LOOKED] = customer.customer_number
        return redirect("customers:file", customer_number=customer.customer_number)
    found, looks = customer_file(customer, as_of=today()), looks_at(customer, most=3)
    context = {
        "file": found,
        "papers": pictured(customer, documents=found.documents, agents=found.agents, requests=found.pending),
        "expiry": standing_of(found.primary, as_of=today()),
        "checks": checks_of(customer),
        "history": recent_history(customer, looks),
        "looks": looks,
    }
    return render(request, "customers/file.html", context)
