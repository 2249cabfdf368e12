"""Reading what was recorded: nobody changes anything here, and nobody sees another legal entity."""

from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tellerdesk.audit.forms import EventFilter
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import Page, line_of, page_of
from tellerdesk.core.access import requires

READ = "audit.read_events"


@requires(READ)
@require_GET
def event_list(request):
    form = EventFilter(request.GET)
    page = Page([], None)
    if form.is_valid():
        page = page_of(form.applied_to(_events(request)), before=form.cleaned_data["before"])
    return _listed(request, "audit/event_list.html", page, form=form)


@requires(READ)
@require_GET
def event(request, pk):
    line = line_of(_events(request), pk)
    if line is None:
        raise Http404
    return render(request, "audit/event.html", {"line": line})


@requires(READ)
@require_GET
def record(request, subject_type, subject_id):
    return _history(request, "audit/record.html", _events(request).about(subject_type, subject_id))


@requires(READ)
@require_GET
def person(request, username):
    return _history(request, "audit/person.html", _events(request).by_person(username))


@requires(READ)
@require_GET
def day(request, day):
    try:
        asked = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    return _listed(
        request, "audit/day.html", page_of(_events(request).on_day(asked), before=_before(request)), day=asked
    )


def _events(request):
    return AuditEvent.objects.within(request.user.legal_entity.code, request.user.audited_branches)


def _history(request, template, events):
    """404 where nothing is recorded that the reader may see: the address tells nobody what exists elsewhere."""
    page = page_of(events, before=_before(request))
    if not page.lines:
        raise Http404
    return _listed(request, template, page, newest=page.lines[0])


def _before(request) -> int | None:
    form = EventFilter({"before": request.GET.get("before", "")})
    return form.cleaned_data["before"] if form.is_valid() else None


def _listed(request, template, page, **shown):
    first = request.GET.copy()
    is_further = bool(first.pop("before", None))
    onward = first.copy()
    onward["before"] = page.following
    addresses = {
        "next": f"{request.path}?{onward.urlencode()}" if page.following else "",
        "first": f"{request.path}?{first.urlencode()}" if is_further else "",
    }
    return render(request, template, {"page": page, **addresses, **shown})
