"""Lifting the mask of a list: an act of its own, with a reason, on a page or on a workbook (rules 1.2.5)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from customers.errors import UnmaskedTooOften
from customers.messages import message
from customers.rules.texts import clean_text
from customers.validators import refuse_lines
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.services import record
from tellerdesk.core.errors import FieldErrors, NotPermitted
from tellerdesk.staff.models import Staff

UNMASK = "customers.unmask_lists"
MOST_AN_HOUR = 30  # pages and workbooks of one person
HOUR = timedelta(hours=1)
UNMASKINGS = ("customers.list_unmasked", "customers.list_exported_in_full", "customers.history_exported_in_full")


@transaction.atomic
def unmask_list(*, listing: str, words: str, rows: int, reason: str, by) -> None:
    """That the rows of one page are read in full. `listing` is a code of history_words.LISTS, `words` the filter.

    Raises NotPermitted, FieldErrors for a missing reason, UnmaskedTooOften.
    """
    reason = allow_unmasking(reason=reason, by=by)
    detail = {"list": listing, "filter": words, "rows": rows, "reason": reason}
    record("customers.list_unmasked", subject=by.branch or by.legal_entity, by=by, detail=detail)


def allow_unmasking(*, reason: str, by) -> str:
    """The reason as it is kept. Runs in the transaction of the event; two at once of one person wait for each other."""
    if not by.has_perm(UNMASK):
        raise NotPermitted(UNMASK)
    refuse_lines(reason=reason)
    reason = clean_text(reason)
    if not reason:
        raise FieldErrors({"reason": [("required", message("required"))]})
    keep_to_the_rate(by)
    return reason


def keep_to_the_rate(by) -> None:
    Staff.objects.select_for_update(of=["self"], no_key=True).get(pk=by.pk)
    begun = timezone.now() - HOUR
    lately = AuditEvent.objects.by_person(by.username).filter(action__in=UNMASKINGS, at__gte=begun)
    times = list(lately.order_by("at").values_list("at", flat=True))
    if len(times) >= MOST_AN_HOUR:
        frees = times[len(times) - MOST_AN_HOUR] - begun
        raise UnmaskedTooOften(retry_after=max(1, int(frees.total_seconds())))
