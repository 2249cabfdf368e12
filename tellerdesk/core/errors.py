"""A refusal is a fact with a name: a code for machines, a sentence for people."""

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Raised by services. `context` goes to the API as it is: nothing in it that the caller may not see."""

    code = "refused"
    message = _("This is not possible now.")
    status = 409

    def __init__(self, **context):
        super().__init__(self.code)
        self.context = context

    def as_dict(self) -> dict:
        return {"code": self.code, "message": str(self.message) % self.context, "context": self.context}


class FieldErrors(DomainError):
    """What is wrong with an input, by field: `{field: [(code, message), …]}`; `__all__` for the whole."""

    code = "invalid"
    message = _("Please check what was entered.")
    status = 400

    def __init__(self, errors: dict):
        super().__init__()
        self.errors = errors


class SamePerson(DomainError):
    code = "same_person"
    message = _("Whoever made a request cannot decide on it.")
    status = 403


class AlreadyDecided(DomainError):
    code = "already_decided"
    message = _("This request has been decided already.")


class Stale(DomainError):
    code = "stale"
    message = _("The record has changed since the page was opened; please read it again.")


class Busy(DomainError):
    """Two acts met over the same records, or one waited too long; nothing of it is written."""

    code = "busy"
    message = _("Somebody else is at these records just now; please try again.")


# What PostgreSQL calls it: deadlock_detected, lock_not_available, serialization_failure.
MEETINGS = frozenset({"40P01", "55P03", "40001"})


def is_meeting(error: BaseException) -> bool:
    return getattr(error.__cause__, "pgcode", None) in MEETINGS


class NotPermitted(Exception):
    """Knows which permission was refused, so that the answer can name the course that unlocks it."""

    def __init__(self, permission: str):
        super().__init__(permission)
        self.permission = permission
