from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from customers import enums, history_words, merge_words
from customers.import_messages import FAILURES
from customers.limits import LIMITS
from customers.production import gateway_errors
from customers.rules.expiry import EXPIRED_DOCUMENT
from tellerdesk.audit import sentences
from tellerdesk.limits.registry import register


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self):
        history_words.register(self.get_model("Customer"))
        merge_words.register()
        register(*LIMITS)
        checks.register(gateway_errors, checks.Tags.security)
        sentences.register(
            {
                "customers.checked": _("%(actor)s checked the identity of %(subject)s online: %(outcome)s"),
                "customers.decided": _("%(actor)s decided on the check of %(subject)s: %(decision)s"),
                "customers.owed_settled": _("%(actor)s made up the online check of %(subject)s"),
                "customers.agent_checked": _("%(actor)s let the agent %(subject)s act: %(outcome)s"),
                "customers.certificate_issued": _(
                    "%(actor)s issued the certificate %(certificate)s on the check of %(subject)s: %(outcome)s"
                ),
                "customers.check_taken_up": _("%(actor)s took up the owed check of %(subject)s"),
                "customers.police_reported": _(
                    "%(actor)s recorded the report to the police on %(subject)s: %(police_report)s"
                ),
                "customers.calendar_changed": _(
                    "%(actor)s changed the working-day calendar of %(subject)s: %(days)s days, %(first)s to %(last)s"
                ),
                "customers.owed_exported": _(
                    "%(actor)s exported the owed checks of %(subject)s: %(filter)s, %(rows)s lines"
                ),
                "customers.register_exported": _(
                    "%(actor)s exported the register of checks of %(subject)s: %(day)s, %(rows)s lines"
                ),
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
                "customers.amendment_requested": _("%(actor)s asks to change %(fields)s of %(subject)s: %(reason)s"),
                "customers.amendment_approved": _("%(actor)s approved the change of %(subject)s by %(maker)s"),
                "customers.amendment_rejected": _(
                    "%(actor)s returned the change of %(subject)s by %(maker)s: %(reason)s"
                ),
                "customers.suspension_requested": _("%(actor)s asks to suspend %(subject)s: %(reason)s"),
                "customers.suspension_approved": _("%(actor)s suspended %(subject)s, asked for by %(maker)s"),
                "customers.suspension_rejected": _(
                    "%(actor)s returned the suspension of %(subject)s by %(maker)s: %(reason)s"
                ),
                "customers.reinstatement_requested": _("%(actor)s asks to reinstate %(subject)s: %(reason)s"),
                "customers.reinstatement_approved": _("%(actor)s reinstated %(subject)s, asked for by %(maker)s"),
                "customers.reinstatement_rejected": _(
                    "%(actor)s returned the reinstatement of %(subject)s by %(maker)s: %(reason)s"
                ),
                "customers.closure_requested": _("%(actor)s asks to close %(subject)s: %(reason)s"),
                "customers.closure_approved": _("%(actor)s closed %(subject)s, asked for by %(maker)s"),
                "customers.closure_rejected": _(
                    "%(actor)s returned the closure of %(subject)s by %(maker)s: %(reason)s"
                ),
                "customers.request_withdrawn": _("%(actor)s withdrew a request about %(subject)s: %(kind)s"),
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
                "customers.image_added": _("%(actor)s added a scan to the file of %(subject)s: %(side)s"),
                "customers.document_requested": _("%(actor)s asks to add a %(document)s to %(subject)s: %(reason)s"),
                "customers.suspension_proposed": _("The system proposes to suspend %(subject)s: %(reason)s"),
                "customers.suspension_postponed": _(
                    "%(actor)s put off the suspension of %(subject)s until %(until)s: %(ground)s"
                ),
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
                "kind": enums.AmendmentKind.choices,
                "maker": {"system": _("The system")},
                "side": self.get_model("DocumentImage").Side.choices,
                "reason": {EXPIRED_DOCUMENT: _("document expired beyond the time of grace")},
            },
        )
