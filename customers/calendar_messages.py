"""What is wrong with a calendar file, by line and in words."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from customers.rules.calendar_file import Fault

BY_CODE = {
    "not_a_day": _("there is no such day; write 2026-10-01"),
    "unknown_kind": _("the kind is neither 休 (holiday) nor 班 (working)"),
    "out_of_range": _("the day lies outside the years 2000 to 2099"),
    "bad_name": _("the name is longer than 40 characters, or has signs that cannot be printed"),
    "day_twice": _("this day stands there twice and says two things"),
    "missing_column": _("a cell is missing"),
    "extra_column": _("there are more cells than columns"),
    "broken_quotes": _("the quotation marks do not match"),
    "wrong_encoding": _("the text cannot be read"),
    "line_too_long": _("the line is too long"),
}
AT_LINE = _("Line {line}: {fault}.")
TOO_MANY = _("The file has more than %(most)s lines; a calendar is a file of holidays and exchanged days.")


def fault_message(fault: Fault):
    return format_lazy(AT_LINE, line=fault.line, fault=BY_CODE[fault.code])
