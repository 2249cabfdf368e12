"""升级不做硬性迁移 (rules 4.4): when a case opens, follows and lapses. The nightly SQL is held to this by a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiering.enums import BANDED, Tier, UpgradeStatus


@dataclass(frozen=True)
class Case:
    """One customer's; of those that were open before the night, or are after it."""

    customer: int
    from_tier: Tier
    to_tier: Tier
    owner: int
    status: UpgradeStatus = UpgradeStatus.OPEN


@dataclass(frozen=True)
class Standing:
    """After tiers and owners of the night; `owned_before`: the present owner was there before it."""

    tier: Tier
    owner: int | None
    owned_before: bool = True


def opens(from_tier: Tier, now: Standing) -> bool:
    """Who rises out of no tier at all enters: there is nobody yet whom the customer could keep by a choice."""
    owned = now.owner is not None and now.owned_before
    return owned and from_tier != Tier.OUT_OF_SCOPE and now.tier > from_tier and now.tier in BANDED


def risen_from(before_file: Tier, before_day: Tier | None, *, asked_today: bool) -> Tier:
    """A correction that gives back what an earlier file of its day had taken is no rise; one that gives back the
    question as well asks it anew. `before_day` is None where no earlier file of the day moved the customer.
    """
    return before_file if before_day is None or asked_today else max(before_file, before_day)


def lapses(case: Case, now: Standing | None) -> bool:
    """Fell back before the choice, or nobody is there any more with whom to stay: the manager then sets an owner."""
    return now is None or now.owner is None or now.tier <= case.from_tier


def after_night(
    cases: Mapping[int, Case], standings: Mapping[int, Standing], rises: Mapping[int, Tier]
) -> dict[int, list[Case]]:
    """By customer: what became of the open cases, and the new ones. `rises` has the tiers risen from (risen_from)."""
    found: dict[int, list[Case]] = {}
    for customer, case in cases.items():
        now = standings.get(customer)
        status = UpgradeStatus.LAPSED if lapses(case, now) else UpgradeStatus.OPEN
        tier = now.tier if status == UpgradeStatus.OPEN else case.to_tier
        found[customer] = [Case(customer, case.from_tier, tier, case.owner, status)]
    for customer, from_tier in rises.items():
        now = standings[customer]
        still_open = any(case.status == UpgradeStatus.OPEN for case in found.get(customer, []))
        if opens(from_tier, now) and not still_open:
            found.setdefault(customer, []).append(Case(customer, from_tier, now.tier, now.owner))
    return found
