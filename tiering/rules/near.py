"""临界客户: who is within a tenth of a limit of AUM that would move the tier. The nightly SQL is held to it by a test.

Whether a limit would move the tier is asked of the policy itself: admission that holds a tier has no fall, and whoever
is too old for a band does not rise into it.
"""

from dataclasses import dataclass, replace

from tiering.enums import Tier
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.policy import Band, Policy


@dataclass(frozen=True)
class Near:
    """`distance` in hundredths of a percent of the limit, rounded half up; `limit` in fen."""

    rises: bool
    to_tier: Tier
    limit: int
    distance: int


def near_limits(facts: Facts, tier: Tier, policy: Policy) -> list[Near]:
    """The limit above the AUM, then the one below it. `tier` is where the customer stands."""
    above = [band for band in policy.bands if not band.reached_by(facts.aum)][-1:]
    below = [band for band in policy.bands if band.reached_by(facts.aum)][:1]
    rising = [_near(facts, band, policy) for band in above if 10 * facts.aum >= 9 * band.floor > 0]
    falling = [_near(facts, band, policy) for band in below if 10 * facts.aum <= 11 * band.floor > 0]
    return [each for each in rising if each.to_tier > tier] + [each for each in falling if each.to_tier < tier]


def without_line(before: list[Near], tier: Tier, policy: Policy) -> list[Near]:
    """Of somebody who was out of scope and still is, and of whom the day says nothing: what was found before, as long
    as the policy has that limit. Who is in scope is judged by the figures of the standing tier.
    """
    limits = {band.floor for band in policy.bands}
    return [each for each in before if tier == Tier.OUT_OF_SCOPE and each.limit in limits]


def _near(facts: Facts, band: Band, policy: Policy) -> Near:
    rises = not band.reached_by(facts.aum)
    there = evaluate(replace(facts, aum=band.lowest if rises else band.lowest - 1), policy)
    return Near(rises, there.tier, band.floor, distance(facts.aum, band.floor))


def distance(aum: int, limit: int) -> int:
    """Hundredths of a percent of the limit, rounded half up."""
    return (20_000 * abs(aum - limit) + limit) // (2 * limit)
