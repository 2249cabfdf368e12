from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError


class ChangePending(DomainError):
    """`context.id` is the change that waits."""

    code = "request_pending"
    message = _("A change of this setting waits for its checker already; decide on it or withdraw it first.")


class SamePerson(DomainError):
    code = "same_person"
    message = _("Whoever made a request cannot decide on it.")
    status = 403


class AlreadyDecided(DomainError):
    code = "already_decided"
    message = _("This request has been decided already.")


class Stale(DomainError):
    """`context.value` is the value in force now."""

    code = "stale"
    message = _("The record has changed since the page was opened; please read it again.")


class NotWithdrawable(DomainError):
    code = "not_withdrawable"
    message = _("Only the maker withdraws a change.")
