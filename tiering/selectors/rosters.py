"""名册: the people who take customers of a tier at a branch, with what they have and what they may have."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from tellerdesk.core.business_date import today
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Posting, Staff
from tiering.enums import Tier
from tiering.models import OwnerAssignment, RosterEntry
from tiering.rules.ownership import all_seats, is_eligible
from tiering.rules.policy import Policy
from tiering.selectors.policies import policy_in_force

Key = tuple[int, int, int]  # branch, tier, staff


@dataclass(frozen=True)
class CapacityLine:
    """One open entry. `load` are the branch's customers of the tier whom the person has now, as primary or co-owner.

    `fits`: the person is still active, in a posting that may own customers of this tier at this branch.
    """

    entry: RosterEntry
    branch: Branch
    tier: Tier
    staff: Staff
    position: str
    capacity: int
    load: int
    fits: bool

    @property
    def free(self) -> int:
        """Places that are left; nought where there are more customers than places."""
        return max(0, self.capacity - self.load) if self.fits else 0

    @property
    def position_label(self) -> str:
        return str(Position(self.position).label)


def capacity_lines(branch_ids: Iterable[int], *, day: date | None = None) -> list[CapacityLine]:
    """By branch, from the highest tier, the policy's positions in their order. Four queries and the policy's."""
    day = day or today()
    rows = RosterEntry.objects.current().filter(branch__in=branch_ids).select_related("branch", "staff")
    entries = list(rows.order_by("branch__path", "-tier", "staff__username"))
    if not entries:
        return []
    policy = policy_in_force(entries[0].legal_entity_id, day)
    loads, postings = roster_loads(entries), postings_of(entries, day)
    lines = [_line(each, loads, postings, policy) for each in entries]
    return sorted(lines, key=lambda each: (each.branch.path, -each.tier, _place(each, policy), each.staff.username))


def roster_loads(entries: list[RosterEntry]) -> dict[Key, int]:
    """Open assignments by branch and tier of the customer, and by owner."""
    standing = "customer__tierassignment"
    rows = OwnerAssignment.objects.current().filter(
        owner__in={each.staff_id for each in entries},
        **{f"{standing}__branch__in": {each.branch_id for each in entries}},
    )
    columns = (f"{standing}__branch", f"{standing}__tier", "owner")
    return {(b, t, s): number for b, t, s, number in rows.order_by().values_list(*columns).annotate(Count("pk"))}


def postings_of(entries: list[RosterEntry], day: date) -> dict[int, list[Posting]]:
    """In force on that day, by staff."""
    rows = Posting.objects.valid_on(day).filter(staff__in={each.staff_id for each in entries})
    found: dict[int, list[Posting]] = {}
    for each in rows.select_related("branch"):
        found.setdefault(each.staff_id, []).append(each)
    return found


def _line(entry: RosterEntry, loads, postings, policy: Policy) -> CapacityLine:
    tier, path = Tier(entry.tier), entry.branch.path
    fits = entry.staff.is_active and any(
        each.position == entry.position and is_eligible(each.position, each.branch.path, path, policy.positions(tier))
        for each in postings.get(entry.staff_id, [])
    )
    load = loads.get((entry.branch_id, entry.tier, entry.staff_id), 0)
    return CapacityLine(entry, entry.branch, tier, entry.staff, entry.position, entry.capacity, load, fits)


def _place(line: CapacityLine, policy: Policy) -> int:
    positions = policy.positions(line.tier)
    return positions.index(line.position) if line.position in positions else len(positions)


def tiers_without_people(branch: Branch) -> list[Tier]:
    """Tiers whose first seat, that of the primary owner, nobody on the roster may take. Nothing for a tier that the
    policy gives nobody.
    """
    policy = policy_in_force(branch.legal_entity_id, today())
    lines = capacity_lines([branch.pk])
    held = {(line.tier, line.position) for line in lines if line.fits}
    firsts = [seat for seat in all_seats(policy) if seat.is_primary]
    return [seat.tier for seat in firsts if not any((seat.tier, each) in held for each in seat.positions)]
