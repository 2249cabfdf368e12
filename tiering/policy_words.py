"""A policy's contents in words: which limit it is, what it says, what became of it."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tellerdesk.staff.enums import Position
from tiering.enums import BANDED, CardLevel, Tier
from tiering.messages import SHORT, limit_words
from tiering.rules.policy import Band, Policy
from tiering.rules.policy_content import Age, Amount, Categories, Content, Difference, Limit, Positions
from tiering.rules.policy_draft import AMOUNTS

OF_A_BAND = {
    "floor": gettext_lazy("Floor"),
    "ceiling": gettext_lazy("Ceiling"),
    "max_age": gettext_lazy("Highest age"),
    "positions": gettext_lazy("Positions of the owners"),
}
LABELS = {
    f"{tier.code}.{name}": format_lazy("{} · {}", tier.label, word)
    for tier in BANDED
    for name, word in OF_A_BAND.items()
}
LABELS |= {
    "scope.card_spend_year": gettext_lazy("Credit-card spend in the year"),
    "scope.personal_loan_balance": gettext_lazy("Personal-loan balance"),
    "scope.custody_margin": gettext_lazy("Third-party custody margin"),
    "scope.card_level": gettext_lazy("Card level"),
    "downgrade_grace_days": gettext_lazy("Days of grace before a fall"),
    "product_categories": gettext_lazy("Product categories"),
}
NAMED_BY_ITS_BAND = (Tier.BRANCH_LEAD, Tier.BRANCH_STAFF)


def tier_name(tier: int, policy: Policy | None) -> str:
    """潜力客户（10–30万）: the two lower tiers are called by what their band is in that very policy."""
    band = policy.band(Tier(tier)) if policy else None
    if tier not in NAMED_BY_ITS_BAND or band is None or band.ceiling is None:
        return str(Tier(tier).label)
    return _("Potential, %(low)s–%(high)s") % _ends(band)


def short_tier_name(tier: int, policy: Policy) -> str:
    """10–30万, for the head of a narrow column."""
    band = policy.band(Tier(tier))
    if tier not in NAMED_BY_ITS_BAND or band is None or band.ceiling is None:
        return str(SHORT[Tier(tier)])
    return "{low}–{high}".format_map(_ends(band))


def _ends(band: Band) -> dict[str, str]:
    unit = limit_words(0).lstrip("0")
    return {"low": limit_words(band.floor).removesuffix(unit), "high": limit_words(band.ceiling)}


def position_words(code: str) -> str:
    """A code that is none, as somebody sent it, by itself."""
    return str(Position(code).label) if code in Position.values else code


def content_words(value: Content) -> str:
    match value:
        case None:
            return _("no limit")
        case Limit():
            return limit_words(value.fen) + (_("(included)") if value.inclusive else _("(not included)"))
        case Age():
            return _("%(sign)s %(age)s years") % {"sign": value.sign, "age": value.years}
        case Amount():
            return limit_words(value.fen)
        case Positions():
            names = pgettext("in a row", ", ").join(position_words(code) for code in value.codes)
            return names + _("(%(number)s needed)") % {"number": value.needed}
        case Categories():
            return pgettext("in a row", ", ").join(category.name for category in value.each)
        case CardLevel():
            return str(value.label)
    return _("%(days)s days") % {"days": value}


def difference_words(each: Difference) -> str:
    """理财客户 · 下限 20万（含） → 30万（含）; of categories what came and what went."""
    if isinstance(each.after, Categories):
        return f"{LABELS[each.key]} {_categories(each.before, each.after)}"
    return f"{LABELS[each.key]} {content_words(each.before)} → {content_words(each.after)}"


def _categories(before: Categories, after: Categories) -> str:
    came = [f"+{each.name}" for each in after.each if each not in before.each]
    went = [f"\N{MINUS SIGN}{each.name}" for each in before.each if each not in after.each]
    return pgettext("in a row", ", ").join([*came, *went]) or _("in another order")


def kept_amount(text: str) -> str:
    """< 200000.00, as the audit keeps it: with commas and its unit."""
    sign, space, amount = text.rpartition(" ")
    return _("%(sign)s%(amount)s yuan") % {"sign": sign + space, "amount": f"{Decimal(amount):,}"}


def kept_age(text: str) -> str:
    sign, _space, age = text.rpartition(" ")
    return _("%(sign)s %(age)s years") % {"sign": sign, "age": age}


def kept_days(text: str) -> str:
    return _("%(days)s days") % {"days": text}


def kept_positions(text: str) -> str:
    needed, _colon, codes = text.partition(": ")
    names = pgettext("in a row", ", ").join(position_words(code) for code in codes.split(", "))
    return names + _("(%(number)s needed)") % {"number": needed}


def kept_card(text: str) -> str:
    return str(CardLevel(int(text)).label)


KEPT = {
    f"{tier.code}.{name}": shown
    for tier in BANDED
    for name, shown in (
        ("floor", kept_amount),
        ("ceiling", kept_amount),
        ("max_age", kept_age),
        ("positions", kept_positions),
    )
}
KEPT |= {f"scope.{name}": kept_amount for name in AMOUNTS}
KEPT |= {"scope.card_level": kept_card, "downgrade_grace_days": kept_days}
