"""What a drafted policy would move (the SQL of jobs.what_if is held to this by a test). Amounts are whole fen.

Days of grace do not matter here: the answer is where customers stand once every grace has run out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tiering.enums import Tier
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.policy import Policy, Scope

OLDEST = 150  # years, up to which sums tell ages apart
Step = tuple[Tier, Tier]


@dataclass(frozen=True)
class Count:
    customers: int = 0
    aum: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.customers + other.customers, self.aum + other.aum)


@dataclass(frozen=True)
class Person:
    """A customer on the day: the tier he stands in, and the positions of his present owners."""

    branch: int
    standing: Tier
    facts: Facts
    positions: tuple[str, ...] = ()


def movement(people: Iterable[Person], draft: Policy) -> dict[Step, Count]:
    """From the standing tier to the one the draft gives; who stays is counted as well."""
    found: dict[Step, Count] = {}
    for each in people:
        step = (each.standing, evaluate(each.facts, draft).tier)
        found[step] = found.get(step, Count()) + Count(1, each.facts.aum)
    return found


def loses_owner(person: Person, *, present: Policy, draft: Policy) -> bool:
    """Whether a policy names one of the present owners for this customer now, and the draft would name none of them.

    Nobody is moved by that: a rise or a fall forces no reassignment (rules 4.4).
    """
    then = evaluate(person.facts, draft).tier
    return names_any(present, person.standing, person.positions) and not names_any(draft, then, person.positions)


def names_any(policy: Policy, tier: Tier, positions: Iterable[str]) -> bool:
    return not set(policy.positions(tier)).isdisjoint(positions)


def tiers_named_anew(present: Policy, draft: Policy) -> tuple[Tier, ...]:
    """Whose owners the draft names otherwise, so that even who stays there may lose the one he has."""
    return tuple(tier for tier in Tier if set(present.positions(tier)) - set(draft.positions(tier)))


def cells_suffice(present: Policy, draft: Policy) -> bool:
    """Whether the sums that were counted with the present criteria of scope answer for the draft to the fen.

    A criterion that nought meets is one that nearly everybody meets: few lines do not tell who would meet another.
    """
    ages = [band.max_age for band in draft.bands if band.max_age is not None]
    now, then = figures_of(present.scope), figures_of(draft.scope)
    return all(age < OLDEST for age in ages) and (now == then or min(*now, *then) > 0)


def figures_of(scope: Scope) -> tuple[int, int, int]:
    return scope.card_spend_year, scope.personal_loan_balance, scope.custody_margin
