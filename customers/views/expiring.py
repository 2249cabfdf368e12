"""1012 到期证件: whose document is about to run out or has; suspensions confirmed or put off by the manager."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from customers.enums import CustomerStatus, DocumentType
from customers.forms.expiring import ExpiringFilter, PostponeForm, ticked
from customers.rules.review import APPROVE_MERGE
from customers.selectors.expiring import (
    OVER,
    WITHIN,
    WORDS,
    Asked,
    ExpiringLine,
    counts,
    every_line,
    lists_several_branches,
    page,
    standing_of,
)
from customers.services import postpone_suspension
from customers.services.confirming import confirm_suspensions, proposals_among
from customers.services.exporting import check_size, export_list
from customers.views.looking import looked_up
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica


@requires("customers.look_up")
@from_replica
@require_GET
def expiring(request):
    form = ExpiringFilter(request.GET)
    asked = form.asked(request.user, today())
    after = request.GET.get("after", "")
    lines, following = page(asked, after)
    may_decide = request.user.has_perm(APPROVE_MERGE)
    address = f"?within={asked.within}" + (f"&branch={asked.branch}" if asked.branch else "")
    context = {
        "asked": asked,
        "form": form,
        "lines": lines,
        "windows": [(each, WORDS[each], number) for each, number in counts(asked).items()],
        "may_decide": may_decide,
        "may_confirm": may_decide and any(line.proposal for line in lines),
        "may_widen": lists_several_branches(request.user),
        "address": address,
        "next": f"{address}&after={following}" if following else "",
        "first": address if after else "",
    }
    return render(request, "customers/expiring.html", context)


@requires("customers.look_up")
@sheets_from_replica
@require_POST
def export_expiring(request):
    with one_moment():
        asked = ExpiringFilter(request.GET).asked(request.user, today())
        rows = counts(asked)[asked.within]
        check_size(rows)
        title = _("Expiring documents")
        name = f"{title}-{asked.within}-{asked.as_of:%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(), map(sheet_row, every_line(asked)), facts(asked, rows))
    export_list(listing="expiring", words=words(asked), rows=rows, by=request.user)
    return sheet


def words(asked: Asked) -> str:
    label = _("Branch")
    of_branch = f" · {label} {asked.branch}" if asked.branch else ""
    return f"{WORDS[asked.within]}{of_branch}"


def columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)"), width=14),
        SheetColumn(_("Document"), width=22),
        SheetColumn(_("Document number"), width=24),
        SheetColumn(_("Valid until"), "date", 12),
        SheetColumn(_("Days left"), "whole", 10),
        SheetColumn(_("Tolerated until"), "date", 12),
        SheetColumn(_("Put off until"), "date", 12),
        SheetColumn(_("Status"), width=12),
        SheetColumn(_("Suspension"), width=16),
        SheetColumn(_("Branch"), width=20),
    ]


def sheet_row(line: ExpiringLine) -> list:
    return [
        line.customer_number,
        line.name,
        DocumentType(line.document_type).label,
        line.number_masked,
        line.valid_until,
        line.days_left,
        line.grace_ends,
        line.postponed_until,
        CustomerStatus(line.status).label,
        _("proposed") if line.proposal else _("to be proposed overnight") if line.is_due else "",
        line.branch,
    ]


def facts(asked: Asked, rows: int) -> list[tuple[str, object]]:
    return [
        (_("Filter"), words(asked)),
        (_("As of"), f"{asked.as_of:%Y-%m-%d}"),
        (_("Number of customers"), rows),
        (_("Exported by"), f"{asked.staff.name} {asked.staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]


@requires(APPROVE_MERGE)
@require_POST
def confirm_proposed(request):
    """Asked once more with their number before it is done."""
    back = redirect(reverse("customers:expiring") + f"?within={OVER}")
    pks = ticked(request.POST)
    if not pks:
        messages.error(request, _("Tick the customers first."))
        return back
    proposals = proposals_among(pks, by=request.user)
    if proposals and "sure" not in request.POST:
        return render(request, "customers/confirm_proposed.html", {"pks": pks, "proposals": proposals})
    done = confirm_suspensions(pks=pks, by=request.user)
    told = ngettext("%(number)s customer is suspended.", "%(number)s customers are suspended.", done.confirmed)
    if done.confirmed:
        messages.success(request, told % {"number": done.confirmed})
    if done.left:
        left = ngettext(
            "%(number)s proposal was left: it has changed or been decided meanwhile.",
            "%(number)s proposals were left: they have changed or been decided meanwhile.",
            done.left,
        )
        messages.warning(request, left % {"number": done.left})
    return back


@requires(APPROVE_MERGE)
def postpone(request, customer_number):
    customer = looked_up(request, customer_number)
    form = PostponeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            typed = form.cleaned_data
            postpone_suspension(customer=customer, until=typed["until"], ground=typed["ground"], by=request.user)
        except FieldErrors as error:
            form.add_refusal(error.errors)
        except DomainError as error:
            form.add_refusal({"__all__": [(error.code, error.as_dict()["message"])]})
        else:
            messages.success(request, _("The suspension is put off until %(day)s.") % {"day": typed["until"]})
            return redirect(came_from(request, customer))
    document = customer.documents.primary().first()
    context = {"form": form, "customer": customer, "document": document, "as_of": today()}
    context["standing"] = standing_of(document, as_of=today())
    return render(request, "customers/postpone.html", context)


def came_from(request, customer) -> str:
    """The list that led here, else the file."""
    within = request.GET.get("within")
    if within in WITHIN:
        return reverse("customers:expiring") + f"?within={within}"
    return reverse("customers:file", args=[customer.customer_number])
