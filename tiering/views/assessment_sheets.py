"""The sheets of an assessment: all figures with numerator and denominator, and the customers behind one of them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tellerdesk.files.sheets import SheetColumn
from tellerdesk.staff.enums import Position
from tiering.enums import Indicator, StaffCategory
from tiering.messages import scope_words
from tiering.rules.money import yuan
from tiering.selectors.assessed_customers import AssessedLine
from tiering.selectors.assessments import Figures, Report
from tiering.selectors.behind import WEALTHY, Behind
from tiering.templatetags.assessments import part_words

PARTS = {
    "denominator": gettext_lazy("all of them"),
    "new": gettext_lazy("new"),
    "left": gettext_lazy("below the floor"),
    "opening": gettext_lazy("at the beginning"),
    "closing": gettext_lazy("at the end"),
}


def columns() -> list[SheetColumn]:
    found = [
        SheetColumn(_("Category"), width=22),
        SheetColumn(_("Name"), width=16),
        SheetColumn(_("Staff or branch number"), width=16),
        SheetColumn(_("Position"), width=16),
        SheetColumn(_("Branch")),
        SheetColumn(_("Customers at the beginning"), "whole"),
    ]
    for indicator in Indicator:
        is_money = indicator == Indicator.AUM_GROWTH
        kind = "money" if is_money else "whole"
        above, below = (
            (_("numerator (yuan)"), _("denominator (yuan)")) if is_money else (_("numerator"), _("denominator"))
        )
        label = str(indicator.label)
        found += [
            SheetColumn(f"{label} {above}", kind, 18),
            SheetColumn(f"{label} {below}", kind, 18),
            SheetColumn(f"{label} %", "percent", 14),
            SheetColumn(" ".join([label, _("rank")]), "whole", 12),
        ]
    return [
        *found,
        SheetColumn(_("New customers"), "whole"),
        SheetColumn(_("Customers lost below the floor"), "whole", 18),
        SheetColumn(_("Products a customer"), "money"),
        SheetColumn(_("Wealthy customers at the beginning"), "whole", 20),
        SheetColumn(_("Wealthy customers at the end"), "whole", 20),
    ]


def rows(report: Report) -> Iterator[list]:
    for line in report.owners:
        label = str(StaffCategory(line.category).label) if line.category else ""
        position = str(Position(line.position).label) if line.position in Position.values else line.position
        yield row(label, line, position=position, branch=line.branch or "")
    for line in report.branches:
        yield row(_("Branch"), line, of_branch=True)
    yield row(_("Total"), report.total, of_branch=not report.scope.own)


def row(category: str, line: Figures, *, position: str = "", branch: str = "", of_branch: bool = False) -> list:
    found = [category, line.name, line.code, position, branch, line.tally.opening_customers]
    for indicator in Indicator:
        rate = line.rates[indicator]
        money = indicator == Indicator.AUM_GROWTH
        amounts = [yuan(each) if money else each for each in (rate.numerator, rate.denominator)]
        share = None if rate.hundredths is None else rate.hundredths / 10_000
        found += [*amounts, share, line.ranks.get(indicator.value)]
    tally = line.tally
    wealthy = [tally.wealthy_opening, tally.wealthy_closing] if of_branch else [None, None]
    per_customer = None if line.per_customer is None else float(line.per_customer)
    return [*found, tally.new_customers, tally.left_customers, per_customer, *wealthy]


def facts(report: Report, staff) -> list[tuple[str, object]]:
    return [(_("Branch"), scope_words(report.scope)), *_common(report.assessment, staff)]


def _common(assessment, staff) -> list[tuple[str, object]]:
    state = _("closed") if assessment.is_closed else assessment.get_incomplete_display() or _("not closed")
    return [
        (_("Quarter"), f"{assessment.quarter} v{assessment.version}"),
        (_("Compared days"), f"{assessment.opening_on:%Y-%m-%d} – {assessment.closing_on:%Y-%m-%d}"),
        (_("State"), str(state)),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]


def behind_words(asked: Behind) -> str:
    """流失率 · 001 城东支行 · 许知微."""
    label = _("Wealthy customers") if asked.indicator == WEALTHY else str(Indicator(asked.indicator).label)
    owner = asked.scope.staff if asked.scope.own else asked.owner
    parts = (label, PARTS.get(asked.part, ""), scope_words(asked.scope), owner and owner.name)
    return " · ".join(str(each) for each in parts if each)


def customer_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("Customer number"), width=22),
        SheetColumn(_("Name (masked)")),
        SheetColumn(_("Branch"), width=20),
        SheetColumn(_("Assets at the beginning (yuan)"), "money", 22),
        SheetColumn(_("Assets at the end (yuan)"), "money", 22),
        SheetColumn(_("Change (yuan)"), "money", 20),
        SheetColumn(_("Products"), "whole"),
        SheetColumn(_("Counts as"), width=22),
        SheetColumn(_("Owner at the beginning"), width=16),
        SheetColumn(_("Owner at the end"), width=16),
        SheetColumn(_("Owner on reaching the floor"), width=18),
    ]


def customer_row(line: AssessedLine) -> list:
    amounts = [yuan(each) for each in (line.opening_aum, line.closing_aum, line.change)]
    owners = [line.opening_owner, line.closing_owner, line.arrival_owner]
    return [
        line.customer_number, line.name, line.branch, *amounts, line.products, part_words(line.parts), *owners
    ]  # fmt: skip


def customer_facts(asked: Behind, number: int, staff) -> list[tuple[str, object]]:
    return [
        (_("Filter"), behind_words(asked)),
        (_("Number of customers"), number),
        *_common(asked.assessment, staff),
    ]
