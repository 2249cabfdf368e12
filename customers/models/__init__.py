from customers.models.amendment import Agent, Amendment
from customers.models.check import AuxiliaryPaper, IdentityCheck
from customers.models.customer import Customer, IdentityDocument, IdentityKey
from customers.models.customer_import import CustomerImport, ImportReject
from customers.models.draft import Draft
from customers.models.look import Look
from customers.models.receipt import Receipt, ReceiptCopy

__all__ = [
    "Agent",
    "Amendment",
    "AuxiliaryPaper",
    "Customer",
    "CustomerImport",
    "Draft",
    "IdentityCheck",
    "IdentityDocument",
    "IdentityKey",
    "ImportReject",
    "Look",
    "Receipt",
    "ReceiptCopy",
]
