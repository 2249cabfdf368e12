"""Lists and histories that leave the site as workbooks."""

from django.db import transaction

from customers.errors import ListTooLong
from customers.models import Customer
from customers.services.unmasking import allow_unmasking
from tellerdesk.audit.services import record

MOST_ROWS = 100_000
MOST_LINES = 20_000  # of one customer's history


def check_size(rows: int) -> None:
    """Raises ListTooLong."""
    if rows > MOST_ROWS:
        raise ListTooLong(rows=rows, most=MOST_ROWS)


@transaction.atomic
def export_list(*, listing: str, words: str, rows: int, reason: str = "", by) -> None:
    """That a list leaves the site; with a reason, that it does so without masks. Raises as `unmask_list`."""
    detail = {"list": listing, "filter": words, "rows": rows}
    tell_export("customers.list_exported", by.branch or by.legal_entity, detail, reason=reason, by=by)


@transaction.atomic
def export_history(*, customer: Customer, words: str, reason: str = "", by) -> None:
    tell_export("customers.history_exported", customer, {"filter": words}, reason=reason, by=by)


def tell_export(action: str, subject, detail: dict, *, reason: str, by) -> None:
    if reason:
        detail |= {"reason": allow_unmasking(reason=reason, by=by)}
        action = f"{action}_in_full"
    record(action, subject=subject, by=by, detail=detail)
