"""Lists and histories as Excel workbooks: masked, or in full for a reason, and the sheet says which."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers.forms.listing import HistoryFilter, ListFilter
from customers.selectors.history import asked_of, every_line
from customers.selectors.history_sheet import filter_words, sheet_columns, sheet_row
from customers.selectors.listing import Listing
from customers.selectors.listings import listing_for
from customers.services.exporting import MOST_LINES, check_size, export_history, export_list
from customers.views.looking import looked_up
from customers.views.unmasking import stored_nowhere
from tellerdesk.core.access import requires
from tellerdesk.core.moments import one_moment
from tellerdesk.core.templatetags.display import instant
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import sheets_from_replica

CHUNK = 2000


@login_required
@sheets_from_replica
@require_POST
def export(request, code):
    listing = listing_for(request.user, code)
    if listing is None:
        raise Http404
    chosen = listing.completed(ListFilter(request.GET, asks=listing.asks).chosen())
    rows = listing.rows(request.user, chosen)
    if rows is None:
        raise Http404
    number, words, reason = size_of(rows), listing.filter_words(chosen), reason_of(request)
    check_size(number)
    export_list(listing=code, words=words, rows=number, reason=reason, by=request.user)
    lines = (listing.sheet_row(row, bool(reason)) for row in each_of(rows))
    facts = [(_("Filter"), words), (_("Number of rows"), number), *who_and_when(request.user, reason)]
    return workbook(str(listing.title), columns_of(listing), lines, facts, request.user)


@requires("customers.look_up")
@sheets_from_replica
@require_POST
def export_history_of(request, customer_number):
    customer = looked_up(request, customer_number)
    conditions, reason = HistoryFilter(request.GET).conditions(), reason_of(request)
    words = filter_words(conditions)
    export_history(customer=customer, words=words, reason=reason, by=request.user)
    asked = asked_of(customer, in_full=bool(reason), **conditions)
    lines = (sheet_row(line) for line in every_line(asked, most=MOST_LINES))
    facts = [
        (_("Customer"), customer.audit_label if not reason else f"{customer.customer_number} {customer.name}"),
        (_("Numbers merged into it"), ", ".join(number for pk, number in asked.numbers.items() if pk != customer.pk)),
        (_("Filter"), words),
        (_("Number of rows"), _("the newest, %(most)s at most") % {"most": MOST_LINES}),
        *who_and_when(request.user, reason),
    ]
    return workbook(_("Customer history"), sheet_columns(), lines, facts, request.user)


def reason_of(request) -> str:
    """Empty: the masks stay."""
    return request.POST.get("reason", "").strip()


def size_of(rows) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def each_of(rows):
    return rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows


def columns_of(listing: Listing) -> list[SheetColumn]:
    return [SheetColumn(str(column.title), column.kind, column.width) for column in listing.columns]


def who_and_when(staff, reason: str) -> list[tuple[str, str]]:
    masks = _("in full; reason: %(reason)s") % {"reason": reason} if reason else _("masked")
    return [
        (_("Names and numbers"), masks),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), instant(timezone.now())),
    ]


def workbook(title: str, columns, lines, facts, staff):
    name = f"{title}-{staff.branch.code if staff.branch else ''}-{timezone.localtime():%Y%m%d-%H%M%S}.xlsx"
    with one_moment():
        return stored_nowhere(sheet_response(name, title, columns, lines, facts))
