"""Which tier a customer belongs to, and why (rules 4.1 to 4.3). The nightly SQL is held to this by a test."""

from dataclasses import dataclass

from tiering.enums import CardLevel, Reason, Tier
from tiering.rules.policy import Policy


@dataclass(frozen=True)
class Facts:
    """A customer on one day. Amounts in fen; `age` in full years, None where the birth date is unknown."""

    aum: int
    age: int | None = None
    card_spend_year: int = 0
    personal_loan_balance: int = 0
    custody_margin: int = 0
    card_level: CardLevel = CardLevel.NONE
    admission_private_wealth: bool = False
    admission_wealth_management: bool = False


@dataclass(frozen=True)
class Evaluation:
    tier: Tier
    reasons: tuple[Reason, ...]

    @property
    def in_scope(self) -> bool:
        return bool(self.reasons)

    @property
    def reason_mask(self) -> int:
        return sum(self.reasons)


def evaluate(facts: Facts, policy: Policy) -> Evaluation:
    reasons = tuple(reason for reason, holds in _criteria(facts, policy) if holds)
    return Evaluation(_tier(facts, policy, bool(reasons)), reasons)


def _criteria(facts: Facts, policy: Policy) -> tuple[tuple[Reason, bool], ...]:
    scope = policy.scope
    return (
        (Reason.AUM, policy.entry.reached_by(facts.aum)),
        (Reason.CARD_SPEND_YEAR, facts.card_spend_year >= scope.card_spend_year),
        (Reason.PERSONAL_LOAN_BALANCE, facts.personal_loan_balance >= scope.personal_loan_balance),
        (Reason.CUSTODY_MARGIN, facts.custody_margin >= scope.custody_margin),
        (Reason.CARD_LEVEL, facts.card_level >= scope.card_level),
        (Reason.ADMISSION_PRIVATE_WEALTH, facts.admission_private_wealth),
        (Reason.ADMISSION_WEALTH_MANAGEMENT, facts.admission_wealth_management),
    )


def _tier(facts: Facts, policy: Policy, in_scope: bool) -> Tier:
    """The first row that fits, from the top; an admission lifts to its own tier (D6), nothing else lifts (D7)."""
    if facts.admission_private_wealth:
        return Tier.PRIVATE_WEALTH
    for band in policy.bands:
        admitted = facts.admission_wealth_management and band.tier == Tier.WEALTH_MANAGEMENT
        if admitted or (band.holds(facts.aum) and band.admits_age(facts.age)):
            return band.tier
    return Tier.UNBANDED if in_scope else Tier.OUT_OF_SCOPE
