"""That a list of checks leaves the site."""

from datetime import date

from django.db import transaction

from tellerdesk.audit.services import record
from tellerdesk.staff.models import Branch


@transaction.atomic
def note_owed_export(*, words: str, rows: int, by) -> None:
    record("customers.owed_exported", subject=by.branch, by=by, detail={"filter": words, "rows": rows})


@transaction.atomic
def note_register_export(*, day: date, branch: Branch | None, rows: int, by) -> None:
    record("customers.register_exported", subject=branch or by.branch, by=by, detail={"day": day, "rows": rows})
