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


class AgentNotVerified(DomainError):
    """`context.outcome` is the answer about the agent's paper, `context.identity_check` its record."""

    code = "agent_not_verified"
    message = _("The online check of the agent says: %(answer)s. Verify the agent's paper further in 1003 first.")


class CertificateNotDue(DomainError):
    code = "certificate_not_due"
    message = _("A certificate is given where name, number or photo did not agree, and only then.")


class ReportNotOwed(DomainError):
    code = "report_not_owed"
    message = _("No report to the police is owed on this check.")


class DocumentExpired(DomainError):
    code = "document_expired"
    message = _("The document expired on %(valid_until)s; only a valid document is taken.")


class RequestPending(DomainError):
    """`context.id` is the request that waits."""

    code = "request_pending"
    message = _("A request for this customer waits for its checker already; decide on it or withdraw it first.")


class NotAmendable(DomainError):
    code = "not_amendable"
    message = _("A customer in this state cannot be changed.")


class InPersonRequired(DomainError):
    code = "in_person_required"
    message = _("The customer must come in person with the identity document.")


class AgentNotAllowed(DomainError):
    code = "agent_not_allowed"
    message = _("No agent may act in this matter.")


class NotWithdrawable(DomainError):
    code = "not_withdrawable"
    message = _("Only the maker withdraws a request, and never an opening.")


class ImportNotPossible(DomainError):
    code = "import_not_possible"
    message = _("This file cannot be imported any more; please send it again.")


class NotMergeable(DomainError):
    """`context.status` is that of the customer who is in the way."""

    code = "not_mergeable"
    message = _("Customer %(customer_number)s is merged, closed or waits for review; only customers in use are merged.")


class NotUndoable(DomainError):
    """`context.reasons` are codes of rules.merging.Obstacle."""

    code = "not_undoable"
    message = _("This merge cannot be undone: %(explanation)s")

    def __init__(self, *, reasons, **context):
        explanation = " ".join(str(WHY_NOT_UNDOABLE[reason]) for reason in reasons)
        super().__init__(reasons=[str(reason) for reason in reasons], explanation=explanation, **context)


WHY_NOT_UNDOABLE = {
    "not_carried_out": _("it has not been carried out."),
    "already_undone": _("it has been undone already."),
    "survivor_merged": _("the surviving customer was itself merged into another one since; undo that first."),
    "survivor_closed": _("the surviving customer was closed since."),
    "later_merge": _("a later merge of the surviving customer builds on it; undo that first."),
    "document_replaced": _("the identity document that would go back was replaced by another one since."),
    "no_document_left": _("the surviving customer would be left without an identity document of its own."),
    "number_taken_over": _("the surviving customer holds another document of the person whose number goes back."),
    "identity_changed": _("name, sex or birth date were changed since by the document that would go back."),
    "no_contact_left": _("the surviving customer would be left without telephone and e-mail."),
    "no_address_left": _("the surviving customer would be left without an address."),
    "no_occupation_left": _("the surviving customer's other occupation would be left without its words."),
}


class PairDecided(DomainError):
    code = "already_decided"
    message = _("This pair has been decided already.")


class SearchRunning(DomainError):
    """`context.id` is the search that is under way."""

    code = "search_running"
    message = _("A search for duplicates is under way already.")


class RateLimited(DomainError):
    """`context.retry_after` in seconds."""

    code = "rate_limited"
    message = _("Too many identity checks in a minute; please wait %(retry_after)s seconds.")
    status = 429


class UnmaskedTooOften(DomainError):
    """`context.retry_after` in seconds."""

    code = "unmasked_too_often"
    message = _("Too many lists without masks in an hour; please wait %(retry_after)s seconds.")
    status = 429


class ListTooLong(DomainError):
    """`context.most` rows go into one workbook."""

    code = "too_many"
    message = _("The list has %(rows)s rows; a workbook takes %(most)s. Please choose a shorter period.")
