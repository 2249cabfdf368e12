from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.import_messages import FAILURES
from tellerdesk.audit import sentences


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self):
        sentences.register(
            {
                "customers.checked": _("%(actor)s checked the identity of %(subject)s online: %(outcome)s"),
                "customers.decided": _("%(actor)s decided on the check of %(subject)s: %(decision)s"),
                "customers.verified": _("%(actor)s made up the online check of %(subject)s"),
                "customers.opened": _("%(actor)s opened the customer %(subject)s (%(document)s)"),
                "customers.opening_submitted": _(
                    "%(actor)s opened the customer %(subject)s (%(document)s), waiting for review"
                ),
                "customers.opening_approved": _("%(actor)s approved the opening of %(subject)s by %(maker)s"),
                "customers.opening_rejected": _(
                    "%(actor)s returned the opening of %(subject)s by %(maker)s: %(reason)s"
                ),
                "customers.amended": _("%(actor)s changed %(fields)s of %(subject)s: %(reason)s"),
                "customers.refusal_proposed": _("%(actor)s asks to refuse %(subject)s: %(refusal_reason)s"),
                "customers.refusal_approved": _("%(actor)s approved the refusal of %(subject)s by %(maker)s"),
                "customers.refusal_rejected": _(
                    "%(actor)s returned the refusal of %(subject)s by %(maker)s: %(reason)s"
                ),
                "customers.dry_run_sent": _("%(actor)s sent a customer file for a dry run: %(subject)s"),
                "customers.import_sent": _("%(actor)s sent a customer file: %(subject)s"),
                "customers.import_resumed": _("%(actor)s had %(subject)s taken up again"),
                "customers.imported": _(
                    "%(actor)s imported %(accepted)s customers by %(subject)s, up to line %(last)s of the file"
                ),
                "customers.import_checked": _(
                    "The dry run %(subject)s of %(actor)s is over: %(accepted)s good lines, %(rejected)s rejected"
                ),
                "customers.import_done": _(
                    "%(subject)s of %(actor)s is over: %(accepted)s customers, %(rejected)s lines rejected"
                ),
                "customers.import_failed": _("%(subject)s of %(actor)s failed: %(error)s"),
                "customers.rejects_read": _("%(actor)s downloaded the %(rejected)s rejected lines of %(subject)s"),
                "customers.receipt_printed": _(
                    "%(actor)s printed the receipt %(receipt)s of %(subject)s again, copy %(copy)s"
                ),
            },
            labels={
                "outcome": enums.CheckOutcome.choices,
                "decision": enums.CheckDecision.choices,
                "refusal_reason": enums.RefusalReason.choices,
                "document": enums.DocumentType.choices,
                "error": FAILURES,
            },
        )
