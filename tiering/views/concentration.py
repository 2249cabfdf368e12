"""2009 二八视图: how many customers bring most of the money."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.models import Staff
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.messages import scope_words, tier_label
from tiering.rules.money import yuan
from tiering.selectors.concentration import (
    bringing,
    concentration_of,
    every_bringing,
    owner_of,
    page_bringing,
    parts_by_branch,
    parts_by_owner,
)
from tiering.selectors.days import days_of
from tiering.selectors.scope import Scope, branches_to_choose
from tiering.services.exporting import note_concentration_export
from tiering.views.scoping import scope_asked


@requires("tiering.view_tiers")
@from_replica
@require_GET
def concentration(request):
    scope, owner = asked(request)
    context = {
        "scope": scope,
        "owner": owner,
        "days": days_of(request.user),
        "branches": branches_to_choose(scope),
        "found": concentration_of(scope, owner),
        "by_branch": parts_by_branch(scope) if scope.with_those_below and not owner else [],
        "by_owner": parts_by_owner(scope) if not owner and not scope.own else [],
    }
    return render(request, "tiering/concentration.html", context)


@requires("tiering.view_tiers")
@from_replica
@require_http_methods(["GET", "POST"])
def concentration_customers(request):
    scope, owner = asked(request)
    after = request.GET.get("after", "")
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    lines, following = page_bringing(bringing(scope, owner), after=place)
    query = request.GET.copy()
    query.pop("after", None)
    address = f"?{query.urlencode()}"
    context = {
        "scope": scope,
        "owner": owner,
        "found": concentration_of(scope, owner),
        "lines": lines,
        "address": address,
        "next": f"{address}&after={following}" if following else "",
        "first": address if place else "",
    }
    shown = {"words": words_of(scope, owner), "rows": lines}
    return listed(request, "tiering/concentration_customers.html", context, listing="eighty_twenty", **shown)


@requires("tiering.view_tiers")
@sheets_from_replica
@require_POST
def export_concentration(request):
    with one_moment():
        scope, owner = asked(request)
        days = days_of(request.user)
        if days is None:
            raise Http404
        rows = (sheet_row(line) for line in every_bringing(scope, owner))
        title = _("80/20 view")
        name = f"{title}-{scope.branch.code}-{days.as_of:%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(), rows, facts(scope, owner, days, request.user))
    note_concentration_export(words=words_of(scope, owner), branch=scope.branch, by=request.user)
    return sheet


def asked(request) -> tuple[Scope, Staff | None]:
    scope, named = scope_asked(request), request.GET.get("owner", "").strip()
    owner = owner_of(scope, named) if named else None
    if named and owner is None:
        raise Http404
    return scope, owner


def words_of(scope: Scope, owner: Staff | None) -> str:
    return f"{scope_words(scope)} · {owner.name}" if owner else scope_words(scope)


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Place"), "whole", 10),
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)")),
        SheetColumn(_("Tier"), width=20),
        SheetColumn(_("Financial assets (yuan)"), "money", 22),
        SheetColumn(_("Together so far (yuan)"), "money", 24),
        SheetColumn(_("Owner")),
        SheetColumn(_("Branch"), width=20),
    ]


def sheet_row(line) -> list:
    amounts = [yuan(line.aum), yuan(line.running)]
    return [
        line.place, line.customer_number, line.name, tier_label(line.tier), *amounts, line.owner_name, line.branch
    ]  # fmt: skip


def facts(scope: Scope, owner: Staff | None, days, staff) -> list[tuple[str, object]]:
    found = concentration_of(scope, owner)
    return [
        (_("Filter"), words_of(scope, owner)),
        (_("As of"), f"{days.as_of:%Y-%m-%d}"),
        (_("Number of customers"), f"{found.bringing} / {found.customers}"),
        (_("Financial assets (yuan)"), f"{yuan(found.aum):,.2f}"),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
