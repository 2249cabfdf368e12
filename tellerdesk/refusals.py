"""What a refusal says, as a body for programs and as the words of a page."""

from django.utils.translation import gettext as _

from training.selectors import courses_that_unlock

NO_COURSE = {"permission": None, "courses": []}


def refusal(permission: str, staff) -> dict:
    """The body of a 403: what was refused and the courses that would unlock it."""
    courses = courses_that_unlock(permission, staff)
    message = _("A course must be passed first.") if courses else _("Your position does not include this.")
    return {"code": "not_permitted", "message": message, "permission": permission, "courses": courses}


def unreadable() -> dict:
    return {"code": "bad_request", "message": _("The request cannot be read."), "errors": {}}


def forbidden() -> dict:
    return {"code": "not_permitted", "message": _("Your position does not include this."), **NO_COURSE}


def nothing_here() -> dict:
    return {"code": "not_found", "message": _("There is nothing at this address.")}


def broken() -> dict:
    return {"code": "server_error", "message": _("Something went wrong here; nothing was written.")}
