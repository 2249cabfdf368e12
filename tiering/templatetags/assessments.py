"""Figures of an assessment as pages write them: each opens the customers behind it; quarters are drawn as lines."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tellerdesk.core.templatetags.display import NOTHING
from tiering import messages
from tiering.enums import Indicator
from tiering.rules.indicators import Part
from tiering.rules.quarters import parse_quarter

register = template.Library()
# The line: 52 by 18, 3 from each edge.
LEFT, RIGHT, TOP, BOTTOM = 3.0, 49.0, 3.0, 15.0
PART_WORDS = {
    Part.NEW: gettext_lazy("new"),
    Part.LEFT: gettext_lazy("below the floor"),
    Part.CHURNED: gettext_lazy("churned"),
    Part.UPGRADED: gettext_lazy("upgraded"),
    Part.CLOSED: gettext_lazy("Customer closed"),
}


@register.filter
def quarter_words(code: str) -> str:
    """2026 年第三季度."""
    quarter = parse_quarter(code)
    return _("Q%(number)s of %(year)s") % {"number": quarter.number, "year": quarter.year} if quarter else code


@register.simple_tag
def rate(line, indicator: str):
    """28.57 %, with its sign where it is a growth."""
    return _percent(line.rates[Indicator(indicator)], signed=indicator == Indicator.AUM_GROWTH)


@register.simple_tag
def wealthy_rate(line):
    return _percent(line.wealthy_growth, signed=True)


def _percent(found, *, signed: bool):
    if found.pct is None:
        return NOTHING
    words = found.pct.replace("-", messages.MINUS)
    return format_html('{}<span class="unit">%</span>', _coloured(words) if signed else words)


@register.filter
def signed_count(number):
    return _coloured(f"{number:,}".replace("-", messages.MINUS))


def _coloured(words: str):
    words = messages.signed(words)
    kind = {"+": "up", messages.MINUS: "down"}.get(words[0], "muted")
    return format_html('<span class="{}">{}</span>', kind, words)


@register.simple_tag
def opens(report, line, indicator: str, words, part: str = "numerator", whose: str = "owner", count=1):
    """The figure, leading to its customers: of an `owner`, of a `branch`, or of all."""
    if not count or words == NOTHING:
        return words
    found = report.assessment
    address = reverse("tiering:assessment_customers", args=[found.quarter])
    query = {"branch": line.code if whose == "branch" else report.scope.branch.code, "indicator": indicator}
    if whose == "branch" or (report.scope.may_widen and not report.scope.below):
        query["below"] = "0"
    query |= {"owner": line.code} if whose == "owner" else {}
    query |= {"version": found.version} | ({"part": part} if part != "numerator" else {})
    return format_html('<a class="list-link" href="{}?{}">{}</a>', address, urlencode(query), words)


@register.simple_tag
def spark(line, indicator: str):
    """The last quarters as a line, said in words; nothing where there are not two of them."""
    values = line.history.get(Indicator(indicator), [])
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    points = _points(known, len(values))
    return format_html(
        '<svg class="spark" viewBox="0 0 52 18" role="img" aria-label="{}"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2.4"/></svg>',
        _said(values, indicator),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


def _points(known: list[tuple[int, int]], places: int) -> list[tuple[float, float]]:
    low, high = min(value for _, value in known), max(value for _, value in known)
    step = (RIGHT - LEFT) / max(places - 1, 1)
    middle = (TOP + BOTTOM) / 2
    return [
        (LEFT + step * place, BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low) if high > low else middle)
        for place, value in known
    ]


def _said(values: list[int | None], indicator: str) -> str:
    words = pgettext("in a row", ", ").join(_value(value, indicator) for value in values)
    return _("The last %(number)s quarters: %(values)s") % {"number": len(values), "values": words}


def _value(value: int | None, indicator: str) -> str:
    if value is None:
        return NOTHING
    if indicator == Indicator.CUSTOMER_GROWTH:
        return messages.signed(f"{value:,}".replace("-", messages.MINUS))
    return f"{value / 100:.2f}%".replace("-", messages.MINUS)


@register.filter
def part_words(parts) -> str:
    return pgettext("in a row", ", ").join(str(words) for part, words in PART_WORDS.items() if part in parts)
