"""The answer to a program whose call was refused, whatever raised it: one shape for each status."""

import logging

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from tellerdesk.core.errors import Busy, DomainError, FieldErrors, NotPermitted, is_meeting
from tellerdesk.refusals import NO_COURSE, broken, forbidden, nothing_here, refusal, unreadable

logger = logging.getLogger("tellerdesk.api_errors")

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_found",
    405: "method_not_allowed",
}
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
    if isinstance(error, OperationalError) and is_meeting(error):
        return _domain_error(Busy())
    if isinstance(error, NotPermitted):
        return Response(refusal(error.permission, context["request"].user), 403)
    if isinstance(error, Http404):
        return Response(nothing_here(), 404)
    if isinstance(error, exceptions.APIException):
        return _api_error(error)
    if isinstance(error, RequestDataTooBig):
        return Response({"code": "too_large", "message": _("The request is larger than 16 MB."), "errors": {}}, 400)
    if isinstance(error, SuspiciousOperation | BadRequest):
        return Response(unreadable(), 400)
    if isinstance(error, PermissionDenied):
        return Response(forbidden(), 403)
    return _server_error(error)


def _domain_error(error):
    """A 429 says when to come back, as a locked login does; a 403 has the keys of every 403."""
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
    return Response(broken(), 500)
