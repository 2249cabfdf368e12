"""What a request asks for, as lists, receipts and the checker read it."""

from django import template

from customers import enums
from customers.field_words import paper_words
from customers.rules.amended import BY_DOCUMENT
from customers.rules.further import ADDED
from customers.templatetags.customer_facts import field_label

register = template.Library()
MADE_IN = {
    enums.AmendmentKind.OPENING: "1001",
    enums.AmendmentKind.AMENDMENT: "1002",
    enums.AmendmentKind.MERGE: "1006",
    enums.AmendmentKind.MERGE_UNDO: "1006",
    enums.AmendmentKind.REFUSAL: "1003",
}


@register.filter
def made_in(amendment):
    """Code of the transaction that asked for it."""
    if amendment.kind == enums.AmendmentKind.AMENDMENT and amendment.changes.keys() & (BY_DOCUMENT | ADDED):
        return "1005"
    return MADE_IN.get(amendment.kind, "1010")


@register.filter
def added_paper(changes):
    """The further paper that a request adds, with its period; None where it changes what is on file."""
    name = next((each for each in changes or () if each in ADDED), None)
    if name is None:
        return None
    period = {field: after for field, (_before, after) in changes.items() if field != name}
    return {"label": field_label(name), "words": paper_words(changes[name][1]), **period}


@register.filter
def of_fields(changes):
    """Field and pair, without the number that an undone merge gives back."""
    return [(name, pair) for name, pair in changes.items() if name != "customer_number"]


@register.filter
def asked_fields(changes):
    """The names of what a request changes; a further paper by itself, and not field by field."""
    return [name for name in changes if name in ADDED] or list(changes)
