"""What a sample customer has on any day: made from the figures of the newest day backwards, by chance that repeats."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from tiering.enums import CardLevel

YUAN = 100  # fen
TEN_THOUSAND = 10_000 * YUAN
# Weights by age of: below 5万, 5 to 10万, 10 to 20万, 20 to 200万, above.
RANGES = ((-30, 5), (5, 10), (10, 20), (20, 180), (205, 1500))
WEIGHTS_BY_AGE = (
    (16, (97, 2, 1, 0, 0)),
    (25, (83, 9, 5, 3, 0)),
    (40, (58, 20, 11, 10, 1)),
    (61, (52, 20, 14, 12.4, 1.6)),
    (200, (51, 22, 16, 10, 1)),
)
EXACT = (5, 10, 20, 200)  # 万: deposits of exactly a limit, which the rules are about
CARDS = ((4, 62, 30, 4, 0), (3, 45, 40, 10, 2), (2, 40, 38, 18, 2), (1, 25, 35, 32, 7), (1, 5, 20, 40, 34))
OF_LITTLE_MONEY = (38, 61, 1, 0, 0)
PRODUCTS = ("wealth_product", "fund", "insurance", "precious_metal")
CHANCES_OF_PRODUCTS = ((5, 4, 6, 1), (30, 14, 20, 4), (45, 22, 28, 7), (72, 40, 44, 15), (95, 66, 70, 40))
GROWN, RETIRED = 18, 60


@dataclass(frozen=True)
class Wealth:
    """Of one day, in fen. `products` are codes of the policy's categories."""

    aum: int
    card_spend_year: int = 0
    personal_loan_balance: int = 0
    custody_margin: int = 0
    card_level: CardLevel = CardLevel.NONE
    admission_private_wealth: bool = False
    admission_wealth_management: bool = False
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fortune:
    """`newest` is what is there at last; `share(days)` what part of its AUM was there so many days before."""

    newest: Wealth
    share: Callable[[float], float]
    restless: bool

    def before(self, days: int, *, chance: Random) -> Wealth:
        """`chance` is the day's own: it stirs what is not a fixed deposit by a few thousandths."""
        stirred = 1 + chance.uniform(-0.002, 0.002) if self.restless and days else 1
        now = self.newest
        return replace(
            now,
            aum=round(now.aum * self.share(days) * stirred),
            card_spend_year=round(now.card_spend_year * max(0.2, 1 - days / 330)),
            personal_loan_balance=round(now.personal_loan_balance * (1 + days / 4000)),
        )


def fortune(chance: Random, *, age: int) -> Fortune:
    level = _level(chance, age)
    aum = _aum(chance, level)
    newest = _with_the_rest(chance, Wealth(aum), level, age)
    return Fortune(newest, _course(chance, level), restless=chance.random() < 0.7)


def _level(chance: Random, age: int) -> int:
    weights = next(weights for below, weights in WEIGHTS_BY_AGE if age < below)
    return chance.choices(range(len(RANGES)), weights)[0]


def _aum(chance: Random, level: int) -> int:
    """Between the ends of its range every ratio is as likely as any other; below 5万 much is little."""
    if level == 0:
        return _small(chance)
    if chance.random() < 0.004:
        return EXACT[level - 1] * TEN_THOUSAND
    low, high = RANGES[level]
    return round(low * (high / low) ** chance.random() * TEN_THOUSAND)


def _small(chance: Random) -> int:
    if chance.random() < 0.012:
        return -chance.randint(10, 3_000) * YUAN  # an overdraft
    if chance.random() < 0.07:
        return round(chance.uniform(4.5, 5) * TEN_THOUSAND) - 1
    return round(0.002 * (22 / 0.01) ** chance.random() * TEN_THOUSAND)


def _with_the_rest(chance: Random, wealth: Wealth, level: int, age: int) -> Wealth:
    """Cards, loans, margins, admissions: with little money a few have what puts them in scope all the same."""
    if age < GROWN:
        return replace(wealth, products=("deposit",))
    card = CardLevel(chance.choices(range(len(CARDS[0])), CARDS[level] if level else OF_LITTLE_MONEY)[0])
    spends = card >= CardLevel.STANDARD and chance.random() < (0.05 + 0.06 * level)
    owes, keeps = chance.random() < 0.035 + 0.02 * level, chance.random() < 0.012 + 0.03 * level
    lifted = chance.random()
    wealth = replace(
        wealth,
        card_level=card,
        card_spend_year=_amount(chance, 3, 20) if spends else _amount(chance, 0.1, 3) * (card > CardLevel.NONE),
        personal_loan_balance=_amount(chance, 18, 160) if owes and age < RETIRED else 0,
        custody_margin=_amount(chance, 0.6, 30) if keeps else 0,
        admission_private_wealth=level == 3 and lifted < 0.02,
        admission_wealth_management=level == 2 and lifted < 0.03,
    )
    return replace(wealth, products=_products(chance, wealth, level, age))


def _amount(chance: Random, low: float, high: float) -> int:
    return round(low * (high / low) ** chance.random() * TEN_THOUSAND)


def _products(chance: Random, wealth: Wealth, level: int, age: int) -> tuple[str, ...]:
    found = ["deposit"]
    found += [code for code, of in zip(PRODUCTS, CHANCES_OF_PRODUCTS[level], strict=True) if chance.random() * 100 < of]
    found += ["credit_card"] if wealth.card_level > CardLevel.NONE else []
    found += ["loan"] if wealth.personal_loan_balance else []
    found += ["e_banking"] if chance.random() < (0.75 if age < RETIRED else 0.3) else []
    return tuple(found)


def _course(chance: Random, level: int) -> Callable[[float], float]:
    """How the last months went: most stand still, some save, some spend, a few sell a house or buy one.

    Those who have much move it more.
    """
    sudden = 3 if level < 3 else 12
    kinds = (
        (80 - 2 * sudden, partial(_slow, chance.gauss(0.006, 0.008))),
        (10, partial(_slow, chance.uniform(0.05, 0.25))),
        (7, partial(_slow, -chance.uniform(0.05, 0.2))),
        (sudden + 1, partial(_sudden, chance.uniform(3, 80), chance.uniform(0.15, 0.7))),
        (sudden, partial(_sudden, chance.uniform(3, 80), chance.uniform(1.4, 3.5))),
        (2, partial(_passing, chance.uniform(20, 60), chance.uniform(1.3, 2.5))),
    )
    return chance.choices([course for _weight, course in kinds], [weight for weight, _course in kinds])[0]


def _slow(monthly: float, days: float) -> float:
    return (1 + monthly) ** (-days / 30)


def _sudden(days_ago: float, share_before: float, days: float) -> float:
    return share_before if days > days_ago else 1


def _passing(middle: float, share: float, days: float) -> float:
    """Money that came and went again."""
    return share if abs(days - middle) < 12 else 1
