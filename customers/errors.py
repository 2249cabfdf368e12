from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError


class CustomerExists(DomainError):
    code = "customer_exists"
    message = _("This person is a customer already: number %(customer_number)s.")


class LookupNotAllowed(DomainError):
    code = "lookup_not_allowed"
    message = _("Look up by customer number, or by document type together with document number.")
    status = 400


class DecisionRequired(DomainError):
    code = "decision_required"
    message = _("The result of the identity check asks for a decision before the business may go on.")


class DecisionNotAllowed(DomainError):
    """`context.reasons` names what is missing, by the words of rules.identity_check."""

    code = "decision_not_allowed"
    message = _("This decision is not open: %(explanation)s")


class CheckConsumed(DomainError):
    code = "check_consumed"
    message = _("This identity check has been used already; a new business needs a new check.")


class CheckMismatch(DomainError):
    code = "check_mismatch"
    message = _("The identity check was made for something else: %(differs)s.")


class CheckDecided(DomainError):
    code = "already_decided"
    message = _("A decision on this check has been recorded already.")


class DocumentExpired(DomainError):
    code = "document_expired"
    message = _("The document expired on %(valid_until)s; a customer is opened with a valid document only.")


class NeedsChecker(DomainError):
    code = "needs_checker"
    message = _("This change needs a second person: %(fields)s.")


class NotAmendable(DomainError):
    code = "not_amendable"
    message = _("A customer in this state cannot be changed.")


class InPersonRequired(DomainError):
    code = "in_person_required"
    message = _("The customer must come in person with the identity document.")


class AgentNotAllowed(DomainError):
    code = "agent_not_allowed"
    message = _("No agent may act in this matter.")


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


class ImportNotPossible(DomainError):
    code = "import_not_possible"
    message = _("This file cannot be imported any more; please send it again.")


class RateLimited(DomainError):
    """`context.retry_after` in seconds."""

    code = "rate_limited"
    message = _("Too many identity checks in a minute; please wait %(retry_after)s seconds.")
    status = 429
