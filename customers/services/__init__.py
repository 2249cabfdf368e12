from customers.services.agent_check import check_agent
from customers.services.amending import amend_customer
from customers.services.certifying import issue_certificate
from customers.services.checking import check_identity, decide_check, take_up_check
from customers.services.drafting import drop_draft, held_draft, keep_draft
from customers.services.further_documents import add_document
from customers.services.imaging import add_image, look_at_image
from customers.services.importing import import_checked, queue_import, resume_import, send_customer_file
from customers.services.keeping_calendar import import_calendar
from customers.services.looking import look_up
from customers.services.merging import ask_for_merge
from customers.services.opening import open_customer
from customers.services.postponing import postpone_suspension
from customers.services.receipting import print_again
from customers.services.refusing import report_to_police
from customers.services.reviewing import approve, reject, withdraw
from customers.services.standing import ask_for_standing
from customers.services.unmerging import ask_for_undo

__all__ = [
    "add_document",
    "add_image",
    "amend_customer",
    "approve",
    "ask_for_merge",
    "ask_for_standing",
    "ask_for_undo",
    "check_agent",
    "check_identity",
    "decide_check",
    "drop_draft",
    "held_draft",
    "keep_draft",
    "import_calendar",
    "import_checked",
    "issue_certificate",
    "look_at_image",
    "look_up",
    "open_customer",
    "postpone_suspension",
    "print_again",
    "queue_import",
    "reject",
    "report_to_police",
    "resume_import",
    "send_customer_file",
    "take_up_check",
    "withdraw",
]
