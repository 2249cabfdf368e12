"""2002 客户名单: the customers behind every number of the board."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.forms.choosing import ListForm
from tiering.messages import filter_words, tier_label
from tiering.rules.money import yuan
from tiering.selectors.days import days_of
from tiering.selectors.list_filter import Filter
from tiering.selectors.list_sources import source_of
from tiering.selectors.lists import Line, Totals, every_line, page, totals
from tiering.selectors.owners import owners_in
from tiering.selectors.scope import branches_to_choose
from tiering.services.exporting import LIST, check_size, note_export
from tiering.views.scoping import scope_asked


@requires("tiering.view_tiers")
@from_replica
@require_http_methods(["GET", "POST"])
def customer_list(request):
    scope, days = scope_asked(request), days_of(request.user)
    form = list_form(request, scope)
    context = {"scope": scope, "days": days, "form": form, "branches": branches_to_choose(scope)}
    if days:
        context |= shown(request, form.chosen(days))
    shown_now = {"words": context.get("words", ""), "rows": context.get("lines", [])}
    return listed(request, "tiering/customer_list.html", context, listing=LIST, **shown_now)


def list_form(request, scope) -> ListForm:
    return ListForm(request.GET, scope=scope, owners=owners_in(scope, named=request.GET.get("owner", "")))


def shown(request, chosen: Filter) -> dict:
    source = source_of(chosen)
    after = request.GET.get("after", "")
    lines, following = page(source, after)
    query = request.GET.copy()
    query.pop("after", None)
    address = f"?{query.urlencode()}"
    onward = f"{address}&after={following}" if query else f"?after={following}"
    return {
        "chosen": chosen,
        "words": filter_words(chosen),
        "lines": lines,
        "totals": totals(source),
        "address": address,
        "next": onward if following else "",
        "first": address if after else "",
    }


@requires("tiering.view_tiers")
@sheets_from_replica
@require_POST
def export_list(request):
    """Masked, unless a reason is given; who may not lift the mask gets nothing then."""
    reason = request.POST.get("reason", "").strip()
    with one_moment():
        scope, days = scope_asked(request), days_of(request.user)
        if days is None:
            raise Http404
        chosen = list_form(request, scope).chosen(days)
        source = source_of(chosen)
        found = totals(source)
        check_size(found)
        rows = (sheet_row(chosen, line, in_full=bool(reason)) for line in every_line(source))
        title = _("Customers by tier")
        name = f"{title}-{scope.branch.code}-{days.as_of:%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(chosen, reason), rows, facts(chosen, found, request.user, reason))
    try:
        note_export(chosen=chosen, totals=found, reason=reason, by=request.user)
    except BaseException:
        sheet.close()
        raise
    return sheet


def columns(chosen: Filter, reason: str) -> list[SheetColumn]:
    found = [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name") if reason else _("Name (masked)"), width=14),
        SheetColumn(_("Tier"), width=20),
        SheetColumn(_("Since"), "date", 12),
        SheetColumn(_("Financial assets (yuan)"), "money", 20),
        SheetColumn(_("Why in scope"), width=48),
        SheetColumn(_("Owner"), width=12),
        SheetColumn(_("Staff number"), width=12),
        SheetColumn(_("Branch"), width=20),
    ]
    if chosen.moved:
        found += [SheetColumn(_("Assets as of"), "date", 12), SheetColumn(_("Tier before"), width=20)]
    if chosen.near:
        found += [
            SheetColumn(_("Tier beyond the limit"), width=20),
            SheetColumn(_("Limit (yuan)"), "money", 18),
            SheetColumn(_("Distance"), "percent", 10),
        ]
    if chosen.overdue:
        found += [SheetColumn(_("Owner due on"), "date", 14), SheetColumn(_("Days overdue"), "whole", 10)]
    if chosen.lacking:
        found += [SheetColumn(_("Missing"), width=30)]
    return found


def sheet_row(chosen: Filter, line: Line, *, in_full: bool) -> list:
    found = [
        line.customer_number,
        line.full_name if in_full else line.name,
        tier_label(line.tier),
        line.since,
        yuan(line.aum),
        line.reason_text,
        line.owner_name,
        line.owner,
        line.branch,
    ]
    if chosen.moved:
        found += [line.aum_as_of or chosen.days.as_of, tier_label(line.from_tier)]
    if chosen.near:
        found += [tier_label(line.to_tier), yuan(line.limit), line.distance / 10_000]
    if chosen.overdue:
        found += [line.due_on, line.days_over(chosen.days.as_of)]
    if chosen.lacking:
        found += [line.missing(chosen.days.policy)]
    return found


def facts(chosen: Filter, found: Totals, staff, reason: str) -> list[tuple[str, object]]:
    lifted = [(_("Names and numbers"), _("in full; reason: %(reason)s") % {"reason": reason})] if reason else []
    return [
        *lifted,
        (_("Filter"), filter_words(chosen)),
        (_("As of"), f"{chosen.days.as_of:%Y-%m-%d}"),
        (_("Number of customers"), found.customers),
        (_("Financial assets (yuan)"), f"{yuan(found.aum):,.2f}"),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
