"""Numbers of the board as it writes them, each with the list behind it."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import pgettext

from tellerdesk.core.templatetags.display import NOTHING, count
from tiering import messages
from tiering.enums import IN_SCOPE, Tier
from tiering.policy_words import difference_words, position_words, tier_name
from tiering.selectors.standing import CustomerTier
from tiering.selectors.standing import customer_tier as find_tier
from tiering.selectors.upgrades import OpenChoice, may_choose, open_case_of

register = template.Library()

register.filter("tier_label", messages.tier_label)
register.filter("wan", messages.ten_thousands)
register.filter("scope_words", messages.scope_words)
register.filter("step_words", messages.step_words)


@register.filter
def band_of(tier, policy):
    return messages.band_words(tier, policy)


@register.filter
def days_over(line, day) -> int:
    return line.days_over(day)


@register.filter
def missing(line, policy) -> str:
    return line.missing(policy)


@register.filter
def distance(hundredths) -> str:
    return f"{hundredths / 100:.2f}%"


@register.filter
def place(tier) -> int:
    """1 for the highest tier to 5, as bars are shaded."""
    return IN_SCOPE.index(tier) + 1


@register.filter
def of_tier(rows, tier_codes: str) -> int:
    """Customers without an owner in these tiers together."""
    return sum(row.sums.unowned or 0 for row in rows if row.tier.code in tier_codes.split())


@register.simple_tag
def scope_query(scope, **further) -> str:
    """The address of the same branches: `?branch=001&…`."""
    given = {"branch": scope.branch.code} | ({"below": "0"} if scope.may_widen and not scope.below else {})
    return "?" + urlencode(given | {name: value for name, value in further.items() if value not in ("", None)})


@register.simple_tag(takes_context=True)
def here(context, **changed) -> str:
    """The present address with other parameters, from the first page of a list."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def listed(board, number, tier="", what="", owner="", text=None):
    """A number that opens its list; plain where it is nothing, or of a day whose customers are not known any more."""
    words = count(number) if text is None else text
    if not number or not board.days or not board.days.is_newest:
        return words
    code = tier.code if isinstance(tier, Tier) else tier
    address = reverse("tiering:customer_list") + scope_query(board.scope, tier=code, what=what, owner=owner)
    return format_html('<a class="list-link" href="{}">{}</a>', address, words)


@register.simple_tag
def moved_list(board, row, since: str):
    """Net change of a tier, leading to everybody who came or left."""
    moved = getattr(row, since)
    if moved is None:
        return NOTHING
    change = _signed(f"{moved.net:,}".replace("-", messages.MINUS))
    if moved.up or moved.down or moved.net:
        return listed(board, 1, tier=row.tier or "", what=since, text=change)
    return change


@register.filter
def signed_wan(fen):
    return NOTHING if fen in (None, "") else _signed(messages.ten_thousands(fen))


def _signed(text: str):
    words = messages.signed(text)
    kind = {"+": "up", messages.MINUS: "down"}.get(words[0], "muted")
    return format_html('<span class="{}">{}</span>', kind, words)


@register.filter
def near_words(each) -> str:
    """差 0.35% up to the limit, 余 0.40% above it."""
    share = distance(each.distance)
    words = pgettext("below the limit", "%(share)s") if each.rises else pgettext("above the limit", "%(share)s")
    return words % {"share": share}


@register.simple_tag
def standing_of(customer) -> CustomerTier:
    return find_tier(customer)


@register.simple_tag
def open_choice_of(customer) -> OpenChoice:
    return OpenChoice(open_case_of(customer))


@register.filter
def is_mine_to_choose(case, staff) -> bool:
    return may_choose(staff, case)


@register.inclusion_tag("tiering/tier_card.html", takes_context=True)
def tier_card(context, customer, standing: CustomerTier | None = None):
    """The tier on the customer's file; `standing` where the page has read it already."""
    return {"standing": standing or find_tier(customer), "customer": customer, "perms": context.get("perms")}


register.filter("limit_words", messages.limit_words)
register.filter("tier_name", tier_name)
register.filter("difference_words", difference_words)


@register.simple_tag
def range_of(band):
    """≥ 20万，≤ 200万."""
    low = f"{'≥' if band.floor_inclusive else '>'} {messages.limit_words(band.floor)}"
    if band.ceiling is None:
        return low
    return f"{low}, {'≤' if band.ceiling_inclusive else '<'} {messages.limit_words(band.ceiling)}"


register.filter("position_label", position_words)
