"""2004 名册 of a branch: one table for each tier, who may be added, what was before."""

from dataclasses import dataclass
from datetime import date

from tellerdesk.core.business_date import today
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Posting
from tiering.enums import BANDED, Tier
from tiering.models import RolloutPlan, RosterEntry
from tiering.selectors.eligible import Eligible, eligible_at, loads
from tiering.selectors.policies import policy_in_force
from tiering.selectors.rosters import CapacityLine, capacity_lines
from tiering.selectors.scope import listed_branches

KEEP_ROSTERS = "tiering.keep_rosters"
MOST_FORMER = 50


@dataclass(frozen=True)
class TierRoster:
    """`missing` are positions that the tier wants one each of, and nobody who fits stands for."""

    tier: Tier
    positions: tuple[str, ...]
    lines: list[CapacityLine]
    missing: tuple[str, ...]

    @property
    def load(self) -> int:
        return sum(line.load for line in self.lines)

    @property
    def capacity(self) -> int:
        return sum(line.capacity for line in self.lines if line.fits)

    @property
    def free(self) -> int:
        return sum(line.free for line in self.lines)

    @property
    def position_words(self) -> list[str]:
        return [str(Position(each).label) for each in self.positions]

    @property
    def missing_words(self) -> list[str]:
        return [str(Position(each).label) for each in self.missing]


@dataclass(frozen=True)
class BranchRoster:
    """`reported_on` is the day the first step of the rollout was done; None while it is not, or nothing is planned."""

    branch: Branch
    tiers: list[TierRoster]
    reported_on: date | None
    report_due_on: date | None

    @property
    def is_overdue(self) -> bool:
        return self.reported_on is None and self.report_due_on is not None and today() > self.report_due_on


def roster_branches(staff):
    """Whose rosters `staff` keeps."""
    return listed_branches(staff, KEEP_ROSTERS)


def branch_begun_with(staff) -> Branch | None:
    """One's own branch, where somebody stands on its roster; else the first that has one. Where nobody keeps any, the
    same by who is posted there: head office itself has no customers, and its roster stays empty.
    """
    branches, own = roster_branches(staff), [each.branch_id for each in staff.postings_granting(KEEP_ROSTERS)[:1]]
    for held in (RosterEntry.objects.current(), _posted(staff)):
        found = branches.filter(pk__in=held.filter(branch__in=branches).values("branch"))
        first = found.filter(pk__in=own).first() or found.first()
        if first:
            return first
    return branches.filter(pk__in=own).first()


def _posted(staff):
    policy = policy_in_force(staff.legal_entity_id, today())
    positions = {each for band in policy.bands if band.tier in BANDED for each in band.positions}
    return Posting.objects.valid_on(today()).filter(position__in=positions)


def branch_roster(branch: Branch) -> BranchRoster:
    policy = policy_in_force(branch.legal_entity_id, today())
    lines = capacity_lines([branch.pk])
    tiers = []
    for band in policy.bands:
        if band.tier in BANDED and band.positions:
            of_tier = [line for line in lines if line.tier == band.tier]
            tiers.append(TierRoster(band.tier, band.positions, of_tier, _missing(band, of_tier)))
    plan = RolloutPlan.objects.filter(branch=branch).prefetch_related("steps").first()
    first = next((each for each in plan.steps.all() if each.step == 1), None) if plan else None
    return BranchRoster(branch, tiers, first and first.done_on, first and first.due_on)


def _missing(band, lines: list[CapacityLine]) -> tuple[str, ...]:
    held = {line.position for line in lines if line.fits}
    if band.positions_needed == 1:
        return () if held else band.positions
    return tuple(each for each in band.positions if each not in held)


def addable(roster: BranchRoster) -> dict[Tier, list[Eligible]]:
    """Who may be added to each tier, with all the customers each has now."""
    found = {tier.tier: eligible_at(roster.branch, tier.positions, today()) for tier in roster.tiers}
    counts = loads([each.staff.pk for people in found.values() for each in people.values()])
    taken = {tier.tier: {line.staff.pk for line in tier.lines} for tier in roster.tiers}
    return {
        tier: [
            Eligible(each.staff, each.position, counts.get(each.staff.pk, 0))
            for each in sorted(people.values(), key=lambda each: each.staff.username)
            if each.staff.pk not in taken[tier]
        ]
        for tier, people in found.items()
    }


def former_entries(branch: Branch) -> list[RosterEntry]:
    """The last ended first."""
    rows = RosterEntry.objects.filter(branch=branch, until__isnull=False).select_related("staff", "by")
    return list(rows.order_by("-until", "-pk")[:MOST_FORMER])
