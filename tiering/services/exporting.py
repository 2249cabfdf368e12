from django.db import transaction

from tellerdesk.audit.services import record
from tiering.errors import TooMany
from tiering.messages import filter_words
from tiering.selectors.list_filter import Filter
from tiering.selectors.lists import Totals

MOST_ROWS = 200_000


@transaction.atomic
def note_export(*, chosen: Filter, totals: Totals, by) -> None:
    """That a list of customers leaves the site. Raises TooMany."""
    if totals.customers > MOST_ROWS:
        raise TooMany(rows=totals.customers, most=MOST_ROWS)
    detail = {"rows": totals.customers, "filter": filter_words(chosen)}
    record("tiering.list_exported", subject=chosen.scope.branch, by=by, detail=detail)
