"""2010 推行计划: the branches with the states of their four steps."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch
from tiering.enums import BANDED, RolloutStepKind
from tiering.models import RolloutPlan, RolloutStep, TierAssignment
from tiering.rules.rollout import StepState, blocked_by, resting_on, state_of
from tiering.selectors.eligible import LIVE

PAGE = 50


@dataclass(frozen=True)
class StepLine:
    """`waits_for` are the steps that come first; `kept_by` the done ones that rest on this one."""

    step: RolloutStepKind
    row: RolloutStep
    state: StepState
    waits_for: tuple[RolloutStepKind, ...]
    kept_by: tuple[RolloutStepKind, ...]
    days_over: int

    @property
    def may_be_done(self) -> bool:
        return self.row.done_on is None and not self.waits_for

    @property
    def may_be_undone(self) -> bool:
        return self.row.done_on is not None and not self.kept_by


@dataclass(frozen=True)
class BranchRollout:
    """`plan` is None and `steps` empty where nothing is planned yet. `unowned`: customers in a band without owner."""

    branch: Branch
    plan: RolloutPlan | None
    steps: list[StepLine]
    unowned: int

    @property
    def overdue(self) -> list[StepLine]:
        return [line for line in self.steps if line.state == StepState.OVERDUE]

    @property
    def is_done(self) -> bool:
        return bool(self.steps) and all(line.state == StepState.DONE for line in self.steps)


def rollouts(branches, *, size: int | None = None) -> list[BranchRollout]:
    """In the order of the tree. Four queries, whatever their number."""
    rows = list(branches[:size] if size else branches)
    plans = RolloutPlan.objects.filter(branch__in=rows).prefetch_related("steps__done_by")
    by_branch = {plan.branch_id: plan for plan in plans}
    nobodys = _unowned([row.pk for row in rows])
    return [_rollout(branch, by_branch.get(branch.pk), nobodys.get(branch.pk, 0)) for branch in rows]


def rollout_of(branch: Branch) -> BranchRollout:
    return rollouts(Branch.objects.filter(pk=branch.pk))[0]


def nobodys(standings):
    """In a band and without owner; not those closed or merged since the night, whom nobody is to look after."""
    return standings.filter(tier__in=BANDED, owner=None, customer__status__in=LIVE)


def _unowned(branch_ids: list[int]) -> dict[int, int]:
    rows = nobodys(TierAssignment.objects.filter(branch__in=branch_ids))
    return dict(rows.order_by().values_list("branch").annotate(Count("pk")))


def _rollout(branch: Branch, plan: RolloutPlan | None, unowned: int) -> BranchRollout:
    rows = {RolloutStepKind(row.step): row for row in plan.steps.all()} if plan else {}
    done = [step for step, row in rows.items() if row.done_on]
    return BranchRollout(branch, plan, [_line(step, row, done) for step, row in sorted(rows.items())], unowned)


def _line(step: RolloutStepKind, row: RolloutStep, done: list[RolloutStepKind]) -> StepLine:
    day: date = today()
    state = state_of(step, due=row.due_on, done=done, day=day)
    over = (day - row.due_on).days if state == StepState.OVERDUE else 0
    waits = () if row.done_on else blocked_by(step, done)
    return StepLine(step, row, state, waits, resting_on(step, done) if row.done_on else (), over)


@dataclass(frozen=True)
class Progress:
    """How many of all branches are planned, have every step done, or a step that is overdue."""

    branches: int
    planned: int
    done: int
    overdue: int


def progress_of(found: list[BranchRollout]) -> Progress:
    planned = [each for each in found if each.plan]
    return Progress(len(found), len(planned), sum(e.is_done for e in planned), sum(bool(e.overdue) for e in planned))
