"""资产区间 as a line: a full dot includes its limit, a hollow one does not; distances between limits are equal."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from tiering.enums import Tier
from tiering.messages import SHORT, band_words, limit_words, tier_label
from tiering.policy_words import tier_name
from tiering.rules.policy import Band, Policy

register = template.Library()
LEFT, RIGHT, ROW, GAP = 104, 1126, 68, 8
SHADES = {
    Tier.PRIVATE_WEALTH: 1,
    Tier.WEALTH_MANAGEMENT: 2,
    Tier.BRANCH_LEAD: 3,
    Tier.BRANCH_STAFF: 4,
    Tier.OUT_OF_SCOPE: 5,
}


@register.simple_tag
def number_line(versions):
    """One row for each version, the one in force first; where the second has other limits, a red guide.

    A version has its number, its `state` in words and its `rules`.
    """
    policies = [each.rules for each in versions]
    places = limits(policies)
    changed = changed_limits(policies)
    foot = ROW * len(policies) + 10
    parts = [guides(places, changed, foot)]
    for number, version in enumerate(versions):
        parts.append(row(version, policies[number], places, ROW * number + 38))
    parts.append(axis(places, policies, changed, foot))
    description = "; ".join(f"v{each.version}: {words(each)}" for each in policies)
    return format_html(
        '<svg class="chart" viewBox="0 0 1126 {}" role="img" aria-labelledby="p-line p-desc">'
        '<desc id="p-desc">{}</desc>{}</svg>',
        foot + 20,
        description,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def limits(policies: list[Policy]) -> dict[int, int]:
    """Place of every limit by its amount."""
    found = sorted({band.floor for policy in policies for band in policy.bands})
    step = (RIGHT - LEFT) / (len(found) + 1)
    return {limit: round(LEFT + step * (number + 1)) for number, limit in enumerate(found)}


def changed_limits(policies: list[Policy]) -> set[int]:
    """Limits of the last that the first has not, or has with another closedness."""
    ends = [{(band.floor, band.floor_inclusive) for band in policy.bands} for policy in policies]
    return {floor for floor, _closed in ends[-1] - ends[0]}


def guides(places: dict[int, int], changed: set[int], foot: int):
    """Red where the last line differs, and only along that line."""
    plain = [("guide", x, 8, foot) for x in places.values()]
    red = [("changed", places[limit], foot - ROW, foot) for limit in sorted(changed)]
    return format_html_join("", '<path class="{}" d="M{} {}V{}"/>', plain + red)


def row(version, policy: Policy, places: dict[int, int], y: int):
    title = f"v{policy.version} {version.state}"
    parts = [format_html('<text class="t-strong" x="0" y="{}">{}</text>', y + 5, title)]
    outside = tier_label(Tier.OUT_OF_SCOPE)
    parts.append(segment(Tier.OUT_OF_SCOPE, None, policy.bands[-1], places, y, outside))
    for number, band in enumerate(policy.bands):
        above = policy.bands[number - 1] if number else None
        parts.append(segment(band.tier, band, above, places, y, tier_name(band.tier, policy)))
    return format_html_join("", "{}", ((part,) for part in parts))


def segment(tier: Tier, band: Band | None, above: Band | None, places: dict[int, int], y: int, called: str):
    """From its own floor to that of the band above; the end without a neighbour runs out of the picture."""
    start = places[band.floor] + GAP if band else LEFT
    end = places[above.floor] - GAP if above else RIGHT
    line = format_html('<path class="band b{}" d="M{} {}H{}"/>', SHADES[tier], start, y, end)
    dots = [dot(start, y, band.floor_inclusive)] if band else []
    dots += [dot(end, y, not above.floor_inclusive)] if above else []
    name = format_html(
        '<text class="t-strong" x="{}" y="{}" text-anchor="middle">{}</text>',
        (start + end) / 2,
        y - 13,
        called,
    )
    return format_html("{}{}{}", line, format_html_join("", "{}", ((each,) for each in dots)), name)


def dot(x: int, y: int, holds: bool):
    return format_html('<circle class="{}" cx="{}" cy="{}" r="5"/>', "in" if holds else "out", x, y)


def axis(places: dict[int, int], policies: list[Policy], changed: set[int], foot: int):
    rows = (
        (x, foot - 4, "t-bad" if limit in changed else "", x, foot + 17, limit_words(limit) + became(limit, policies))
        for limit, x in places.items()
    )
    mark = '<path class="axis" d="M{} {}v8"/><text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>'
    marks = format_html_join("", mark, rows)
    if not places:
        return mark_safe("")
    return format_html('<path class="axis" d="M{} {}H{}"/>{}', LEFT - GAP, foot, RIGHT, marks)


def became(limit: int, policies: list[Policy]) -> str:
    """（原 20万） at the new place of a floor, （改归理财） where the limit itself changed hands."""
    former, now = policies[0], policies[-1]
    band = next((each for each in now.bands if each.floor == limit), None)
    before = former.band(band.tier) if band else None
    if before is None or (before.floor, before.floor_inclusive) == (band.floor, band.floor_inclusive):
        return ""
    if before.floor != limit:
        return _(" (was %(limit)s)") % {"limit": limit_words(before.floor)}
    place = now.bands.index(band)
    holder = band if band.floor_inclusive or place + 1 == len(now.bands) else now.bands[place + 1]
    if holder is band and not band.floor_inclusive:
        return ""
    return _(" (now %(tier)s)") % {"tier": SHORT[holder.tier]}


def words(policy: Policy) -> str:
    return ", ".join(f"{SHORT[band.tier]} {band_words(band.tier, policy)}" for band in reversed(policy.bands))
