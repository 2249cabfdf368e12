"""For what online checks leave owed."""

from django import template
from django.urls import reverse

from customers.check_messages import decision_label, source_label
from customers.enums import Business, OwedKind

register = template.Library()
RECHECKED = frozenset({OwedKind.DEFERRED_CHECK, OwedKind.FOLLOW_UP})
PLACES = {OwedKind.POLICE_ANSWER: "#receipt", OwedKind.POLICE_REPORT: "#report"}


@register.simple_tag
def owed_link(owed):
    """The page that settles it: 1003 with the person filled in, or the record with its form.

    `owed` has `kind`, `customer_number` and `check_id`.
    """
    if owed.kind in RECHECKED and owed.customer_number:
        return reverse("customers:check_customer", args=[owed.customer_number])
    return reverse("customers:check", args=[owed.check_id]) + PLACES.get(owed.kind, "")


@register.filter
def owed_kind(code):
    return OwedKind(code).label


@register.filter
def business(code):
    return Business(code).label if code in Business.values else code


@register.filter
def check_decision(code):
    return decision_label(code)


@register.filter
def check_source(code):
    return source_label(code)
