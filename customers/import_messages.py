"""Why a line stayed out, in words: the counter's own where it is the counter's rule."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from customers.errors import CustomerExists
from customers.messages import message
from customers.rules.import_columns import COLUMNS
from tellerdesk.files.errors import MESSAGES

BY_CODE = {
    "unknown_branch": gettext_lazy("There is no branch with this code."),
    "duplicate_line": gettext_lazy("This person stands in the file already; the first line counts."),
    "number_taken": gettext_lazy("This customer number belongs to another customer."),
    "wrong_encoding": gettext_lazy("The line is not readable text; please save the file as UTF-8."),
    "broken_quotes": gettext_lazy("The quotation marks of this line do not fit."),
    "line_too_long": gettext_lazy("The line is longer than any honest line."),
    "missing_column": gettext_lazy("The line has too few cells."),
    "extra_column": gettext_lazy("The line has more cells than the header."),
    "unwritten": gettext_lazy("The name has a character that the old system could not write."),
    "expired": gettext_lazy("The document has expired; the new one is owed."),
}
BY_FIELD = {
    ("customer_number", "format"): gettext_lazy("6 to 20 digits."),
    ("birth_date", "wrong_value"): gettext_lazy("A day such as 2020-01-31."),
    ("valid_from", "wrong_value"): gettext_lazy("A day such as 2020-01-31."),
    ("valid_until", "wrong_value"): gettext_lazy("A day such as 2020-01-31, or empty for long-term."),
}
# Why a whole file failed, without the details that files.errors gives to the one who sent it.
FAILURES = {
    **{
        code: MESSAGES[code]
        for code in ("empty_file", "broken_workbook", "wrong_encoding", "not_a_table", "too_many_columns")
    },
    "missing_column": gettext_lazy("A column is missing."),
    "duplicate_column": gettext_lazy("A column stands there twice."),
    "too_large": gettext_lazy("The file is too large."),
    "file_gone": gettext_lazy("The stored file is gone or was damaged; please send it again."),
    "interrupted": gettext_lazy("A fault stopped the import; what was imported stays, and it can be taken up again."),
}
CHINESE_NAMES = {column.name: column.chinese for column in COLUMNS}


def reject_message(problems: str) -> str:
    """Of `field:code` and `field:code:value`, separated by spaces."""
    return _("; ").join(_sentence(*problem.split(":")) for problem in problems.split(" "))


def code_message(code: str, field: str = "") -> str:
    if (field, code) in BY_FIELD:
        return str(BY_FIELD[field, code])
    ours = FAILURES | BY_CODE  # a file refused as a whole has its code at its first line
    return str(ours[code] if code in ours else message(code, field))


def failure_message(code: str, detail: dict) -> str:
    return str(MESSAGES.get(code, FAILURES.get(code, code))) % detail


def column_label(field: str) -> str:
    """As the header of a Chinese or an English file names it."""
    chinese = (get_language() or "").startswith("zh")
    return CHINESE_NAMES.get(field, field) if chinese else field


def _sentence(field: str, code: str, value: str = "") -> str:
    if code == "customer_exists":
        return str(CustomerExists.message) % {"customer_number": value}
    text = code_message(code, field)
    return column_label(field) + _(": ") + text if field else text
