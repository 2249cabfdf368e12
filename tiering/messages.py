"""Tiers, reasons, bands and filters in words, for page, interface and export alike."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from tellerdesk.staff.enums import Position
from tiering.enums import BANDED, CardLevel, Reason, Tier
from tiering.rules.policy import Band, Policy

TEN_THOUSAND = 10_000 * 100  # fen
MINUS = "\N{MINUS SIGN}"
FIGURE_OF = {
    Reason.AUM: "aum",
    Reason.CARD_SPEND_YEAR: "card_spend_year",
    Reason.PERSONAL_LOAN_BALANCE: "personal_loan_balance",
    Reason.CUSTODY_MARGIN: "custody_margin",
}
DAY_NOT_KEPT = gettext_lazy("The lines of this day are no longer kept; only its sums are.")
SHORT = {
    Tier.PRIVATE_WEALTH: gettext_lazy("Private"),
    Tier.WEALTH_MANAGEMENT: gettext_lazy("Wealth"),
    Tier.BRANCH_LEAD: gettext_lazy("100–200k"),
    Tier.BRANCH_STAFF: gettext_lazy("50–100k"),
    Tier.UNBANDED: gettext_lazy("No band"),
    Tier.OUT_OF_SCOPE: gettext_lazy("Out of scope"),
}
WHAT = {
    "month_up": gettext_lazy("Rose since the end of last month"),
    "month_down": gettext_lazy("Fell since the end of last month"),
    "month": gettext_lazy("Moved since the end of last month"),
    "quarter_up": gettext_lazy("Rose since the end of last quarter"),
    "quarter_down": gettext_lazy("Fell since the end of last quarter"),
    "quarter": gettext_lazy("Moved since the end of last quarter"),
    "near_up": gettext_lazy("About to rise"),
    "near_down": gettext_lazy("About to fall"),
    "unallocated": gettext_lazy("In a band, still to be given an owner"),
    "overdue": gettext_lazy("Without owner beyond the month"),
    "incomplete": gettext_lazy("Owners incomplete"),
    "warned": gettext_lazy("One owner of the two"),
}

MONEY_MESSAGES = {
    "not_a_number": gettext_lazy("This is no amount of money; write it like 1234.56."),
    "out_of_range": gettext_lazy("This amount is too large, negative, or has parts of a fen."),
}


def tier_label(number: int) -> str:
    return str(Tier(number).label)


def ten_thousands(fen: int) -> str:
    """万元 with two decimals and thousands, never rounded up: 49,999.99 does not read as the limit it misses."""
    amount = (Decimal(fen) / TEN_THOUSAND).quantize(Decimal("0.01"), ROUND_DOWN)
    return f"{amount:,.2f}".replace("-", MINUS)


def signed(text: str) -> str:
    """With its sign, unless it is nothing at all."""
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def short_amount(fen: int) -> str:
    """6.2万, not rounded up either."""
    amount = (Decimal(fen) / TEN_THOUSAND).quantize(Decimal("0.01"), ROUND_DOWN).normalize()
    return _("%(amount)s0k") % {"amount": f"{amount:,f}".replace("-", MINUS)}


def limit_words(fen: int) -> str:
    """A limit to the fen."""
    amount = (Decimal(fen) / TEN_THOUSAND).normalize()
    return _("%(amount)s0k") % {"amount": f"{amount:,f}"}


def reason_text(mask: int, figures) -> str:
    """因信用卡年消费 6.2万 在册. `figures` has the amounts in fen and the card level."""
    parts = [_reason_words(reason, figures) for reason in Reason.in_mask(mask)]
    return _("In scope for %(reasons)s") % {"reasons": pgettext("in a row", ", ").join(parts)} if parts else ""


def _reason_words(reason: Reason, figures) -> str:
    if reason in FIGURE_OF:
        return f"{reason.label} {short_amount(getattr(figures, FIGURE_OF[reason]))}"
    return str(CardLevel(figures.card_level).label if reason == Reason.CARD_LEVEL else reason.label)


def band_words(tier: Tier, policy: Policy | None) -> str:
    """> 200万或达准入; 20万 – 200万; 5万 – 不满10万，≤ 60岁."""
    if tier == Tier.UNBANDED:
        return _("in scope, no tier fits")
    band = policy.band(tier) if policy else None
    return _range(band) + _age(band) if band else ""


def _range(band: Band) -> str:
    if band.ceiling is None:
        sign = "≥" if band.floor_inclusive else ">"
        words = f"{sign} {limit_words(band.floor)}"
        return words + _(" or admitted") if band.tier == Tier.PRIVATE_WEALTH else words
    low = limit_words(band.floor) if band.floor_inclusive else f"> {limit_words(band.floor)}"
    high = limit_words(band.ceiling)
    return f"{low} – {high}" if band.ceiling_inclusive else _("%(low)s – under %(high)s") % {"low": low, "high": high}


def _age(band: Band) -> str:
    if band.max_age is None:
        return ""
    sign = "≤" if band.max_age_inclusive else "<"
    return _(", %(sign)s %(age)s years") % {"sign": sign, "age": band.max_age}


def age_reason(band: Band, age: int | None) -> str:
    """60岁以上，政策未指定."""
    if age is None:
        return _("age unknown, the policy names nobody")
    years = band.max_age if band.max_age_inclusive else band.max_age - 1
    return _("over %(age)s, the policy names nobody") % {"age": years}


def missing_words(missing: Iterable[str]) -> str:
    """缺主管行长、网点行长."""
    named = pgettext("in a row", ", ").join(str(Position(each).label) for each in missing)
    return _("lacks %(positions)s") % {"positions": named} if named else ""


def tier_choices() -> list[tuple[str, object]]:
    """For the filter: all in scope, those that should have an owner, then each tier from the highest."""
    single = [(tier.code, tier.label) for tier in (*BANDED, Tier.UNBANDED)]
    return [("", _("All in scope")), *single, ("banded", _("All with a band"))]


def scope_words(scope) -> str:
    """001 城东支行; 000 总行（全行）; 城东支行，本人客户."""
    branch = str(scope.branch)
    if scope.own:
        return _("%(branch)s, own customers") % {"branch": branch}
    if scope.whole:
        return _("%(branch)s, the whole bank") % {"branch": branch}
    return _("%(branch)s and below") % {"branch": branch} if scope.with_those_below else branch


def filter_words(chosen) -> str:
    """What a list shows, said in words: on the page, on the sheet, in the audit."""
    tier = dict(tier_choices())[chosen.tier]
    return " · ".join(str(part) for part in (scope_words(chosen.scope), tier, *_further(chosen)) if part)


def _further(chosen) -> list[str]:
    what = str(WHAT[chosen.what]) if chosen.what else ""
    since = f"{what} ({chosen.since:%Y-%m-%d})" if chosen.moved and chosen.since else what
    if chosen.owner is None:
        return [since]
    nobody = isinstance(chosen.owner, str)
    return [since, _("without owner") if nobody else _("owner %(name)s") % {"name": chosen.owner.name}]


def step_words(line) -> str:
    """完成 2026-11-20；超期 3 天; 待步骤 1、2 完成后."""
    if line.row.done_on:
        return _("done on %(day)s") % {"day": f"{line.row.done_on:%Y-%m-%d}"}
    if line.days_over:
        return ngettext("%(number)s day overdue", "%(number)s days overdue", line.days_over) % {
            "number": line.days_over
        }
    if line.waits_for:
        steps = pgettext("in a row", ", ").join(str(int(each)) for each in line.waits_for)
        return _("waits for step %(steps)s") % {"steps": steps}
    return _("open")
