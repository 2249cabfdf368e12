"""How a fact is written on screen: the same way on every page. An empty fact is a dash."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from tellerdesk.core import masking, pinyin

register = template.Library()

NOTHING = "—"
MINUTE = 60
MINUS = "\N{MINUS SIGN}"
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
GROUPS_BY_LENGTH = {18: (6, 8, 4), 15: (6, 6, 3)}

initials = register.filter(pinyin.initials)


@register.simple_tag
def icon(name: str, size: str = ""):
    """One of the sprite (templates/components/icons.svg), `size="l"` for 20 px. The name is said by its parent."""
    classes = f"icon icon--{size}" if size else "icon"
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', classes, name)


@register.filter
def day(value) -> str:
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value:%Y-%m-%d}" if value else NOTHING


@register.filter
def moment(value) -> str:
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else NOTHING


@register.filter
def instant(value) -> str:
    """To the second: receipts, submissions, looks at a file."""
    return f"{_local(value):%Y-%m-%d %H:%M:%S}" if value else NOTHING


@register.filter
def clock(value) -> str:
    return f"{_local(value):%H:%M:%S}" if value else NOTHING


@register.filter
def weekday(value):
    return WEEKDAYS[value.weekday()] if value else NOTHING


@register.filter
def duration(value) -> str:
    """A timedelta as 04:38, or 1:04:38 from an hour on."""
    if value is None:
        return NOTHING
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


@register.filter
def span(value) -> str:
    """A timedelta in whole minutes, from an hour on in hours and minutes, with their units."""
    if value is None:
        return NOTHING
    hours, minutes = divmod(int(value.total_seconds()) // MINUTE, 60)
    said = _("%(hours)s h %(minutes)s min") if hours else _("%(minutes)s min")
    return str(said) % {"hours": f"{hours:,}", "minutes": minutes}


@register.filter
def money(yuan) -> str:
    """Decimal yuan with thousands and two decimals; scores and rates are written with `score`."""
    if yuan is None:
        return NOTHING
    amount = Decimal(yuan).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{amount:,.2f}".replace("-", MINUS)


@register.filter
def fen(amount) -> str:
    """Whole fen, as stored, written in yuan."""
    return NOTHING if amount is None else money(Decimal(amount) / 100)


@register.filter
def count(number) -> str:
    return NOTHING if number is None else f"{number:,}"


@register.filter
def seconds(value) -> str:
    """0.4 s, 38 s, 12 min 5 s."""
    if value is None:
        return NOTHING
    if value < MINUTE:
        return str(_("%(seconds)s s")) % {"seconds": f"{value:.1f}" if value < 10 else f"{value:.0f}"}
    minutes, rest = divmod(int(value), MINUTE)
    return str(_("%(minutes)s min %(seconds)s s")) % {"minutes": f"{minutes:,}", "seconds": rest}


@register.filter
def score(points) -> str:
    return NOTHING if points is None else f"{Decimal(points).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


@register.filter
def masked_name(name) -> str:
    return masking.mask_name(name) if name else NOTHING


@register.filter
def masked_number(number) -> str:
    return masking.mask_number(number) if number else NOTHING


@register.filter
def idno(number):
    """A document number in the groups it is read aloud in; one of unknown shape stays whole."""
    return _grouped(number, GROUPS_BY_LENGTH.get(len(number or ""), (40,)))


@register.filter
def customer_no(number):
    return _grouped(number, (4,) * 5)


def _grouped(number, sizes):
    if not number:
        return NOTHING
    parts, start = [], 0
    for size in sizes:
        parts.append(number[start : start + size])
        start += size
    groups = format_html_join("", "<span>{}</span>", ((part,) for part in parts if part))
    return format_html('<span class="idno">{}</span>', groups)


def _local(value):
    return timezone.localtime(value) if timezone.is_aware(value) else value
