from customers.services.amending import amend_customer
from customers.services.checking import check_identity, decide_check
from customers.services.drafting import drop_draft, held_draft, keep_draft
from customers.services.importing import (
    download_rejects,
    import_checked,
    queue_import,
    resume_import,
    send_customer_file,
)
from customers.services.looking import look_up
from customers.services.opening import open_customer
from customers.services.receipting import print_again
from customers.services.reviewing import approve, reject

__all__ = [
    "amend_customer",
    "approve",
    "check_identity",
    "decide_check",
    "download_rejects",
    "drop_draft",
    "held_draft",
    "keep_draft",
    "import_checked",
    "look_up",
    "open_customer",
    "print_again",
    "queue_import",
    "reject",
    "resume_import",
    "send_customer_file",
]
