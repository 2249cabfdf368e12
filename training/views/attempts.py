"""The quiz itself. A closed attempt always shows its result: stale tabs and double clicks end there."""

from contextlib import suppress

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.templatetags.display import clock
from training.errors import AttemptClosed
from training.models import Attempt
from training.selectors.sheets import sheet
from training.services import attempts as services

TAKE = "training.take_course"


@requires(TAKE)
@require_http_methods(["GET", "POST"])
def attempt(request, pk):
    """GET shows one question (`?question=`) or all (`?all=1`); POST keeps what is ticked and goes where `go` says."""
    found = _own_attempt(request, pk)
    if found.is_closed:
        return redirect("training:attempt_result", pk)
    if request.method == "POST":
        return _kept(request, found)
    return render(request, "training/attempt.html", _screen(request, found))


@requires(TAKE)
@require_POST
def save_attempt(request, pk):
    """For the script that saves as one ticks; answers with the words of the status line."""
    found = _own_attempt(request, pk)
    try:
        _keep(request, found)
    except AttemptClosed as closed:
        return JsonResponse(
            closed.as_dict() | {"url": reverse("training:attempt_result", args=[pk])}, status=closed.status
        )
    return JsonResponse({"saved": _saved_line(timezone.now())})


@requires(TAKE)
@require_http_methods(["GET", "POST"])
def submit_attempt(request, pk):
    """GET asks once more, POST hands in; the first hand-in counts and any other shows its result."""
    found = _own_attempt(request, pk)
    if found.is_closed:
        return redirect("training:attempt_result", pk)
    if request.method == "POST":
        return _submitted(request, found)
    return render(request, "training/confirm_submit.html", {"sheet": sheet(found)} | _clock(found))


def _own_attempt(request, pk) -> Attempt:
    """Nobody else's is ever found; one whose time is over is closed before anything else."""
    own = Attempt.objects.of(request.user).select_related("course", "staff__legal_entity")
    found = get_object_or_404(own, pk=pk)
    if services.close_overdue_if_due(found, timezone.now()):
        found.refresh_from_db()
    return found


def _kept(request, found):
    try:
        _keep(request, found)
    except AttemptClosed:
        return redirect("training:attempt_result", found.pk)
    go = request.POST.get("go") or request.POST.get("mark", "").partition(":")[0]
    if go == "submit":
        return redirect("training:submit_attempt", found.pk) if sheet(found).blank else _submitted(request, found)
    return redirect(_address(found.pk, go=go, all_on_one=bool(request.POST.get("all"))))


def _keep(request, found) -> None:
    """`shown` names the questions of the form, so that an emptied multiple choice is emptied here too."""
    given = {each: request.POST.getlist(f"q{each}") for each in request.POST.getlist("shown")}
    services.save_answers(attempt=found, answers=given, by=request.user)
    position, _sign, wanted = request.POST.get("mark", "").partition(":")
    if position.isdecimal() and len(position) < 5:
        services.mark_question(attempt=found, position=int(position), is_marked=wanted == "on", by=request.user)


def _submitted(request, found):
    with suppress(AttemptClosed):
        services.submit_attempt(attempt=found, by=request.user)
    return redirect("training:attempt_result", found.pk)


def _address(pk, *, go: str, all_on_one: bool) -> str:
    address = reverse("training:attempt", args=[pk])
    if go == "all":
        return f"{address}?all=1"
    if all_on_one and go != "one":
        return f"{address}?all=1#q{go}" if _number(go) else f"{address}?all=1"
    return f"{address}?question={_number(go) or 1}"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 5 else None


def _screen(request, found) -> dict:
    page = sheet(found)
    position = min(max(_number(request.GET.get("question", "")) or 1, 1), len(page.questions))
    all_on_one = request.GET.get("all") == "1"
    return {
        "sheet": page,
        "all_on_one": all_on_one,
        "shown": page.questions if all_on_one else page.questions[position - 1 : position],
        "position": 0 if all_on_one else position,
        "previous": position - 1,
        "following": position + 1 if position < len(page.questions) else 0,
        "saved_line": _saved_line(page.saved_at) if page.saved_at else "",
    } | _clock(found)


def _clock(found) -> dict:
    """The server's instant and what is left of the time; the script counts on from there."""
    now = timezone.now()
    return {"now": now, "left": found.deadline - now if found.deadline else None}


def _saved_line(at) -> str:
    return _("%(time)s saved, safe from a power cut") % {"time": clock(at)}
