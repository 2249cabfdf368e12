"""Online checks in words: what is owed, and what a list shows."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from customers.enums import CheckDecision, CheckOutcome, OwedKind

SOURCES = {"live": _("Live"), "simulator": _("Simulated")}
NOT_DECIDED = _("No decision")
# What the police of the domicile are asked to say, on the certificate that the customer takes along.
FOR_THE_POLICE = {
    CheckOutcome.NAME_MISMATCH: _("Which name belongs to this citizen number, and whether the card shown is genuine."),
    CheckOutcome.NOT_FOUND: _("Whether this citizen number exists, and whether the card presented is genuine."),
    CheckOutcome.PHOTO_DIFFERS: _("Whether the person presenting the card is its holder, and whether it is genuine."),
}


def decision_label(code: str):
    return CheckDecision(code).label if code else NOT_DECIDED


def source_label(code: str):
    return SOURCES.get(code, code)


def owed_words(kind: str, *, overdue: bool) -> str:
    """The filter of the list, as the sheet and the audit say it."""
    what = OwedKind(kind).label if kind else _("All kinds")
    return str(format_lazy(_("{what}, overdue only"), what=what) if overdue else what)
