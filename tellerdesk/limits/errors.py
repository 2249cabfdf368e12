from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError


class ChangePending(DomainError):
    """`context.id` is the change that waits."""

    code = "request_pending"
    message = _("A change of this setting waits for its checker already; decide on it or withdraw it first.")


class NotWithdrawable(DomainError):
    code = "not_withdrawable"
    message = _("Only the maker withdraws a change.")
