"""推行计划: head office dates the steps of branches; each is reported done, or undone with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.validators import require_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Branch, Staff
from tiering.enums import RolloutStepKind
from tiering.errors import (
    NotPlanned,
    RosterIncomplete,
    StepBlocked,
    StepDone,
    StepNotDone,
    StepRestedOn,
    Unallocated,
)
from tiering.models import RolloutPlan, RolloutStep, TierAssignment
from tiering.rules.deadlines import one_month_after
from tiering.rules.rollout import blocked_by, out_of_order, resting_on
from tiering.selectors.rollout import nobodys
from tiering.selectors.rosters import tiers_without_people
from tiering.services.owed_counts import count_overdue
from tiering.services.patience import patient

PLAN = "tiering.plan_rollout"
# Whoever keeps the roster reports it, and that all customers are allocated; the rest is head office's.
BRANCHS_OWN = frozenset({RolloutStepKind.ROSTERS, RolloutStepKind.ALLOCATION})
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)
ORDER_WORDS = {
    "before_earlier_step": gettext_lazy("The users cannot be due before the rosters and the system."),
    "before_users": gettext_lazy("The branch cannot go live before its users are due."),
}


@dataclass(frozen=True)
class PlannedDays:
    """By when each of the first three steps is to be done, and when the branch goes live: the fourth is due a month
    later.
    """

    rosters_due_on: date
    system_due_on: date
    users_due_on: date
    go_live_on: date

    @property
    def by_step(self) -> dict[RolloutStepKind, date]:
        return {
            RolloutStepKind.ROSTERS: self.rosters_due_on,
            RolloutStepKind.SYSTEM: self.system_due_on,
            RolloutStepKind.USERS: self.users_due_on,
            RolloutStepKind.ALLOCATION: one_month_after(self.go_live_on),
        }


@transaction.atomic
def plan_rollout(*, branches: Sequence[Branch], days: PlannedDays, by: Staff) -> list[RolloutPlan]:
    """The same days for all of them; a plan that is there gets new ones, and steps that are done stay done. A go-live
    begins the month of every owner who is owed, so the board counts those overdue anew.

    Raises FieldErrors, StandingBusy.
    """
    _refuse(branches, days)
    plans = []
    for branch in sorted(branches, key=lambda each: each.pk):
        values = {"go_live_on": days.go_live_on, "planned_by": by, "legal_entity_id": branch.legal_entity_id}
        plan, _made = RolloutPlan.objects.update_or_create(branch=branch, defaults=values)
        steps = [
            RolloutStep.objects.update_or_create(plan=plan, step=step, defaults={"due_on": due})[0]
            for step, due in days.by_step.items()
        ]
        detail = {"go_live_on": days.go_live_on} | {f"step_{int(step)}": due for step, due in days.by_step.items()}
        record("tiering.rollout_planned", subject=branch, by=by, detail=detail, touched=[plan, *steps])
        plans.append(plan)
    with patient():
        count_overdue(branches)
    return plans


def _refuse(branches: Sequence[Branch], days: PlannedDays) -> None:
    faults = {}
    if not branches:
        faults["branches"] = [("required", _("Please choose at least one branch."))]
    given = {name: getattr(days, name) for name in PlannedDays.__dataclass_fields__}
    for name, day in given.items():
        if not EARLIEST <= day <= LATEST:
            faults[name] = [("out_of_range", _("This day is too far away."))]
    codes = out_of_order(days.rosters_due_on, days.system_due_on, days.users_due_on, days.go_live_on)
    faults |= {field: [(code, str(ORDER_WORDS[code]))] for field, code in codes.items() if field not in faults}
    if faults:
        raise FieldErrors(faults)


@transaction.atomic
def complete_step(*, branch: Branch, step: RolloutStepKind, by: Staff) -> RolloutStep:
    """Raises NotPlanned, StepDone, StepBlocked, RosterIncomplete (step 1), Unallocated (step 4)."""
    steps = _locked_steps(branch)
    done = [kind for kind, each in steps.items() if each.done_on]
    if step in done:
        raise StepDone
    waiting = blocked_by(step, done)
    if waiting:
        raise StepBlocked(step=int(step), by=waiting)
    _refuse_unfinished(branch, step)
    row = steps[step]
    row.done_on, row.done_by, row.note = today(), by, ""
    row.save(update_fields=["done_on", "done_by", "note"])
    detail = {"step": int(step), "name": step.label, "due_on": row.due_on}
    record("tiering.rollout_step_done", subject=branch, by=by, detail=detail, touched=[row])
    return row


def _refuse_unfinished(branch: Branch, step: RolloutStepKind) -> None:
    """A roster that is reported names somebody for every tier; allocated is when all customers have an owner."""
    if step == RolloutStepKind.ROSTERS:
        tiers = tiers_without_people(branch)
        if tiers:
            names = "; ".join(str(tier.label) for tier in tiers)
            raise RosterIncomplete(tiers=[tier.code for tier in tiers], names=names)
    if step == RolloutStepKind.ALLOCATION:
        number = nobodys(TierAssignment.objects.filter(branch=branch)).count()
        if number:
            raise Unallocated(number=number)


@transaction.atomic
def undo_step(*, branch: Branch, step: RolloutStepKind, reason: str, by: Staff) -> RolloutStep:
    """Raises FieldErrors, NotPlanned, StepNotDone, StepRestedOn."""
    require_lines(reason=reason)
    steps = _locked_steps(branch)
    row = steps[step]
    if row.done_on is None:
        raise StepNotDone
    resting = resting_on(step, [kind for kind, each in steps.items() if each.done_on])
    if resting:
        raise StepRestedOn(step=int(step), by=resting)
    detail = {"step": int(step), "name": step.label, "done_on": row.done_on, "reason": reason}
    row.done_on, row.done_by, row.note = None, None, reason
    row.save(update_fields=["done_on", "done_by", "note"])
    record("tiering.rollout_step_undone", subject=branch, by=by, detail=detail, touched=[row])
    return row


def _locked_steps(branch: Branch) -> dict[RolloutStepKind, RolloutStep]:
    plan = RolloutPlan.objects.select_for_update().filter(branch=branch).first()
    if plan is None:
        raise NotPlanned(branch=branch.code)
    return {RolloutStepKind(each.step): each for each in plan.steps.all()}
