"""回单: what was done, on paper; 1008 prints it again."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.models import Receipt
from customers.selectors.receipts import readable_receipt, receipt_numbered, receipts_of
from customers.services import print_again
from customers.views.paging import after, day_of
from customers.views.unmasking import as_shown, listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.business_date import today
from tellerdesk.staff.own_writes import from_replica

FRESH = "fresh_receipt"


def shown_fresh(request, receipt: Receipt):
    """The page that follows a transaction prints the first copy; every later one is a reprint."""
    request.session[FRESH] = receipt.pk
    return redirect("customers:receipt", pk=receipt.pk)


@requires("customers.look_up")
@require_GET
def receipt(request, pk):
    found = readable(request, pk)
    copies = list(found.copies.select_related("staff").order_by("-number"))
    asked = request.GET.get("copy", "")
    context = {
        "receipt": found,
        "copies": copies,
        "is_first": request.session.pop(FRESH, None) == pk,
        "copy": next((each for each in copies if str(each.number) == asked), None),
        "printed_at": timezone.now(),
    }
    return render(request, "customers/receipt.html", context)


@requires("customers.look_up")
@require_POST
def print_receipt(request, pk):
    copy = print_again(receipt=readable(request, pk), by=request.user)
    return redirect(f"{redirect('customers:receipt', pk=pk).url}?copy={copy.number}")


def readable(request, pk: int) -> Receipt:
    found = readable_receipt(request.user, pk)
    if found is None:
        raise Http404
    return found


@requires("customers.look_up")
@from_replica
@require_http_methods(["GET", "POST"])
def receipt_list(request):
    """By day, or straight to one by its serial number."""
    serial = request.GET.get("serial", "").strip()
    found = receipt_numbered(request.user, serial) if serial else None
    if found:
        return redirect("customers:receipt", pk=found.pk)
    day = day_of(request) or today()
    rows, following = keyset_page(as_shown(request, receipts_of(request.user, day=day)), after=after(request))
    context = {"day": day, "rows": rows, "query": f"?day={day:%Y-%m-%d}", "following": following, "serial": serial}
    words = f"{day:%Y-%m-%d}"
    return listed(request, "customers/receipt_list.html", context, listing="receipts", words=words, rows=rows)
