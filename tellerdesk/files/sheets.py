"""Lists as Excel workbooks: facts about the list first, then the rows; text that looks like a formula stays text."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter
from django.http import FileResponse

from tellerdesk.files.formulas import RISKY
from tellerdesk.files.workplaces import workplace

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "text": {},
    "whole": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "percent": {"num_format": "0.00%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "heading": {"bold": True, "bottom": 1},
    "title": {"bold": True, "font_size": 14},
    "label": {"bold": True},
}
MOST_ROWS = 1_048_000  # a sheet has 1,048,576


@dataclass(frozen=True)
class SheetColumn:
    """`kind`: text, whole, money (Decimal or int, in the unit the title names), percent (a share of 1), date."""

    title: str
    kind: str = "text"
    width: int = 14


def sheet_response(
    file_name: str,
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence],
    facts: Iterable[tuple[str, object]],
) -> FileResponse:
    """A download named `file_name`; rows are written as they come, in constant memory. The caller records the event."""
    with workplace() as place:
        file = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 - the response closes it; it has no name
        try:
            _write(file, place, title, columns, rows, facts)
        except BaseException:
            file.close()
            raise
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=CONTENT_TYPE)


def _write(file, place: Path, title: str, columns, rows, facts) -> None:
    """XlsxWriter spools its sheets in `place`."""
    options = {"constant_memory": True, "tmpdir": str(place), "strings_to_formulas": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = _Sheet(workbook, title, columns)
        sheet.add_text(title, "title")
        for label, value in facts:
            sheet.add_fact(str(label), value)
        sheet.at += 1
        sheet.add_heading()
        for row in rows:
            if sheet.at >= MOST_ROWS:
                break
            sheet.add(row)


class _Sheet:
    """Rows from the top down, as constant memory wants them."""

    def __init__(self, workbook, title: str, columns: Sequence[SheetColumn]):
        self.sheet = workbook.add_worksheet(_sheet_name(title))
        self.columns = columns
        self.formats = {name: workbook.add_format(look) for name, look in FORMATS.items()}
        self.quoted = {
            name: workbook.add_format({**FORMATS[name], "quote_prefix": True}) for name in ("text", "heading", "title")
        }
        self.at = 0
        for place, column in enumerate(columns):
            self.sheet.set_column(place, place, column.width)

    def add_text(self, text: str, look: str) -> None:
        self._text(0, text, look)
        self.at += 1

    def add_fact(self, label: str, value) -> None:
        self._text(0, label, "label")
        if isinstance(value, int) and not isinstance(value, bool):
            self.sheet.write_number(self.at, 1, value, self.formats["whole"])
        else:
            self._text(1, str(value), "text")
        self.at += 1

    def add_heading(self) -> None:
        for place, column in enumerate(self.columns):
            self._text(place, str(column.title), "heading")
        self.at += 1
        self.sheet.freeze_panes(self.at, 0)

    def add(self, row: Sequence) -> None:
        for place, (column, value) in enumerate(zip(self.columns, row, strict=True)):
            if value is not None:
                self._cell(place, column.kind, value)
        self.at += 1

    def _cell(self, place: int, kind: str, value) -> None:
        if kind == "text":
            self._text(place, str(value), "text")
        elif kind == "date" and isinstance(value, date):
            self.sheet.write_datetime(self.at, place, value, self.formats["date"])
        else:
            self.sheet.write_number(self.at, place, value, self.formats[kind])

    def _text(self, place: int, text: str, look: str) -> None:
        risky = text[:1] in RISKY and text != ""
        look_of_text = self.quoted.get(look, self.formats[look]) if risky else self.formats[look]
        self.sheet.write_string(self.at, place, text[:32_767], look_of_text)


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of []:*?/\\ and no apostrophe at either end."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:31].strip("' ") or "1"
