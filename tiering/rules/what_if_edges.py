"""Where on the scale of assets a policy tells customers apart, and where two disagree. Amounts are whole fen."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise, product

from tiering.enums import CardLevel
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.policy import Band, Policy, Scope

# Nobody has as much, nor owes it; sums of it still fit a bigint.
FAR = 10**17
Span = tuple[int, int]
NOTHING_BESIDE = Scope(1, 1, 1, CardLevel.STANDARD)


def entry_edge(policy: Policy) -> int:
    """Who has that much is in scope by assets."""
    return policy.entry.lowest


def edges(policy: Policy) -> list[int]:
    """From each of these amounts on, and from no other, a customer may belong to another tier; ascending."""
    found = {band.lowest for band in policy.bands}
    return sorted(found | {_end(band) for band in policy.bands if band.ceiling is not None})


def spans_that_differ(present: Policy, draft: Policy) -> list[Span]:
    """Assets, both ends included, with which somebody may be in another tier by the draft, the further criteria of
    scope being met or not under both alike.
    """
    limits = [-FAR, *sorted({*edges(present), *edges(draft)}), FAR + 1]
    pair = tuple(replace(policy, scope=NOTHING_BESIDE) for policy in (present, draft))
    return _joined((low, end - 1) for low, end in pairwise(limits) if _differ(*pair, low))


def _end(band: Band) -> int:
    return band.ceiling + 1 if band.ceiling_inclusive else band.ceiling


def _differ(present: Policy, draft: Policy, aum: int) -> bool:
    kinds = product(_ages(present, draft), (False, True), (False, True), (0, 1))
    facts = (
        Facts(aum, age, other, admission_private_wealth=private, admission_wealth_management=wealth)
        for age, private, wealth, other in kinds
    )
    return any(evaluate(each, present).tier != evaluate(each, draft).tier for each in facts)


def _ages(*policies: Policy) -> set[int | None]:
    """One on each side of every limit, and the unknown."""
    limits = [band.max_age for policy in policies for band in policy.bands if band.max_age is not None]
    return {None, 0, *(age + step for age in limits for step in (-1, 0, 1))}


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for low, high in spans:
        if found and found[-1][1] + 1 == low:
            low = found.pop()[0]
        found.append((low, high))
    return found
