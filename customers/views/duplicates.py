"""1013: customers who may be one person, to be compared (1006) or found to be two."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.errors import PairDecided, SearchRunning
from customers.forms.duplicates import DismissForm, FilterForm, filter_words
from customers.merge_words import grounds_words
from customers.selectors.duplicates import (
    LIST_DUPLICATES,
    PairFilter,
    PairLine,
    every_pair,
    latest_search,
    page_of_pairs,
    pair_seen_by,
    pairs_seen_by,
)
from customers.services.duplicates import dismiss_pair, note_export, start_search
from tellerdesk.core.access import requires
from tellerdesk.core.errors import FieldErrors
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica

FIND_DUPLICATES, DISMISS_DUPLICATES = "customers.find_duplicates", "customers.dismiss_duplicates"


@requires(LIST_DUPLICATES)
@from_replica
@require_GET
def duplicate_list(request):
    return shown(request)


def shown(request, form: DismissForm | None = None, wrong: int | None = None):
    asked = FilterForm(request.GET)
    chosen = asked.chosen()
    pairs = pairs_seen_by(request.user, chosen)
    lines, following = page_of_pairs(pairs, after=request.GET.get("after", ""))
    address = f"?{urlencode({'band': chosen.band, 'status': chosen.status})}"
    context = {
        "lines": lines,
        "next": f"{address}&after={following}" if following else "",
        "first": address if request.GET.get("after") else "",
        "address": address,
        "chosen": chosen,
        "asked": asked,
        "search": latest_search(request.user),
        "form": form,
        "wrong": wrong,
    }
    return render(request, "customers/duplicate_list.html", context)


@requires(FIND_DUPLICATES)
@require_POST
def search_duplicates(request):
    try:
        start_search(by=request.user)
        messages.success(request, _("The search has begun; this page may be left meanwhile."))
    except SearchRunning as refusal:
        messages.info(request, refusal.as_dict()["message"])
    return redirect("customers:duplicate_list")


@requires(DISMISS_DUPLICATES)
@require_POST
def dismiss_duplicate(request, pk):
    pair = pair_seen_by(request.user, pk)
    if pair is None:
        raise Http404
    form = DismissForm(request.POST)
    form.is_valid()
    try:
        dismiss_pair(pair=pair, reason=form.cleaned_data["reason"], by=request.user)
    except FieldErrors as error:
        form.add_refusal(error.errors)
        return shown(request, form, wrong=pk)
    except PairDecided as refusal:
        messages.info(request, refusal.as_dict()["message"])
        return redirect("customers:duplicate_list")
    messages.success(request, _("Noted: two persons. No later search brings the pair back."))
    return redirect("customers:duplicate_list")


@requires(LIST_DUPLICATES)
@sheets_from_replica
@require_POST
def export_duplicates(request):
    chosen = FilterForm(request.GET).chosen()
    with one_moment():
        pairs = pairs_seen_by(request.user, chosen)
        rows = pairs.count()
        subject = _("Likely duplicates")
        name = f"{subject}-{timezone.localdate():%Y%m%d}.xlsx"
        lines = (sheet_row(line) for line in every_pair(pairs))
        sheet = sheet_response(name, _("Likely duplicates"), columns(), lines, facts(chosen, rows, request.user))
    note_export(rows=rows, words=filter_words(chosen), by=request.user)
    return sheet


def columns() -> list[SheetColumn]:
    person = [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Document (masked)"), width=36),
        SheetColumn(_("Branch"), width=18),
    ]
    return [SheetColumn(_("Strength"), "whole", 8), SheetColumn(_("Why"), width=56), *person, *person]


def sheet_row(line: PairLine) -> list:
    people = [
        [each.customer.customer_number, each.name, str(each.document or ""), str(each.customer.home_branch)]
        for each in (line.first, line.second)
    ]
    return [line.pair.strength, grounds_words(line.pair.grounds), *people[0], *people[1]]


def facts(chosen: PairFilter, rows: int, staff) -> list[tuple[str, object]]:
    return [
        (_("Filter"), filter_words(chosen)),
        (_("Number of pairs"), rows),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
