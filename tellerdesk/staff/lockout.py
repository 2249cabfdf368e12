"""What a locked login is told (django-axes calls `locked` with its own keyword habits)."""

from datetime import timedelta
from math import ceil

from axes.models import AccessAttempt
from django.conf import settings
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import ngettext

from tellerdesk.staff.forms import LoginForm
from tellerdesk.staff.views.logins import login_page


def locked(request, *args):
    """Axes gives the credentials last, and sometimes what the view had answered before them."""
    left = _left(request, args[-1] or {})
    minutes = max(1, ceil(left / timedelta(minutes=1)))
    if request.path.startswith("/api/"):
        return _for_programs(left, minutes)
    form = LoginForm(request.POST)
    form.full_clean()
    return login_page(request, form, locked_minutes=minutes, status=429)


def _for_programs(left: timedelta, minutes: int) -> JsonResponse:
    seconds = max(1, ceil(left.total_seconds()))
    text = ngettext(
        "Locked after too many wrong passwords. Try again in %(minutes)d minute.",
        "Locked after too many wrong passwords. Try again in %(minutes)d minutes.",
        minutes,
    )
    body = {"code": "locked", "message": text % {"minutes": minutes}, "retry_after": seconds}
    return JsonResponse(body, status=429, headers={"Retry-After": str(seconds)})


def _left(request, credentials) -> timedelta:
    """Counted from the last failure that was taken down; the whole time where that cannot be found."""
    attempts = AccessAttempt.objects.filter(username=credentials.get("username"), ip_address=request.axes_ip_address)
    newest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return settings.AXES_COOLOFF_TIME - (timezone.now() - newest) if newest else settings.AXES_COOLOFF_TIME
