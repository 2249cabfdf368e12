"""Hand-overs on pages of others: whoever is deactivated or moved may still look after customers."""

from django import template

from tiering.models import HandOver, HandOverRow, OwnerAssignment
from tiering.selectors.leavers import HAND_OVER, branch_of_leaver, open_hand_over_of

register = template.Library()


@register.inclusion_tag("tiering/still_owns.html", takes_context=True)
def still_owns(context, person):
    """Nothing where the person owns nobody; the way to 2007 for whoever may hand over."""
    by = context["request"].user
    customers = OwnerAssignment.objects.current().filter(owner=person).count()
    may = bool(customers) and by.has_perm(HAND_OVER) and branch_of_leaver(person, by) is not None
    return {
        "person": person,
        "customers": customers,
        "waiting": open_hand_over_of(person) if customers else None,
        "may_hand_over": may,
    }


@register.simple_tag
def waiting_hand_over(customer) -> HandOver | None:
    """The open hand-over that this customer is part of."""
    rows = HandOverRow.objects.handed().filter(customer=customer)
    people = ("leaver", "maker", "branch")
    return HandOver.objects.open().filter(pk__in=rows.values("hand_over")).select_related(*people).first()
