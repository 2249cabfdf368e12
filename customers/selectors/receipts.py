from datetime import date

from customers.models import Receipt
from tellerdesk.staff.models import Branch


def receipts_of(staff, *, day: date | None = None):
    """The receipts of the branches `staff` may list, the newest first."""
    found = (
        Receipt.objects.filter(
            legal_entity_id=staff.legal_entity_id, branch__in=Branch.objects.visible_to(staff, "customers.look_up")
        )
        .select_related("branch", "staff", "customer")
        .order_by("-pk")
    )
    return found.filter(business_date=day) if day else found


def readable_receipt(staff, pk: int) -> Receipt | None:
    """One's own, or one of a branch whose lists one may see."""
    found = Receipt.objects.filter(legal_entity_id=staff.legal_entity_id, pk=pk).select_related(
        "branch", "staff", "customer", "amendment__checker"
    )
    receipt = found.first()
    if receipt is None or receipt.staff_id == staff.pk:
        return receipt
    return found.filter(branch__in=Branch.objects.visible_to(staff, "customers.look_up")).first()


def receipt_numbered(staff, serial: str) -> Receipt | None:
    """By the whole serial number as printed, or by its last part alone."""
    last = serial.rsplit("-", 1)[-1]
    if not (last.isascii() and last.isdigit() and len(last) < 19):
        return None
    found = readable_receipt(staff, int(last))
    return found if found and serial in (last, found.number) else None
