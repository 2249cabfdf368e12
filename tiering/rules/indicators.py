"""季度考核, the five indicators 保 争 挖 抢 培 (rules 4.6): what one customer counts for, and what sums say.

The quarter's SQL is held to this by a test. Bands are compared by AUM alone, by the policy of the opening day on both
days. Amounts are whole fen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import IntFlag

from tiering.enums import Indicator, Tier
from tiering.rules.policy import Policy


class Part(IntFlag):
    """What a customer counts as in a quarter; no customer is the same thing twice."""

    OPENING = 1  # B: had a primary owner on the opening day
    CHURNED = 2
    UPGRADED = 4
    HELD = 8  # C1: a primary owner on the closing day and AUM from the lowest floor on
    NEW = 16
    LEFT = 32
    CLOSED = 64
    WEALTHY_OPENING = 128  # 中高端
    WEALTHY_CLOSING = 256


@dataclass(frozen=True)
class Facts:
    """One customer in one quarter; AUM None without a line. `products` are distinct categories held at the end that are
    in the list of the policy then. `arrival_owner`: whose the customer was when the lowest floor was reached.
    """

    branch: int
    opening_aum: int | None = None
    closing_aum: int | None = None
    is_closed: bool = False
    products: int = 0
    opening_owner: int | None = None
    closing_owner: int | None = None
    arrival_owner: int | None = None

    @property
    def opening(self) -> int:
        return self.opening_aum or 0

    @property
    def closing(self) -> int:
        """Who closed has nothing here any more, whatever the last line says."""
        return 0 if self.is_closed else self.closing_aum or 0


def parts_of(facts: Facts, policy: Policy) -> Part:
    reached, wealthy = policy.entry.reached_by, policy.band(Tier.WEALTH_MANAGEMENT).reached_by
    was, now = band_by_aum(facts.opening, policy), band_by_aum(facts.closing, policy)
    owned = facts.opening_owner is not None
    arrived = reached(facts.closing) and not reached(facts.opening)
    holds = {
        Part.OPENING: owned,
        Part.CHURNED: owned and (facts.is_closed or now < was),
        Part.UPGRADED: owned and not facts.is_closed and now > was,
        Part.HELD: facts.closing_owner is not None and reached(facts.closing),
        Part.NEW: arrived and facts.arrival_owner is not None,
        Part.LEFT: owned and not reached(facts.closing),
        Part.CLOSED: facts.is_closed,
        Part.WEALTHY_OPENING: wealthy(facts.opening),
        Part.WEALTHY_CLOSING: wealthy(facts.closing),
    }
    return Part(sum(part for part, held in holds.items() if held))


def band_by_aum(aum: int, policy: Policy) -> int:
    """Nought below the lowest band, else the number of floors reached."""
    return sum(band.reached_by(aum) for band in policy.bands)


@dataclass(frozen=True)
class Tally:
    """Counts and amounts that add up: of an owner in a branch, of a branch, of all. `products` are categories held by
    the customers at the end; `wealthy_…` count a branch's customers, whoever owns them.
    """

    opening_customers: int = 0
    churned: int = 0
    upgraded: int = 0
    closing_customers: int = 0
    products: int = 0
    new_customers: int = 0
    left_customers: int = 0
    opening_aum: int = 0
    closing_aum: int = 0
    wealthy_opening: int = 0
    wealthy_closing: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in COUNTED))


COUNTED = tuple(each.name for each in fields(Tally))


def shares_of(facts: Facts, parts: Part) -> Iterator[tuple[int | None, Tally]]:
    """What the customer is to each owner, and to nobody in particular: the branch's own measure."""
    if Part.OPENING in parts:
        counts = {"churned": Part.CHURNED, "upgraded": Part.UPGRADED, "left_customers": Part.LEFT}
        held = {name: int(part in parts) for name, part in counts.items()}
        yield (
            facts.opening_owner,
            Tally(opening_customers=1, opening_aum=facts.opening, closing_aum=facts.closing, **held),
        )
    if Part.HELD in parts:
        yield facts.closing_owner, Tally(closing_customers=1, products=facts.products)
    if Part.NEW in parts:
        grown = {} if Part.OPENING in parts else {"opening_aum": facts.opening, "closing_aum": facts.closing}
        yield facts.arrival_owner, Tally(new_customers=1, **grown)
    if parts & (Part.WEALTHY_OPENING | Part.WEALTHY_CLOSING):
        wealthy = {"wealthy_opening": Part.WEALTHY_OPENING, "wealthy_closing": Part.WEALTHY_CLOSING}
        yield None, Tally(**{name: int(part in parts) for name, part in wealthy.items()})


def tallied(customers: Iterable[Facts], policy: Policy) -> dict[tuple[int, int | None], Tally]:
    """By branch and owner."""
    found: dict[tuple[int, int | None], Tally] = {}
    for facts in customers:
        for owner, tally in shares_of(facts, parts_of(facts, policy)):
            found[facts.branch, owner] = found.get((facts.branch, owner), Tally()) + tally
    return found


@dataclass(frozen=True)
class Rate:
    """`hundredths` of a percent, rounded half up; None where there is nothing to divide by."""

    numerator: int
    denominator: int

    @property
    def hundredths(self) -> int | None:
        if self.denominator <= 0:
            return None
        size = (20_000 * abs(self.numerator) + self.denominator) // (2 * self.denominator)
        return -size if self.numerator < 0 else size

    @property
    def pct(self) -> str | None:
        found = self.hundredths
        if found is None:
            return None
        return f"{'-' if found < 0 else ''}{abs(found) // 100}.{abs(found) % 100:02}"


def rates_of(tally: Tally, categories: int) -> dict[Indicator, Rate]:
    """`categories` is the length of the policy's list at the end."""
    opening = tally.opening_customers
    return {
        Indicator.CHURN_RATE: Rate(tally.churned, opening),
        Indicator.UPGRADE_RATE: Rate(tally.upgraded, opening),
        Indicator.PRODUCT_COVERAGE: Rate(tally.products, tally.closing_customers * categories),
        Indicator.CUSTOMER_GROWTH: Rate(tally.new_customers - tally.left_customers, opening),
        Indicator.AUM_GROWTH: Rate(tally.closing_aum - tally.opening_aum, tally.opening_aum),
    }


def ranked(rates: Mapping[int, Rate], *, low_is_good: bool = False) -> dict[int, int]:
    """1 is best; equal rates share a rank, the next one is as many further on; who has no rate has no rank."""
    known = {owner: rate.hundredths for owner, rate in rates.items() if rate.hundredths is not None}
    ordered = sorted(known.values(), reverse=not low_is_good)
    first = {value: place for place, value in reversed(list(enumerate(ordered, start=1)))}
    return {owner: first[value] for owner, value in known.items()}
