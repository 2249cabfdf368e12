"""Bars and marks of the board, drawn here as SVG; the numbers stand beside them."""

from django import template
from django.utils.html import format_html

register = template.Library()

# The near mark: 84 wide, 5 for each percent from the limit, which stands at the right for who may rise.
RISING_LIMIT, FALLING_LIMIT, PER_PERCENT, WIDTH = 60, 24, 5, 84


@register.simple_tag
def bar(value, most, number):
    width = f"{100 * max(value, 0) / most:.1f}" if most > 0 else "0"
    return format_html(
        '<svg class="bar bar--{}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar__track" width="100" height="10"/><rect width="{}" height="10"/></svg>',
        number,
        width,
    )


@register.filter
def most_customers(rows) -> int:
    return max(row.sums.customers for row in rows)


@register.filter
def most_assets(rows) -> int:
    return max(row.sums.aum for row in rows)


@register.simple_tag
def near_mark(each):
    limit = RISING_LIMIT if each.rises else FALLING_LIMIT
    offset = PER_PERCENT * each.distance / 100
    dot = max(4, min(WIDTH - 4, limit - offset if each.rises else limit + offset))
    return format_html(
        '<svg class="near" viewBox="0 0 84 14" aria-hidden="true"><path class="near__line" d="M2 7.5h80"/>'
        '<path class="near__limit" d="M{} 1v13"/><circle class="near__dot" cx="{}" cy="7.5" r="3.5"/></svg>',
        limit,
        f"{dot:.1f}",
    )
