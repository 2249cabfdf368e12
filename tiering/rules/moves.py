"""How a day's lines move the standing tiers (the nightly SQL is held to this by a test). Amounts are whole fen."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from tiering.enums import CardLevel, Tier


@dataclass(frozen=True)
class Line:
    """A customer on the day, with what the day's policy made of it. `reasons` is a mask of enums.Reason."""

    branch: int
    aum: int
    tier: Tier
    reasons: int
    card_spend_year: int = 0
    personal_loan_balance: int = 0
    custody_margin: int = 0
    card_level: CardLevel = CardLevel.NONE


@dataclass(frozen=True)
class Standing:
    """The line that made it, the day the tier began, the policy's version.

    `falling_since` is the day on which a lower tier was first found that is not carried out yet; tier and reasons of
    `line` are those from before then.
    """

    line: Line
    since: date
    policy_version: int
    falling_since: date | None = None

    @property
    def tier(self) -> Tier:
        return self.line.tier


@dataclass(frozen=True)
class Move:
    """`from_aum` is nought for who was never in scope before."""

    customer: int
    from_tier: Tier
    from_aum: int
    to: Line


@dataclass
class Outcome:
    standing: dict[int, Standing]
    moves: list[Move] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)


def move_on(
    before: Mapping[int, Standing],
    lines: Mapping[int, Line],
    *,
    as_of: date,
    policy_version: int,
    grace_days: int = 0,
    begun: Mapping[int, Standing | None] | None = None,
) -> Outcome:
    """By customer. Who has no line keeps everything; who leaves the scope keeps a row; who never was in it has none.

    `begun`: as those stood before the day whom an earlier file of it moved, None where in no tier at all. They are
    judged as if that file had never come.
    """
    begun = begun or {}
    outcome = Outcome(dict(before))
    outcome.missing = {customer for customer, each in before.items() if each.tier and customer not in lines}
    for customer, line in lines.items():
        was = before.get(customer)
        from_tier = was.tier if was else Tier.OUT_OF_SCOPE
        base = begun.get(customer, was)
        falling_since = held_since(base, line, as_of, grace_days)
        if base and falling_since:
            line = replace(line, tier=base.tier, reasons=base.line.reasons)
        if line.tier or from_tier:
            kept = next((each for each in (base, was) if each and each.tier == line.tier), None)
            since = kept.since if kept else as_of
            outcome.standing[customer] = Standing(line, since, policy_version, falling_since)
        if line.tier != from_tier:
            outcome.moves.append(Move(customer, from_tier, was.line.aum if was else 0, line))
    return outcome


def held_since(was: Standing | None, line: Line, as_of: date, grace_days: int) -> date | None:
    """The day since when a fall waits that is not due yet; None where nothing falls, or falls now."""
    if was is None or line.tier >= was.tier:
        return None
    since = was.falling_since or as_of
    return since if (as_of - since).days < grace_days else None


def net_movement(moves: Iterable[Move]) -> dict[int, tuple[Tier, Tier]]:
    """From where to where each customer went in all, by customer; who came back to the tier went nowhere."""
    first: dict[int, Tier] = {}
    last: dict[int, Tier] = {}
    for move in moves:
        first.setdefault(move.customer, move.from_tier)
        last[move.customer] = move.to.tier
    return {customer: (tier, last[customer]) for customer, tier in first.items() if tier != last[customer]}


def counted(net: Iterable[tuple[Tier, Tier]]) -> Counter[tuple[Tier, str]]:
    """Who rose counts in the tier risen into, who fell in the tier fallen out of: `up` and `down` of each tier."""
    return Counter((max(step), "up" if step[1] > step[0] else "down") for step in net)
