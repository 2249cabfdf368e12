"""1007: what waits for a second person, and what became of one's own requests."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.enums import AmendmentStatus
from customers.forms.reviewing import DecideForm
from customers.models import Amendment
from customers.selectors.requests import decidable, readable, requests_of, review_queue
from customers.selectors.review import decided_today, pending_detail
from customers.services import approve, reject, withdraw
from customers.services.looking import note_look
from customers.views.looking import IN_HAND
from customers.views.paging import after
from customers.views.unmasking import as_shown, listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.errors import DomainError


@requires("customers.approve_amendment")
@require_GET
def review_inbox(request):
    """Leads to the oldest that one may decide; an empty queue says so."""
    queue = list(review_queue(request.user))
    first = next((each for each in queue if each.maker_id != request.user.pk), queue[0] if queue else None)
    if first:
        return redirect("customers:review", pk=first.pk)
    return render(request, "customers/review_inbox.html", {"queue": [], "decided": decided_today(request.user)})


@requires("customers.approve_amendment")
def review(request, pk):
    amendment = decidable(request.user, pk)
    if amendment is None:
        raise Http404
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return decided(request, amendment, form)
        except DomainError as error:
            form.add_error(None, error.as_dict()["message"])
    note_reading(request, amendment)
    return shown(request, amendment, form)


def note_reading(request, amendment: Amendment) -> None:
    """The page shows a customer in full: a look, unless this customer is in hand already. Of two the other one, too."""
    customer = amendment.customer
    if customer and request.session.get(IN_HAND) != customer.customer_number:
        note_look(customer, customer.customer_number, reason=_("Review"), by=request.user)
        request.session[IN_HAND] = customer.customer_number
    if amendment.other:
        note_look(amendment.other, amendment.other.customer_number, reason=_("Review"), by=request.user)


def decided(request, amendment: Amendment, form):
    if form.is_approval:
        approve(amendment=amendment, by=request.user)
        messages.success(request, _("Approved."))
    else:
        reject(amendment=amendment, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Returned to the maker."))
    return redirect("customers:review_inbox")


def shown(request, amendment: Amendment, form):
    context = {
        "queue": list(review_queue(request.user)),
        "decided": decided_today(request.user),
        "detail": pending_detail(amendment),
        "is_own": amendment.maker_id == request.user.pk,
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "customers/review_inbox.html", context)


@requires("customers.amend_customer")
@require_POST
def withdraw_request(request, pk):
    amendment = readable(request.user, pk)
    if amendment is None:
        raise Http404
    try:
        withdraw(amendment=amendment, by=request.user)
        messages.success(request, _("Withdrawn."))
    except DomainError as error:
        messages.error(request, error.as_dict()["message"])
    return redirect("customers:my_requests")


@requires("customers.amend_customer")
@require_http_methods(["GET", "POST"])
def my_requests(request):
    status = request.GET.get("status", "")
    found = requests_of(request.user)
    if status in AmendmentStatus.values:
        found = found.filter(status=status)
    rows, following = keyset_page(as_shown(request, found), after=after(request))
    context = {"rows": rows, "following": following, "query": f"?status={status}"}
    context |= {"status": status, "statuses": AmendmentStatus.choices}
    return listed(request, "customers/my_requests.html", context, listing="my_requests", words=status, rows=rows)
