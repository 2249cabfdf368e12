"""Why a line of a batch is left out, in words."""

from django.utils.translation import gettext_lazy as _

from tiering.reject_messages import SENTENCES as OF_FILES

SENTENCES = {
    "unknown_customer": _("There is no customer of this number in the legal entity."),
    "closed": _("The customer is closed or merged."),
    "out_of_scope": _("The customer is in no tier."),
    "other_branch": _("The customer belongs to a branch where you may not adopt."),
    "already_owned": _("The customer has an owner."),
    "unknown_staff": _("There is nobody with this staff number."),
    "only_oneself": _("In your position you adopt for yourself only."),
    "deactivated": _("This member of staff is deactivated."),
    "not_eligible": _("No position of this person may own a customer of this tier and branch."),
    "nobody_eligible": _("Nobody chosen may take this customer, or all of them are full."),
    "bad_primary": _("Primary is 1 or 0, 是 or 否."),
    "bad_note": _("The note is too long or has signs that are no writing."),
    "duplicate_line": _("An earlier line names the same owner for this customer."),
    "two_primaries": _("An earlier line names the primary already."),
    "no_primary": _("No line of this customer names a primary."),
    "other_line": _("Another line of this customer is wrong."),
}
OF_A_RECORD = ("missing_column", "extra_column", "wrong_encoding", "broken_quotes", "line_too_long")


def line_message(code: str) -> str:
    return str(OF_FILES[code] if code in OF_A_RECORD else SENTENCES[code])
