"""What people see when something is refused; under /api/ the same in JSON (tellerdesk.api_errors)."""

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from customers.views.keeping import kept, read_mark
from tellerdesk.core.errors import Busy, DomainError, FieldErrors, NotPermitted, is_meeting
from tellerdesk.refusals import broken, forbidden, nothing_here, refusal, unreadable


class DomainErrorMiddleware:
    """Turns what a page view lets through into the page that says so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path:  # nothing is called so, and PostgreSQL takes no such text
            return not_found(request)
        response = self.get_response(request)
        if response.status_code == 405 and not _is_api(request):
            return self._only_from_a_form(request, response)
        return response

    @staticmethod
    def _only_from_a_form(request, response):
        """Where the login page leads back to an act that was being sent when the login ended."""
        message = _("Nothing was done. Please go back to the form and send it once more.")
        page = render(request, "errors/400.html", {"message": message}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request, error):
        if isinstance(error, NotPermitted):
            return render(request, "errors/403.html", refusal(error.permission, request.user), status=403)
        if isinstance(error, FieldErrors):
            return render(request, "errors/400.html", {"message": error.message}, status=400)
        if isinstance(error, DomainError):
            return render(request, "errors/409.html", error.as_dict(), status=error.status)
        if isinstance(error, OperationalError) and is_meeting(error):
            return render(request, "errors/409.html", Busy().as_dict(), status=Busy.status)
        if isinstance(error, RequestDataTooBig):
            return bad_request(request, error)
        return None


def bad_request(request, exception=None):
    if _is_api(request):
        return JsonResponse(unreadable(), status=400)
    return render(request, "errors/400.html", {"message": unreadable()["message"]}, status=400)


def permission_denied(request, exception=None):
    if _is_api(request):
        return JsonResponse(forbidden(), status=403)
    return render(request, "errors/403.html", forbidden(), status=403)


def not_found(request, exception=None):
    if _is_api(request):
        return JsonResponse(nothing_here(), status=404)
    return render(request, "errors/404.html", status=404)


def server_error(request):
    """Drawn without the shell: whatever broke may break the shell too."""
    if _is_api(request):
        return JsonResponse(broken(), status=500)
    return render(request, "errors/500.html", status=500)


def csrf_failure(request, reason=""):
    """A page older than the last login: what was typed is kept where its form says how, and the page is shown anew."""
    found = read_mark(request)
    if found:
        return kept(request, found)
    messages.warning(
        request, _("This page was opened before you logged in again. Please check it and send it once more.")
    )
    return render(request, "errors/csrf.html", status=403)


def _is_api(request) -> bool:
    return request.path.startswith("/api/")
