from customers.models.amendment import Agent, Amendment, ChangedNumber
from customers.models.certificate import Certificate
from customers.models.check import AuxiliaryPaper, IdentityCheck
from customers.models.customer import Customer, IdentityDocument, IdentityKey
from customers.models.customer_import import CustomerImport, ImportReject
from customers.models.draft import Draft
from customers.models.image import DocumentImage, Postponement
from customers.models.look import Look
from customers.models.merge import DuplicatePair, DuplicateSearch, Merge
from customers.models.receipt import Receipt, ReceiptCopy
from customers.models.work_calendar import CalendarDay

__all__ = [
    "Agent",
    "Amendment",
    "AuxiliaryPaper",
    "CalendarDay",
    "Certificate",
    "ChangedNumber",
    "Customer",
    "CustomerImport",
    "DocumentImage",
    "Draft",
    "DuplicatePair",
    "DuplicateSearch",
    "IdentityCheck",
    "IdentityDocument",
    "IdentityKey",
    "ImportReject",
    "Look",
    "Merge",
    "Postponement",
    "Receipt",
    "ReceiptCopy",
]
