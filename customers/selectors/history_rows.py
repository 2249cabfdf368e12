"""Looks and receipts of a customer as lines of its history."""

from django.utils.translation import gettext as _

from customers.enums import DocumentType, HistoryKind
from customers.field_words import document_type_words
from customers.models import Look, Receipt
from customers.selectors.timeline import HistoryAsked, HistoryLine
from customers.templatetags.customer_facts import transaction_title


def look_lines(asked: HistoryAsked) -> list[HistoryLine]:
    looks = asked.of_customer(Look.objects.select_related("staff", "branch"))
    if asked.person:
        looks = looks.filter(staff__username=asked.person)
    return [_look(look, asked) for look in asked.newest(looks)]


def _look(look: Look, asked: HistoryAsked) -> HistoryLine:
    key = key_words(look.key)
    return HistoryLine(
        at=look.at,
        pk=look.pk,
        kind=HistoryKind.LOOKS,
        sentence=_("%(name)s looked, asking with %(key)s") % {"name": look.staff.name, "key": key},
        username=look.staff.username,
        person=look.staff.name,
        branch=look.branch.code if look.branch else "",
        action="look",
        key=look.key,
        reason=look.reason,
        about=asked.about(look.customer_id),
    )


def key_words(key: str) -> str:
    """A look's key with the type of the document in words; the number stands in it masked."""
    kind, _blank, number = key.partition(" ")
    if kind in DocumentType.values:
        return f"{document_type_words(kind)} {number}"
    return _("customer number %(number)s") % {"number": key}


def receipt_lines(asked: HistoryAsked) -> list[HistoryLine]:
    receipts = asked.of_customer(Receipt.objects.select_related("staff", "branch"))
    if asked.person:
        receipts = receipts.filter(staff__username=asked.person)
    return [_receipt(receipt, asked) for receipt in asked.newest(receipts)]


def _receipt(receipt: Receipt, asked: HistoryAsked) -> HistoryLine:
    code = receipt.transaction_code
    facts = {"name": receipt.staff.name, "number": receipt.number, "code": code, "title": transaction_title(code)}
    return HistoryLine(
        at=receipt.at,
        pk=receipt.pk,
        kind=HistoryKind.RECEIPTS,
        sentence=_("%(name)s issued the receipt %(number)s of %(code)s %(title)s") % facts,
        username=receipt.staff.username,
        person=receipt.staff.name,
        branch=receipt.branch.code,
        action="receipt",
        about=asked.about(receipt.customer_id),
        receipt=receipt.pk,
    )
