"""The bank's working-day calendar, taken over from a file: whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from statistics import mode
from typing import BinaryIO

from django.db import transaction

from customers.calendar_messages import TOO_MANY, fault_message
from customers.models import CalendarDay
from customers.rules.calendar_file import Fault, Line, read_lines
from customers.selectors.work_calendar import days_of_calendar
from tellerdesk.audit.services import record
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.columns import Column
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.storage import open_stored
from tellerdesk.files.tables import Table
from tellerdesk.staff.models import LegalEntity

COLUMNS = (Column("day", "日期", required=True), Column("kind", "类型", required=True), Column("name", "名称"))
MOST_LINES, MOST_FAULTS = 2_000, 20
LARGEST = 2 * 1024**2  # bytes


@dataclass(frozen=True)
class Imported:
    """`changed` counts the days that are new or say something else than before; `year` is that of most lines."""

    lines: int
    changed: int
    year: int


def import_calendar(*, upload, by) -> Imported:
    """Raises FieldErrors for `file`, one for each bad line."""
    try:
        upload.check()
        stored = upload.stored  # read now and not taken: the end of the request forgets it
        if stored.size > LARGEST:
            raise FileRefused("too_large", megabytes=LARGEST // 1024**2)
        lines = lines_of(lambda: open_stored(stored.name))
    except FileRefused as refusal:
        raise FieldErrors({"file": [(refusal.code, refusal.as_dict()["message"])]}) from refusal
    return keep_calendar(lines=lines, file_sha256=stored.sha256, by=by)


def lines_of(source: Callable[[], BinaryIO]) -> list[Line]:
    """Raises FileRefused for the file, FieldErrors for its lines."""
    rows = list(islice(Table.open(source, COLUMNS).rows(), MOST_LINES + 1))
    if not rows:
        raise FileRefused("empty_file", line=1)
    if len(rows) > MOST_LINES:
        raise FieldErrors({"file": [("too_many_lines", TOO_MANY % {"most": MOST_LINES})]})
    lines, faults = read_lines((row.line, row.cells) for row in rows if not row.problem)
    faults += [Fault(row.line, row.problem) for row in rows if row.problem]
    if faults:
        faults.sort(key=lambda fault: fault.line)
        raise FieldErrors({"file": [(fault.code, fault_message(fault)) for fault in faults[:MOST_FAULTS]]})
    return lines


@transaction.atomic
def keep_calendar(*, lines: list[Line], file_sha256: str = "", by) -> Imported:
    """Days that are not in the file stay as they are. The same lines twice change nothing and leave no event."""
    entity = LegalEntity.objects.select_for_update(no_key=True).get(pk=by.legal_entity.pk)
    on_file = {row.day: row for row in days_of_calendar(entity.pk).filter(day__in=[line.day for line in lines])}
    changed = [row for line in lines if (row := changed_row(on_file.get(line.day), line, entity))]
    CalendarDay.objects.bulk_create([row for row in changed if row.pk is None])
    CalendarDay.objects.bulk_update([row for row in changed if row.day in on_file], ["is_working", "name"])
    if changed:
        days = sorted(row.day for row in changed)
        detail = {"days": len(days), "first": days[0], "last": days[-1], "file_sha256": file_sha256}
        record("customers.calendar_changed", subject=entity, by=by, detail=detail, touched=changed)
    return Imported(len(lines), len(changed), mode(line.day.year for line in lines))


def changed_row(row: CalendarDay | None, line: Line, entity: LegalEntity) -> CalendarDay | None:
    """None where the calendar says so already."""
    if row is None:
        return CalendarDay(legal_entity=entity, day=line.day, is_working=line.is_working, name=line.name)
    if (row.is_working, row.name) == (line.is_working, line.name):
        return None
    row.is_working, row.name = line.is_working, line.name
    return row
