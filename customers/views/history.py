"""The history of one customer, on one page to read and to print."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from customers.enums import HistoryKind
from customers.forms.listing import HistoryFilter, UnmaskForm
from customers.selectors.history import asked_of, history_page
from customers.selectors.history_sheet import filter_words
from customers.services.unmasking import UNMASK
from customers.views.looking import looked_up
from tellerdesk.core.access import requires


@requires("customers.look_up")
@require_GET
def history(request, customer_number):
    customer = looked_up(request, customer_number)
    form = HistoryFilter(request.GET)
    conditions = form.conditions()
    after = request.GET.get("after", "")
    asked = asked_of(customer, after=after, **conditions)
    page = history_page(asked)
    context = {
        "customer": customer,
        "merged": [number for pk, number in asked.numbers.items() if pk != customer.pk],
        "form": form,
        "page": page,
        "kind": conditions.get("kind", ""),
        "kinds": HistoryKind.choices,
        "words": filter_words(conditions),
        "may_unmask": request.user.has_perm(UNMASK),
        "unmask_form": UnmaskForm(),
        "now": timezone.now(),
    }
    return render(request, "customers/history.html", context | addresses(request, page.following))


def addresses(request, following: str | None) -> dict:
    """`query` is the filter without its strand and its page, `filtered` without its page."""
    filtered = request.GET.copy()
    is_further = bool(filtered.pop("after", None))
    onward, others = filtered.copy(), filtered.copy()
    others.pop("kind", None)
    onward["after"] = following or ""
    return {
        "query": others.urlencode(),
        "filtered": filtered.urlencode(),
        "next": f"?{onward.urlencode()}" if following else "",
        "first": f"?{filtered.urlencode()}" if is_further else "",
    }
