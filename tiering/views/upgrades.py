"""2006 升级意愿: the customers who rose, until each has chosen whether to stay with the owner."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from customers.views.looking import looked_up
from customers.views.paging import after
from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided, DomainError, FieldErrors
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.enums import UpgradeStatus
from tiering.forms.choosing_owner import ChoiceForm
from tiering.messages import scope_words, tier_label
from tiering.models import UpgradeCase
from tiering.rules.money import yuan
from tiering.selectors.eligible import eligible_staff
from tiering.selectors.scope import SET_OWNERS, branches_to_choose, may_set_owners
from tiering.selectors.standing import customer_tier
from tiering.selectors.upgrades import CHOICE, CaseLine, case_in_view, case_lines, open_cases, page_of_cases
from tiering.services.exporting import note_upgrades_export
from tiering.services.upgrade_choices import record_change, record_stay
from tiering.views.scoping import scope_asked


@requires("tiering.view_tiers")
@from_replica
@require_http_methods(["GET", "POST"])
def upgrade_list(request):
    scope = scope_asked(request)
    cases = open_cases(scope)
    rows, following = page_of_cases(cases, after(request))
    query = request.GET.copy()
    query["after"] = following or ""
    context = {
        "scope": scope,
        "branches": branches_to_choose(scope),
        "lines": case_lines(rows, today(), request.user),
        "total": cases.count(),
        "next": f"?{query.urlencode()}" if following else "",
        "first": f"?branch={scope.branch.code}" if "after" in request.GET else "",
    }
    shown = {"words": scope_words(scope), "rows": context["lines"]}
    return listed(request, "tiering/upgrade_list.html", context, listing="upgrade_choices", **shown)


@requires("tiering.view_tiers")
@sheets_from_replica
@require_POST
def export_upgrades(request):
    """Masked."""
    with one_moment():
        scope = scope_asked(request)
        lines = case_lines(open_cases(scope), today(), request.user)
        title = _("Open upgrade choices")
        name = f"{title}-{scope.branch.code}-{today():%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(), map(sheet_row, lines), facts(scope, len(lines), request.user))
    note_upgrades_export(scope=scope, rows=len(lines), by=request.user)
    return sheet


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Tier before"), width=20),
        SheetColumn(_("Tier"), width=20),
        SheetColumn(_("Open since"), "date", 12),
        SheetColumn(_("Days open"), "whole"),
        SheetColumn(_("Financial assets (yuan)"), "money", 20),
        SheetColumn(_("Owner"), width=12),
        SheetColumn(_("Staff number"), width=12),
        SheetColumn(_("Branch"), width=20),
    ]


def sheet_row(line: CaseLine) -> list:
    return [
        line.customer_number,
        line.name,
        tier_label(line.from_tier),
        tier_label(line.to_tier),
        line.case.opened_on,
        line.days,
        yuan(line.aum),
        line.owner.name if line.owner else "",
        line.owner.username if line.owner else "",
        str(line.case.branch),
    ]


def facts(scope, rows: int, staff) -> list[tuple[str, object]]:
    return [
        (_("Filter"), scope_words(scope)),
        (_("As of"), f"{today():%Y-%m-%d}"),
        (_("Number of customers"), rows),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]


@requires(CHOICE)
@require_http_methods(["GET", "POST"])
def upgrade_choice(request, pk):
    case = case_in_view(request.user, pk)
    if case is None:
        raise Http404
    if request.method == "GET":
        looked_up(request, case.customer.customer_number)
        return shown(request, case)
    form = choice_form(request, case, request.POST)
    form.is_valid()
    if request.POST.get("choice") == UpgradeStatus.CHANGE:
        form.say_blank("owner")
    try:
        recorded(request, case, **form.typed(form.fields))
    except FieldErrors as error:
        form.add_refusal(error.errors)
    except AlreadyDecided as error:
        messages.error(request, error.as_dict()["message"])
        return redirect("tiering:customer_tier", customer_number=case.customer.customer_number)
    except DomainError as error:
        form.add_error(None, error.as_dict()["message"])
    if form.errors:
        return shown(request, case, form)
    messages.success(request, _("The customer's choice is recorded."))
    return redirect("tiering:customer_tier", customer_number=case.customer.customer_number)


def recorded(request, case: UpgradeCase, *, choice: str = "", owner: str = "", note: str = "") -> None:
    if choice == UpgradeStatus.STAY:
        record_stay(case=case, note=note, by=request.user)
    elif choice == UpgradeStatus.CHANGE and may_change(request.user, case):
        record_change(case=case, owner=owner, note=note, by=request.user)
    else:
        raise FieldErrors({"choice": [("not_in_list", _("Please choose from the list."))]})


def may_change(staff, case: UpgradeCase) -> bool:
    return staff.has_perm(SET_OWNERS) and may_set_owners(staff, case.customer.tierassignment.branch)


def choice_form(request, case: UpgradeCase, data=None) -> ChoiceForm:
    eligible = []
    if may_change(request.user, case):
        found = eligible_staff(case.customer.tierassignment, today())
        eligible = [each for each in found if each.staff.pk != case.customer.tierassignment.owner_id]
    return ChoiceForm(data, eligible=eligible)


def shown(request, case: UpgradeCase, form: ChoiceForm | None = None):
    standing = customer_tier(case.customer)
    [line] = case_lines([case], today(), request.user)
    is_open = case.status == UpgradeStatus.OPEN
    context = {"case": case, "line": line, "standing": standing, "customer": case.customer}
    context["form"] = form or (choice_form(request, case) if is_open else None)
    return render(request, "tiering/upgrade_choice.html", context)
