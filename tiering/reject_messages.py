"""Why a line was rejected, in words."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "unknown_customer": _("There is no customer of this number in the legal entity."),
    "duplicate_line": _("An earlier line speaks of the same customer; that one counts."),
    "not_a_number": _("A number was expected."),
    "out_of_range": _("A number is out of range, negative, or has parts of a fen."),
    "unknown_card_level": _("The card level is not known."),
    "unknown_category": _("A product category is not in the policy."),
    "missing_column": _("The line has too few columns."),
    "extra_column": _("The line has more columns than the header."),
    "wrong_encoding": _("The line is neither UTF-8 nor GB18030."),
    "broken_quotes": _("The quotation marks of the line do not match."),
    "line_too_long": _("The line is too long."),
}


OF_A_COLUMN = {
    "not_a_number": _("%(column)s: a number was expected."),
    "out_of_range": _("%(column)s: the number is out of range, negative, or has parts of a fen."),
}


def reject_message(code: str, column: str = "") -> str:
    """`column` as the file calls it, where the fault is in one."""
    return str(OF_A_COLUMN[code] % {"column": column} if column and code in OF_A_COLUMN else SENTENCES[code])
