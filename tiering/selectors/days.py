"""The loaded days of a legal entity: which one is shown, and which ones it is compared with."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tiering.models import SnapshotDay, TierPolicy
from tiering.rules.policy import Policy
from tiering.selectors.policies import as_rules

# Days are read at once: more than a quarter and the one before it have.
MOST_DAYS = 220


@dataclass(frozen=True)
class Day:
    as_of: date
    moved_standing: bool
    policy_id: int
    policy_version: int
    dropped_on: date | None


@dataclass(frozen=True)
class Days:
    """`month` and `quarter` are the last days with standing tiers before the month and the quarter of `as_of` began;
    None where there is none. `is_newest`: the standing tiers are of this day. Of `gone` only the night's sums are kept,
    and no lines.
    """

    as_of: date
    policy_id: int
    policy_version: int
    is_newest: bool
    month: date | None
    quarter: date | None
    gone: frozenset[date] = frozenset()

    @property
    def policy(self) -> Policy:
        return policy_rules(self.policy_id)

    @property
    def wanted(self) -> set[date]:
        return {day for day in (self.as_of, self.month, self.quarter) if day}

    @property
    def with_lines(self) -> "Days":
        """Compared with those alone whose lines are there."""
        month, quarter = (day if day not in self.gone else None for day in (self.month, self.quarter))
        return replace(self, month=month, quarter=quarter)


@lru_cache(maxsize=64)
def policy_rules(policy_id: int) -> Policy:
    """Of a policy that gave a day its tiers: approved, so never changed any more."""
    return as_rules(TierPolicy.objects.get(pk=policy_id))


def days_of(staff, *, asked: date | None = None) -> Days | None:
    """The newest day with standing tiers, or the last loaded one up to the day asked for. One query, two if asked."""
    loaded = SnapshotDay.objects.of_entity_of(staff).order_by("-as_of")
    newest = loaded.standing().values_list("as_of", flat=True).first() if asked else None
    rows = loaded.filter(as_of__lte=asked) if asked else loaded
    columns = rows.values_list("as_of", "moved_standing", "policy_id", "policy__version", "dropped_on")
    known = [Day(*row) for row in columns[:MOST_DAYS]]
    shown = next((day for day in known if asked or day.moved_standing), None)
    if shown is None:
        return None
    standing = [day.as_of for day in known if day.moved_standing]
    is_newest = shown.as_of == (newest if asked else shown.as_of)
    month, quarter = (_last(standing, start(shown.as_of)) for start in (month_start, quarter_start))
    gone = frozenset(day.as_of for day in known if day.dropped_on)
    return Days(shown.as_of, shown.policy_id, shown.policy_version, is_newest, month, quarter, gone)


def _last(days: list[date], before: date) -> date | None:
    return next((day for day in days if day < before), None)


def month_start(day: date) -> date:
    return day.replace(day=1)


def quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
