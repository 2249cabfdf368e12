"""The tiering policy as rules read it (rules 4.1 to 4.3): frozen, without a database. Money is whole fen."""

from dataclasses import dataclass, field
from datetime import date

from tiering.enums import CardLevel, Tier


@dataclass(frozen=True)
class Band:
    """One tier's range of AUM. `max_age` None: no limit of age; `positions_needed` of `positions` own a customer."""

    tier: Tier
    floor: int
    floor_inclusive: bool
    ceiling: int | None
    ceiling_inclusive: bool
    max_age: int | None = None
    max_age_inclusive: bool = True
    positions: tuple[str, ...] = ()
    positions_needed: int = 1

    @property
    def lowest(self) -> int:
        """The least AUM that reaches the band."""
        return self.floor if self.floor_inclusive else self.floor + 1

    def holds(self, aum: int) -> bool:
        return self.reached_by(aum) and not self.passed_by(aum)

    def reached_by(self, aum: int) -> bool:
        return aum >= self.floor if self.floor_inclusive else aum > self.floor

    def passed_by(self, aum: int) -> bool:
        if self.ceiling is None:
            return False
        return aum > self.ceiling if self.ceiling_inclusive else aum >= self.ceiling

    def admits_age(self, age: int | None) -> bool:
        """An unknown age is not admitted where there is a limit (decision D4)."""
        if self.max_age is None:
            return True
        return age is not None and (age <= self.max_age if self.max_age_inclusive else age < self.max_age)


@dataclass(frozen=True)
class Scope:
    """What puts a customer in scope beside the AUM of the lowest band; every amount belongs to it."""

    card_spend_year: int
    personal_loan_balance: int
    custody_margin: int
    card_level: CardLevel


@dataclass(frozen=True)
class Policy:
    """`bands` from the highest tier down. `categories` are product codes by their bit. A fall counts when it has lasted
    `grace_days`.
    """

    version: int
    effective_from: date
    bands: tuple[Band, ...]
    scope: Scope
    categories: dict[str, int] = field(default_factory=dict, hash=False)
    grace_days: int = 0

    @property
    def entry(self) -> Band:
        """The lowest band: who reaches its floor is in scope by AUM."""
        return self.bands[-1]

    def band(self, tier: Tier) -> Band | None:
        return next((band for band in self.bands if band.tier == tier), None)

    def positions(self, tier: Tier) -> tuple[str, ...]:
        band = self.band(tier)
        return band.positions if band else ()
