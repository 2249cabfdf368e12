"""What people and programs see when something is refused: one place for pages and API, whatever raises."""

import logging

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from customers.views.keeping import kept, read_mark
from tellerdesk.core.errors import DomainError, FieldErrors, NotPermitted
from training.selectors import courses_that_unlock

logger = logging.getLogger("tellerdesk.handlers")

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
}
NO_COURSE = {"permission": None, "courses": []}
MORE_BY_STATUS = {400: {"errors": {}}, 403: NO_COURSE}


def api_exception(error, context):
    """DRF's exception handler. Returns None, and so a plain 500, only for faults of our own."""
    set_rollback()
    if isinstance(error, FieldErrors):
        return Response(
            {"code": error.code, "message": str(error.message), "errors": _by_field(error.errors)}, error.status
        )
    if isinstance(error, DomainError):
        return _domain_error(error)
    if isinstance(error, NotPermitted):
        return Response(refusal(error.permission, context["request"].user), 403)
    if isinstance(error, Http404):
        return Response(_nothing_here(), 404)
    if isinstance(error, exceptions.APIException):
        return _api_error(error)
    if isinstance(error, RequestDataTooBig):
        return Response({"code": "too_large", "message": _("The request is larger than 16 MB."), "errors": {}}, 400)
    if isinstance(error, SuspiciousOperation | BadRequest):
        return Response(_unreadable(), 400)
    if isinstance(error, PermissionDenied):
        return Response(_forbidden(), 403)
    return _server_error(error)


def _domain_error(error):
    """`retry_after` in seconds stands at the top of a 429, as it does for a locked login; a 403 has the keys of every 403."""
    waits = {"retry_after": error.context["retry_after"]} if error.status == 429 else {}
    headers = {"Retry-After": str(waits["retry_after"])} if waits else {}
    unlocked_by = NO_COURSE if error.status == 403 else {}
    return Response(error.as_dict() | waits | unlocked_by, error.status, headers=headers)


def _api_error(error):
    headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
    if isinstance(error, exceptions.ValidationError):
        body = {
            "code": "invalid",
            "message": _("Please check what was entered."),
            "errors": _detail_by_field(error.get_full_details()),
        }
        return Response(body, error.status_code)
    code = error.get_codes()
    body = {
        "code": code if isinstance(code, str) else CODES.get(error.status_code, "refused"),
        "message": str(error.detail),
    }
    if isinstance(error, exceptions.Throttled):
        body["retry_after"] = error.wait
    return Response(body | MORE_BY_STATUS.get(error.status_code, {}), error.status_code, headers=headers)


def _detail_by_field(details, path="") -> dict:
    """DRF's nested details flattened to `{"agent.name": [{code, message}]}`."""
    if isinstance(details, list):
        plain = [each for each in details if isinstance(each, dict) and set(each) == {"message", "code"}]
        found = {path or "__all__": [{"code": d["code"], "message": str(d["message"])} for d in plain]} if plain else {}
        for index, each in enumerate(details):
            if each not in plain and each:
                found |= _detail_by_field(each, f"{path}.{index}" if path else str(index))
        return found
    found = {}
    for name, each in details.items():
        name = "__all__" if name == "non_field_errors" else str(name)
        found |= _detail_by_field(each, f"{path}.{name}" if path else name)
    return found


def _by_field(errors: dict) -> dict:
    return {field: [{"code": code, "message": str(text)} for code, text in found] for field, found in errors.items()}


def _server_error(error):
    logger.error("unexpected %s in the API", type(error).__name__, exc_info=error)
    return Response(_broken(), status.HTTP_500_INTERNAL_SERVER_ERROR)


def refusal(permission: str, staff) -> dict:
    """The body of a 403: what was refused and the courses that would unlock it."""
    courses = courses_that_unlock(permission, staff)
    message = _("A course must be passed first.") if courses else _("Your position does not include this.")
    return {"code": "not_permitted", "message": message, "permission": permission, "courses": courses}


class DomainErrorMiddleware:
    """Turns what a page view lets through into the page that says so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
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
        if isinstance(error, RequestDataTooBig):
            return bad_request(request, error)
        return None


def bad_request(request, exception=None):
    if _is_api(request):
        return JsonResponse(_unreadable(), status=400)
    return render(request, "errors/400.html", {"message": _unreadable()["message"]}, status=400)


def permission_denied(request, exception=None):
    if _is_api(request):
        return JsonResponse(_forbidden(), status=403)
    return render(request, "errors/403.html", _forbidden(), status=403)


def not_found(request, exception=None):
    if _is_api(request):
        return JsonResponse(_nothing_here(), status=404)
    return render(request, "errors/404.html", status=404)


def server_error(request):
    """Drawn without the shell: whatever broke may break the shell too."""
    if _is_api(request):
        return JsonResponse(_broken(), status=500)
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


def _unreadable() -> dict:
    return {"code": "bad_request", "message": _("The request cannot be read."), "errors": {}}


def _forbidden() -> dict:
    return {"code": "not_permitted", "message": _("Your position does not include this."), **NO_COURSE}


def _nothing_here() -> dict:
    return {"code": "not_found", "message": _("There is nothing at this address.")}


def _broken() -> dict:
    return {"code": "server_error", "message": _("Something went wrong here; nothing was written.")}
