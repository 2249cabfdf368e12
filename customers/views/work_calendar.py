"""9003 工作日历: which days count as working days, read by the counter and changed by head office."""

from datetime import date

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from customers.forms.work_calendar import CalendarFileForm
from customers.selectors.work_calendar import LATEST_YEAR, OLDEST_YEAR, days_of_year, year_of
from customers.services import import_calendar
from customers.services.keeping_calendar import COLUMNS, Imported
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors, NotPermitted
from tellerdesk.files.rejects import template_of
from tellerdesk.files.responses import csv_response
from tellerdesk.files.uploads import sealed_uploads

CHANGE = "customers.change_calendar"
TEMPLATE_NAME = "calendar-template.csv"


@requires("customers.look_up")
@sealed_uploads
@require_http_methods(["GET", "POST"])
def work_calendar(request):
    year = year_asked(request)
    if request.method == "GET":
        return shown(request, year, CalendarFileForm())
    if not request.user.has_perm(CHANGE):
        raise NotPermitted(CHANGE)
    form = CalendarFileForm(request.POST, request.FILES)
    if form.is_valid() and (done := imported(request, form)):
        return redirect(f"{request.path}?year={done.year}")
    return shown(request, year, form)


def imported(request, form) -> Imported | None:
    try:
        done = import_calendar(upload=form.cleaned_data["file"], by=request.user)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
        return None
    said = {"lines": done.lines, "changed": done.changed}
    messages.success(request, _("%(lines)s days read, %(changed)s of them new or changed.") % said)
    return done


def shown(request, year: int, form):
    rows = days_of_year(request.user.legal_entity_id, year)
    months = year_of(rows, year)
    context = {
        "form": form,
        "year": year,
        "before": year - 1 if year > OLDEST_YEAR else None,
        "following": year + 1 if year < LATEST_YEAR else None,
        "months": months,
        "rows": rows,
        "working_days": sum(month.working_days for month in months),
        "weekdays": [date(2024, 1, day) for day in range(1, 8)],  # a Monday to a Sunday
        "today": today(),
    }
    return render(request, "customers/work_calendar.html", context)


def year_asked(request) -> int:
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today().year
    return min(max(year, OLDEST_YEAR), LATEST_YEAR)


@requires(CHANGE)
@require_GET
def calendar_template(request):
    """The header and two lines that show how it is filled in."""
    header = [f"{column.chinese} {column.name}" for column in COLUMNS]
    lines = "2026-10-01,休,国庆节\r\n2026-10-10,班,国庆节调休\r\n".encode()
    return csv_response(TEMPLATE_NAME, [template_of(header), lines])
