"""A line of a customer's history in one row of words, for workbook and print."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.enums import AmendmentStatus, HistoryKind
from customers.selectors.timeline import Approval, HistoryLine
from tellerdesk.core.templatetags.display import instant, moment
from tellerdesk.files.sheets import SheetColumn


def sheet_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Time"), width=20),
        SheetColumn(pgettext("history", "Kind"), width=14),
        SheetColumn(_("Person"), width=16),
        SheetColumn(_("Staff number"), width=12),
        SheetColumn(_("Branch"), width=8),
        SheetColumn(_("What was done"), width=60),
        SheetColumn(_("Before and after"), width=60),
        SheetColumn(_("Reason"), width=30),
        SheetColumn(_("Maker"), width=20),
        SheetColumn(_("Checker"), width=20),
        SheetColumn(_("About the number"), width=22),
    ]


def sheet_row(line: HistoryLine) -> list:
    return [
        instant(line.at),
        str(HistoryKind(line.kind).label),
        line.person,
        line.username,
        line.branch,
        line.sentence,
        "; ".join([*(f"{each.label}: {each.before} → {each.after}" for each in line.differences), *fact_words(line)]),
        line.reason or (line.approval.reason if line.approval else ""),
        maker_words(line.approval),
        checker_words(line.approval),
        line.about,
    ]


def fact_words(line: HistoryLine) -> list[str]:
    return [f"{label}: {words}" for label, words in line.facts]


def maker_words(approval: Approval | None) -> str:
    return f"{approval.maker} {moment(approval.made_at)}" if approval else ""


def checker_words(approval: Approval | None) -> str:
    """Who decided and how; that nobody has yet; that nobody had to."""
    if approval is None:
        return ""
    state = AmendmentStatus(approval.status)
    if approval.checker:
        said = f" {approval.decision_reason}" if approval.decision_reason else ""
        return f"{approval.checker} {moment(approval.decided_at)} {state.label}{said}"
    return str(state.label) if state != AmendmentStatus.APPLIED else _("no second person needed")


def filter_words(conditions: dict) -> str:
    found = [
        str(HistoryKind(conditions["kind"]).label) if conditions.get("kind") else "",
        _("by %(person)s") % conditions if conditions.get("person") else "",
        _("from %(since)s") % conditions if conditions.get("since") else "",
        _("until %(until)s") % conditions if conditions.get("until") else "",
    ]
    return " · ".join(words for words in found if words) or _("no filter")
