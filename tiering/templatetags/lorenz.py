"""二八曲线: customers by falling AUM against their share of it, drawn here; the numbers stand beneath."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tellerdesk.core.templatetags.display import NOTHING
from tiering.rules.concentration import MOST_OF_IT
from tiering.rules.indicators import Rate

register = template.Library()
LEFT, TOP, SIDE = 44, 10, 260


@register.filter
def share_of(part, whole) -> str:
    """12.34%."""
    found = Rate(int(part), int(whole)).pct
    return NOTHING if found is None else f"{found}%"


@register.simple_tag
def lorenz_curve(found):
    if not found.aum:
        return ""
    points = " ".join(
        f"{LEFT + SIDE * place / 100:.1f},{TOP + SIDE * (1 - amount / found.aum):.1f}"
        for place, amount in enumerate(found.curve)
    )
    y, x = TOP + SIDE * (1 - MOST_OF_IT / 100), LEFT + SIDE * found.bringing / found.customers
    return format_html(
        '<svg class="chart lorenz" viewBox="0 0 330 310" role="img" aria-label="{}">'
        '<path class="axis" d="M{l} {t}V{b}H{r}"/><path class="lorenz__even" d="M{l} {b}L{r} {t}"/>'
        '<path class="lorenz__mark" d="M{l} {y}H{x}V{b}"/><polyline class="lorenz__curve" points="{p}"/>'
        '<text x="{tick}" y="{y4}" text-anchor="end">80%</text><text x="{tick}" y="{t4}" text-anchor="end">100%</text>'
        '<text x="{l}" y="{below}">0</text><text x="{r}" y="{below}" text-anchor="end">{customers}</text>'
        "</svg>",
        _("%(share)s of the customers bring %(most)s percent of the assets")
        % {"share": share_of(found.bringing, found.customers), "most": MOST_OF_IT},
        l=LEFT, t=TOP, b=TOP + SIDE, r=LEFT + SIDE, y=f"{y:.1f}", x=f"{x:.1f}", p=points, tick=LEFT - 6,
        y4=f"{y + 4:.1f}", t4=TOP + 6, below=TOP + SIDE + 18, customers=_("all customers"),
    )  # fmt: skip
