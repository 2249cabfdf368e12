"""Managers and auditors: what was decided, who looked at whom, what a day held. Lists under their masks."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from customers.enums import AmendmentStatus
from customers.forms.listing import DECIDED_STATES, ListFilter
from customers.selectors.listing import Listing
from customers.selectors.listings import LISTINGS
from customers.selectors.oversight import OVERSEE, READ_LOOKS, branches_seen, people_seen, person_seen
from customers.views.paging import after
from customers.views.unmasking import as_shown, listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.staff.own_writes import from_replica

MOST_TO_CHOOSE, MOST_PEOPLE = 60, 500


@requires(OVERSEE)
@from_replica
@require_http_methods(["GET", "POST"])
def decided_list(request):
    """1007, what has been decided."""
    listing, form = LISTINGS["decided"], ListFilter(request.GET, asks=LISTINGS["decided"].asks)
    form.fields["status"].choices = [("", form.fields["status"].choices[0][1]), *states()]
    return page_of_list(request, listing, form, "customers/decided_list.html", branches=to_choose(request.user))


@requires(READ_LOOKS)
@require_GET
def looks(request):
    """Whose looks: a staff number leads to them."""
    form = ListFilter(request.GET, asks=("person",))
    username = form.chosen().person
    person = person_seen(request.user, username) if username else None
    if person:
        return redirect("customers:looks_of_person", username=person.username)
    people = people_seen(request.user)[:MOST_PEOPLE]
    form.fields["person"].widget.attrs["list"] = "people"
    return render(request, "customers/looks.html", {"form": form, "unknown": username, "people": people})


@requires(READ_LOOKS)
@require_http_methods(["GET", "POST"])
def looks_of_person(request, username):
    person = person_seen(request.user, username)
    if person is None:
        raise Http404
    form = ListFilter({**request.GET.dict(), "person": username}, asks=LISTINGS["looks"].asks)
    return page_of_list(request, LISTINGS["looks"], form, "customers/looks_of_person.html", person=person)


@requires(OVERSEE)
@from_replica
@require_GET
def day_totals(request):
    """A whole day on one page: as many lines as people who did something."""
    listing, form = LISTINGS["day_totals"], ListFilter(request.GET, asks=LISTINGS["day_totals"].asks)
    chosen = listing.completed(form.chosen())
    rows = listing.rows(request.user, chosen)
    if rows is None:
        raise Http404
    columns = listing.columns[3:]
    sums = [sum(column.value(row, False) for row in rows) for column in columns]
    context = {"rows": rows, "columns": columns, "sums": sums, "branches": to_choose(request.user)}
    return render(request, "customers/day_totals.html", context | around(request, listing, form, chosen))


def page_of_list(request, listing: Listing, form: ListFilter, template: str, **context):
    chosen = listing.completed(form.chosen())
    found = listing.rows(request.user, chosen)
    if found is None:
        raise Http404
    rows, following = keyset_page(as_shown(request, found, by=listing.by), after=after(request), by=listing.by)
    context |= {"rows": rows, "following": following} | around(request, listing, form, chosen)
    return listed(request, template, context, listing=listing.code, words=context["words"], rows=rows)


def around(request, listing: Listing, form: ListFilter, chosen) -> dict:
    form.tell(chosen)
    filtered = request.GET.copy()
    filtered.pop("after", None)
    if listing.code == "looks":  # whose they are stands in the page's address, and not in that of the workbook
        filtered["person"] = chosen.person
    return {
        "form": form,
        "chosen": chosen,
        "words": listing.filter_words(chosen),
        "query": f"?{filtered.urlencode()}",
        "now": timezone.now(),
    }


def states() -> list[tuple[str, str]]:
    return [(str(each), AmendmentStatus(each).label) for each in DECIDED_STATES]


def to_choose(staff) -> list | None:
    """Empty where there is but one branch, None where there are too many for a list: then the code is typed."""
    found = list(branches_seen(staff, OVERSEE)[: MOST_TO_CHOOSE + 1])
    if len(found) > MOST_TO_CHOOSE:
        return None
    return found if len(found) > 1 else []
