"""The matrix of a what-if: a row for each tier now, a column for each tier then, the highest first."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from tellerdesk.core.templatetags.display import seconds
from tiering.enums import Tier
from tiering.policy_words import short_tier_name
from tiering.rules.what_if import Count

register = template.Library()
ORDER = tuple(reversed(Tier))


@dataclass(frozen=True)
class Cell:
    """`kind`: same, rise, fall, or none where there is nobody."""

    tier: Tier
    count: Count
    kind: str


@dataclass(frozen=True)
class Row:
    tier: Tier
    cells: list[Cell]
    total: Count


@register.simple_tag
def matrix_tiers():
    return ORDER


@register.filter
def matrix_rows(found) -> list[Row]:
    rows = []
    for before in ORDER:
        counts = [found.of(before, then) for then in ORDER]
        cells = [Cell(then, count, _kind(before, then, count)) for then, count in zip(ORDER, counts, strict=True)]
        rows.append(Row(before, cells, sum(counts, Count())))
    return rows


@register.filter
def matrix_totals(found) -> list[Count]:
    return [sum((found.of(before, then) for before in ORDER), Count()) for then in ORDER]


@register.filter
def moved_share(found) -> str:
    """2.23%, of the customers."""
    return f"{100 * found.moved.customers / found.total.customers:.2f}%" if found.total.customers else "0.00%"


register.filter("short_tier", short_tier_name)


@register.filter
def took(value: float) -> str:
    """38 ms, 3.2 s."""
    return _("%(number)s ms") % {"number": round(1000 * value)} if value < 1 else seconds(value)


def _kind(before: Tier, then: Tier, count: Count) -> str:
    if before == then:
        return "same"
    if not count.customers:
        return "none"
    return "rise" if then > before else "fall"
