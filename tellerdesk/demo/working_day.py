"""A few acts of today through the services, so that history, receipts and the home page have something to show."""

from customers.enums import CheckDecision
from customers.models import Customer, IdentityCheck, Receipt
from customers.services import amend_customer, issue_certificate, look_up, print_again
from tellerdesk.staff.models import Staff

CHANGES = (
    {"address": "浙江省杭州市西湖区样例路88号3幢201室"},
    {"occupation": "retired"},
    {"phone": "0571-80000188", "employer_address": "浙江省杭州市余杭区示范大道6号 示例软件有限公司"},
    {"email": "sample00001@example.com"},
)
REASON = "客户填写信息变更申请书"
LOOKS = 8


def work_a_little() -> None:
    for username in ("teller", "teller2", "teller3"):
        teller = Staff.objects.select_related("legal_entity").get(username=username)
        amend_some(teller)
        look_at_some(teller)
        print_one_again(teller)
        certify_one(teller)


def amend_some(teller: Staff) -> None:
    """Of customers of long ago, none of whom holds a cheque account or waits for a checker."""
    plain = Customer.objects.reachable_by(teller).filter(
        opening_branch=teller.branch, status="active", has_cheque_account=False, occupation="clerical"
    )
    for customer, changes in zip(plain.order_by("pk")[: len(CHANGES)], CHANGES, strict=False):
        amend_customer(customer=customer, changes=changes, in_person=False, reason=REASON, by=teller)


def look_at_some(teller: Staff) -> None:
    """By number and by document; one finds nobody."""
    found = Customer.objects.reachable_by(teller).filter(opening_branch=teller.branch).order_by("-pk")[:LOOKS]
    for place, customer in enumerate(found):
        document = customer.documents.primary().get()
        by_document = {"document_type": document.document_type, "document_number": document.number}
        look_up(**(by_document if place % 2 else {"customer_number": customer.customer_number}), by=teller)
    look_up(customer_number="100000000000", by=teller)


def print_one_again(teller: Staff) -> None:
    receipt = Receipt.objects.filter(staff=teller).select_related("customer", "branch").latest("pk")
    print_again(receipt=receipt, by=teller)


def certify_one(teller: Staff) -> None:
    """For somebody who goes to the police; nobody at the counter of 101 does."""
    waiting = IdentityCheck.objects.filter(teller=teller, decision=CheckDecision.HOLD_PENDING_POLICE)
    check = waiting.order_by("-pk").first()
    if check:
        issue_certificate(check=check, by=teller)
