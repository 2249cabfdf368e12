"""The few figures of the board that belong on the first page: of one's own customers, or of the branch one answers for.

Every figure counts what its list shows: one's own within the branch by the list's own filter, all others by the night.
"""

from dataclasses import dataclass

from tiering.selectors.assessments import Figures, Report, board_report
from tiering.selectors.board import board_of
from tiering.selectors.days import Days, days_of
from tiering.selectors.list_filter import Filter
from tiering.selectors.list_sources import source_of
from tiering.selectors.lists import Totals, page, totals
from tiering.selectors.near import Near, nearest
from tiering.selectors.scope import Scope
from tiering.selectors.upgrades import open_case_count

SHOWN = 3  # on each side of a limit
COUNTED = ("near_up", "near_down", "month_up", "month_down", "incomplete")


@dataclass(frozen=True)
class Glance:
    """`owner` is the staff number where the figures are of one's own customers, `line` one's own five indicators or
    those of the scope; `choices` are of the whole scope. `unowned`, and `overdue` among the counts, only of
    branches. Amounts in fen.
    """

    scope: Scope
    days: Days
    owner: str
    all: Totals
    counts: dict[str, int | None]
    choices: int
    near: list[Near]
    report: Report | None
    line: Figures | None
    unowned: int | None = None

    @property
    def is_of_own(self) -> bool:
        return bool(self.owner) or self.scope.own

    @property
    def is_empty(self) -> bool:
        return self.is_of_own and not (self.all.customers or any(self.counts.values()))


def glance_at_own(scope: Scope) -> Glance | None:
    """None before the first night. A fixed number of queries."""
    days = days_of(scope.staff)
    if days is None:
        return None
    owner = None if scope.own else scope.staff
    sources = {what: source_of(Filter(scope, days, owner=owner, what=what)) for what in ("", *COUNTED)}
    sums = {what: totals(source) for what, source in sources.items()}
    near = [*_near(sources["near_up"], rises=True), *_near(sources["near_down"], rises=False)]
    report = None if scope.own else board_report(scope)
    mine = [line for line in report.owners if line.code == scope.staff.username] if report else []
    counts = {what: sums[what].customers for what in COUNTED}
    username = owner.username if owner else ""
    line = mine[0] if mine else None
    return Glance(scope, days, username, sums[""], counts, open_case_count(scope), near, report, line)


def _near(source, *, rises: bool) -> list[Near]:
    lines, _following = page(source, size=SHOWN)
    return [
        Near(rises, each.distance, each.aum, each.limit, each.tier, each.to_tier, each.customer_number, each.name)
        for each in lines
    ]


def glance_at_all(scope: Scope) -> Glance | None:
    """Of the branches in `scope`, as the board shows them."""
    board = board_of(scope)
    if board.days is None:
        return None
    sums, report = board.total.sums, board_report(scope)
    counts = {what: getattr(sums, what) for what in ("month_up", "month_down", "incomplete", "overdue")}
    counts |= {"near_up": board.near_up, "near_down": board.near_down}
    everyone, line = Totals(sums.customers, sums.aum), report.total if report else None
    choices, near = open_case_count(scope), nearest(scope, most=SHOWN)
    return Glance(scope, board.days, "", everyone, counts, choices, near, report, line, board.unowned)
