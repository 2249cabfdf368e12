from customers.models import Customer, IdentityCheck
from tellerdesk.audit.selectors import Line, history_of

SHOWN = 6


def checks_of(customer: Customer) -> list[IdentityCheck]:
    return list(customer.checks.select_related("teller", "branch").order_by("-pk")[:SHOWN])


def recent_history(customer: Customer) -> list[Line]:
    return history_of("customers.customer", customer.pk, limit=SHOWN)
