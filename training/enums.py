from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    SINGLE = "single", _("Single choice")
    MULTIPLE = "multiple", _("Multiple choice")
    TRUE_FALSE = "true_false", _("True or false")


class ClosedBy(TextChoices):
    PERSON = "person", _("Handed in")
    DEADLINE = "deadline", _("Time ran out")


class Unlockable(TextChoices):
    """The permissions that a course may stand before (rules 1.3); nothing else is ever gated."""

    OPEN_CUSTOMER = "customers.open_customer", _("Open individual customer")
    AMEND_CUSTOMER = "customers.amend_customer", _("Amend customer information")
    CHECK_IDENTITY = "customers.check_identity", _("Online identity check")
    REQUEST_MERGE = "customers.request_merge", _("Ask for a merge of customers")
    APPROVE_AMENDMENT = "customers.approve_amendment", _("Approve amendments")
    APPROVE_MERGE = "customers.approve_merge", _("Approve merges")
    SET_OWNERS = "tiering.set_owners", _("Set maintenance owners")
    ADOPT_CUSTOMER = "tiering.adopt_customer", _("Adopt customers")
