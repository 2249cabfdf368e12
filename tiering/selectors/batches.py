"""A batch as its page and the API show it: the counts, each person before and after, the lines left out."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.enums import Position
from tellerdesk.staff.models import Branch, Staff
from tiering.batch_messages import line_message
from tiering.enums import BatchStatus, Tier
from tiering.models import OwnerAssignment, OwnerBatch, OwnerBatchLine
from tiering.selectors.rosters import capacity_lines
from tiering.selectors.scope import SET_OWNERS, listed_branches

LINES_SHOWN = 100


@dataclass(frozen=True)
class Share:
    """One person's part, in one tier of one branch. `now` are such customers before, `capacity` that of the roster.

    Of a batch that was carried out `now` counts its customers already.
    """

    staff: Staff
    position: str
    branch: Branch
    tier: Tier
    gets: int
    now: int
    capacity: int | None
    applied: bool

    @property
    def position_label(self) -> str:
        return str(Position(self.position).label)

    @property
    def before(self) -> int:
        return max(0, self.now - self.gets) if self.applied else self.now

    @property
    def after(self) -> int:
        return self.before + self.gets

    @property
    def over(self) -> int:
        """Customers above the capacity."""
        return max(0, self.after - self.capacity) if self.capacity is not None else 0


@dataclass(frozen=True)
class BatchLine:
    row: OwnerBatchLine

    @property
    def message(self) -> str:
        return line_message(self.row.code) if self.row.code else ""

    @property
    def full_name(self) -> str:
        return self.row.customer.name if self.row.customer else ""

    @property
    def name(self) -> str:
        return mask_name(self.full_name)

    @property
    def tier(self) -> Tier | None:
        return None if self.row.tier is None else Tier(self.row.tier)


@dataclass(frozen=True)
class BatchView:
    batch: OwnerBatch

    @property
    def is_open(self) -> bool:
        return self.batch.status == BatchStatus.PREVIEW

    @cached_property
    def shares(self) -> list[Share]:
        return shares_of(self.batch)

    @property
    def over(self) -> list[Share]:
        return [each for each in self.shares if each.over]

    def lines(self, *, wrong: bool, most: int | None = LINES_SHOWN) -> list[BatchLine]:
        rows = self.batch.lines.select_related("customer", "owner")
        rows = rows.exclude(code="") if wrong else rows.filter(code="")
        return [BatchLine(row) for row in (rows if most is None else rows[:most])]

    @cached_property
    def good_lines(self) -> list[BatchLine]:
        return self.lines(wrong=False)

    @property
    def wrong_lines(self) -> list[BatchLine]:
        return self.lines(wrong=True)


def batches_of(staff: Staff):
    """One's own, and those of the branches where one may set owners: any manager there may carry a batch out."""
    rows = OwnerBatch.objects.of_entity_of(staff).select_related("branch", "maker", "decided_by")
    managed = Q(branch__in=listed_branches(staff, SET_OWNERS)) if staff.postings_granting(SET_OWNERS) else Q()
    return rows.filter(Q(maker=staff) | managed) if managed else rows.filter(maker=staff)


def shares_of(batch: OwnerBatch) -> list[Share]:
    """The highest tier first. Five queries whatever the number of lines."""
    rows = batch.lines.filter(code="").order_by()
    columns = ("owner", "position", "customer__tierassignment__branch", "tier")
    gets = Counter(rows.values_list(*columns))
    people = Staff.objects.in_bulk({owner for owner, *_ in gets})
    branches = Branch.objects.in_bulk({branch for _, _, branch, _ in gets})
    capacities = {(c.branch.pk, c.tier, c.staff.pk): c.capacity for c in capacity_lines(branches)}
    now = _loads(people, branches)
    found = [
        Share(
            people[owner],
            position,
            branches[branch],
            Tier(tier),
            number,
            now[owner, branch, tier],
            capacities.get((branch, tier, owner)),
            batch.status == BatchStatus.APPLIED,
        )
        for (owner, position, branch, tier), number in gets.items()
    ]
    return sorted(found, key=lambda each: (each.branch.path, -each.tier, each.staff.username))


def _loads(people, branches) -> Counter:
    standing = "customer__tierassignment"
    rows = OwnerAssignment.objects.current().filter(owner__in=people, **{f"{standing}__branch__in": branches})
    return Counter(rows.order_by().values_list("owner", f"{standing}__branch", f"{standing}__tier"))
