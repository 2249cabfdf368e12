"""A list of the counter as page, workbook and interface give it: whose it is, its rows, its columns masked or not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from tellerdesk.core.masking import mask_name
from tellerdesk.core.templatetags.display import NOTHING, instant


@dataclass(frozen=True)
class Chosen:
    """What a list is to show. `branch` is a code, `person` a username; empty: whichever."""

    day: date | None = None
    since: date | None = None
    until: date | None = None
    branch: str = ""
    person: str = ""
    kind: str = ""
    status: str = ""


@dataclass(frozen=True)
class Column:
    """`value(row, in_full)` in words, for people; `code(row)` for programs, where words are not what they read."""

    key: str
    title: str
    value: Callable[[object, bool], object]
    kind: str = "text"
    width: int = 14
    code: Callable[[object], object] | None = None

    def words(self, row, in_full: bool):
        found = self.value(row, in_full)
        return instant(found) if isinstance(found, datetime) else found

    def wire(self, row, in_full: bool):
        found = self.code(row) if self.code else self.value(row, in_full)
        return found.isoformat() if isinstance(found, date) else found


@dataclass(frozen=True)
class Listing:
    """`asks` names the fields of Chosen that the list understands, `completed` fills what must stand.

    `by` names what orders the rows, the latest first.
    `rows(staff, chosen)` is a queryset or a list; None where branch or person named is not the reader's to see.
    """

    code: str
    title: str
    permission: str
    asks: tuple[str, ...]
    rows: Callable
    columns: tuple[Column, ...]
    completed: Callable[[Chosen], Chosen] = lambda chosen: chosen
    words: Callable[[Chosen], list[tuple[str, str]]] = lambda chosen: []
    by: str = "pk"

    def filter_words(self, chosen: Chosen) -> str:
        found = [f"{label} {value}" for label, value in self.words(chosen) if value]
        return " · ".join(found) or _("no filter")

    def sheet_row(self, row, in_full: bool) -> list:
        return [column.words(row, in_full) for column in self.columns]

    def wire_row(self, row, in_full: bool) -> dict:
        return {column.key: column.wire(row, in_full) for column in self.columns}


def shown_name(name: str, in_full: bool) -> str:
    if not name:
        return NOTHING
    return name if in_full else mask_name(name)


def person_words(staff) -> str:
    return f"{staff.name} {staff.username}" if staff else NOTHING


def username(staff) -> str | None:
    return staff.username if staff else None
