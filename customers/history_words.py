"""What audit and history say of a customer's record beyond its acts: fields, values, lists, the strand of an act."""

from django.utils.translation import gettext_lazy as _

from customers.enums import HistoryKind
from customers.field_words import OF_ACTS, OF_DOCUMENT, SHOWN
from customers.history_sources import register_actions
from tellerdesk.audit import sentences

LISTS = {
    "checks": _("Register of checks"),
    "receipts": _("Receipts"),
    "my_requests": _("My requests"),
    "waiting": _("Requests waiting for review"),
    "decided": _("Decided requests"),
    "looks": _("Looks of a person"),
    "day_totals": _("Day totals by person"),
    "customers_by_tier": _("Customers by tier"),
    "expiring": _("Expiring documents"),
    "adoption": _("Adopt customers"),
    "claim_pool": _("Claim pool"),
    "adoption_batch": _("Adoption batch"),
    "upgrade_choices": _("Open upgrade choices"),
    "referrals": _("Customers referred to me"),
    "hand_over": _("Hand-over list"),
    "assessed": _("Customers behind the assessment"),
    "eighty_twenty": _("80/20 view"),
}


def register(customer_model) -> None:
    own = {field.name: field.verbose_name for field in customer_model._meta.fields}
    sentences.register_fields("customers.customer", labels=OF_DOCUMENT | OF_ACTS, shown=SHOWN)
    sentences.register(
        {
            "customers.list_unmasked": _(
                "%(actor)s read %(rows)s lines of “%(list)s” without masks (%(filter)s): %(reason)s"
            ),
            "customers.list_exported": _("%(actor)s exported %(rows)s lines of “%(list)s” (%(filter)s)"),
            "customers.list_exported_in_full": _(
                "%(actor)s exported %(rows)s lines of “%(list)s” without masks (%(filter)s): %(reason)s"
            ),
            "customers.history_exported": _("%(actor)s exported the history of %(subject)s (%(filter)s)"),
            "customers.history_exported_in_full": _(
                "%(actor)s exported the history of %(subject)s without masks (%(filter)s): %(reason)s"
            ),
        },
        labels={"list": LISTS, "fields": own | OF_DOCUMENT},
    )
    register_actions(HistoryKind.LOOKS, "customers.history_exported", "customers.history_exported_in_full")
    register_actions(
        HistoryKind.CHECKS,
        "customers.checked",
        "customers.decided",
        "customers.verified",
        "customers.owed_settled",
        "customers.agent_checked",
        "customers.certificate_issued",
        "customers.check_taken_up",
        "customers.police_reported",
    )
    register_actions(HistoryKind.RECEIPTS, "customers.receipt_printed")
