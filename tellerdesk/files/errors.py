from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import DomainError

# A row of the database takes so many long cells beside each other.
MOST_COLUMNS = 300
MESSAGES = {
    "empty_file": _("The file is empty."),
    "missing_column": _("The column %(column)s is missing."),
    "duplicate_column": _("The column %(column)s stands there twice."),
    "broken_workbook": _("The workbook cannot be read: it is cut off, damaged or locked by a password."),
    "wrong_encoding": _("The text is neither UTF-8 nor GB18030; please save the file as UTF-8."),
    "not_a_table": _("This is no CSV or XLSX table: no line with the names of the columns was found."),
    "too_many_columns": format_lazy(
        _("The table has more than {most} columns; please delete the ones that are not needed."), most=MOST_COLUMNS
    ),
    "too_large": _("The file is larger than %(megabytes)s MB."),
}


class FileRefused(DomainError):
    """A file that cannot be read as a whole. `context` may name `column` and `line`."""

    status = 400

    def __init__(self, code: str, **context):
        super().__init__(**context)
        self.code = code
        self.message = MESSAGES[code]


class StoredFileBroken(Exception):
    """A stored file that was cut, reordered or changed behind our back, or that is gone."""
