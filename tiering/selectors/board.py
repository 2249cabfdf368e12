"""The manager's board: tiers of one branch, a sub-tree or the legal entity, out of the night's sums alone."""

from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Sum

from tiering.enums import BANDED, IN_SCOPE, Tier
from tiering.models import TierSummary
from tiering.rules.policy import Policy
from tiering.selectors.days import Days, days_of
from tiering.selectors.own_board import own_sums
from tiering.selectors.scope import Scope
from tiering.selectors.sums import NAMES, Sums


@dataclass(frozen=True)
class Movement:
    """Since a day of comparison: who rose into the tier, who fell out of it, and what it has more or less in all."""

    up: int
    down: int
    net: int
    aum: int


@dataclass(frozen=True)
class Row:
    """`month` and `quarter` are None where there is no day to compare with."""

    tier: Tier | None
    sums: Sums
    month: Movement | None
    quarter: Movement | None


@dataclass(frozen=True)
class Board:
    """`rows` are the five tiers in scope, from the highest; `total` adds them up. `entering`: the near ones below."""

    scope: Scope
    days: Days | None
    rows: list[Row]
    total: Row
    entering: Sums

    @property
    def as_of(self) -> date | None:
        return self.days.as_of if self.days else None

    @property
    def lines_kept(self) -> bool:
        """False where one's own customers of that day cannot be counted any more."""
        return not (self.scope.own and self.days and self.days.as_of in self.days.gone)

    @property
    def is_nobodys(self) -> bool:
        """One's own customers, and neither now nor since a day of comparison was there one."""
        moves = [moved for moved in (self.total.month, self.total.quarter) if moved]
        none_now = self.scope.own and self.lines_kept and not self.total.sums.customers
        return none_now and all(moved == Movement(0, 0, 0, 0) for moved in moves)

    @property
    def policy(self) -> Policy | None:
        return self.days.policy if self.days else None

    @property
    def unowned(self) -> int | None:
        """无责任人: in a band that names owners, and nobody's."""
        counts = [row.sums.unowned for row in self.rows if row.tier in BANDED]
        return None if None in counts else sum(counts)

    @property
    def without_policy_owner(self) -> int | None:
        """In scope and in no band: the policy names nobody for them, so they are not counted as lacking an owner."""
        return next((row.sums.unowned for row in self.rows if row.tier == Tier.UNBANDED), 0)

    @property
    def near_up(self) -> int:
        return self.total.sums.near_up + self.entering.near_up

    @property
    def near_down(self) -> int:
        return self.total.sums.near_down


def board_of(scope: Scope, *, as_of: date | None = None) -> Board:
    """Two queries where the night has added up; a few more over one's own customers."""
    days = days_of(scope.staff, asked=as_of)
    if days and scope.own:
        days = days.with_lines
    sums = (own_sums(scope, days) if scope.own else summed(scope, days)) if days else {}
    rows = [_row(tier, days, sums) for tier in IN_SCOPE]
    entering = sums.get((days.as_of, Tier.OUT_OF_SCOPE), Sums()) if days else Sums()
    return Board(scope, days, rows, _total(rows, days), entering)


def summed(scope: Scope, days: Days) -> dict[tuple[date, int], Sums]:
    columns = {name: Sum(name) for name in NAMES}
    rows = scope.of(TierSummary.objects.filter(as_of__in=days.wanted)).values("as_of", "tier").annotate(**columns)
    return {(row.pop("as_of"), row.pop("tier")): Sums(**row) for row in rows}


def _row(tier: Tier, days: Days | None, sums: dict) -> Row:
    if days is None:
        return Row(tier, Sums(), None, None)
    now, nothing = sums.get((days.as_of, tier), Sums()), Sums()
    month = sums.get((days.month, tier), nothing) if days.month else None
    quarter = sums.get((days.quarter, tier), nothing) if days.quarter else None
    return Row(
        tier,
        now,
        _movement(now, month, now.month_up, now.month_down),
        _movement(now, quarter, now.quarter_up, now.quarter_down),
    )


def _movement(now: Sums, then: Sums | None, up: int, down: int) -> Movement | None:
    return None if then is None else Movement(up, down, now.customers - then.customers, now.aum - then.aum)


def _total(rows: list[Row], days: Days | None) -> Row:
    month = _together([row.month for row in rows]) if days and days.month else None
    quarter = _together([row.quarter for row in rows]) if days and days.quarter else None
    return Row(None, sum((row.sums for row in rows), Sums()), month, quarter)


def _together(moves: list[Movement]) -> Movement:
    return Movement(*(sum(getattr(each, field.name) for each in moves) for field in fields(Movement)))
