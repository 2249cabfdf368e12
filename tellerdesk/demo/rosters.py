"""Rosters of two branches with capacities near what their people have, and the rollout plan: one branch far on, another
with a step that is overdue.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch, LegalEntity, Staff
from tiering.enums import BANDED, RolloutStepKind, Tier
from tiering.models import OwnerAssignment
from tiering.selectors.eligible import eligible_at
from tiering.selectors.policies import policy_in_force
from tiering.services.rollout import PlannedDays, complete_step, plan_rollout
from tiering.services.rosters import Place, keep_roster

ENROLLED = ("001", "002")
SENDER = "headoffice"
ROOM = 6  # places above what somebody has, for the first; each further one has one less


@transaction.atomic
def load_rosters(*, progress: Callable[[str], None] = print) -> None:
    """Where the bank has those branches, and somebody who keeps their rosters."""
    for entity in LegalEntity.objects.order_by("pk"):
        by = Staff.objects.filter(username=SENDER, legal_entity=entity).first()
        branches = list(Branch.objects.filter(legal_entity=entity, code__in=ENROLLED).order_by("code"))
        if by and len(branches) == len(ENROLLED):
            entries = sum(len(keep_roster(branch=branch, wanted=wanted_of(branch), by=by)) for branch in branches)
            plan(*branches, by=by)
            progress(f"sample rosters: {entries} entries of {len(branches)} branches, rollout planned")


def wanted_of(branch: Branch) -> dict[Tier, list[Place]]:
    policy = policy_in_force(branch.legal_entity_id, today())
    present = OwnerAssignment.objects.current().filter(customer__tierassignment__branch=branch)
    held = Counter(present.values_list("customer__tierassignment__tier", "owner__username"))
    found = {}
    for tier in BANDED:
        people = sorted(eligible_at(branch, policy.positions(tier), today()))
        if people:
            found[tier] = [
                Place(username, held[tier, username] + max(1, ROOM - place)) for place, username in enumerate(people)
            ]
    return found


def plan(first: Branch, second: Branch, *, by: Staff) -> None:
    """The first has gone live and still allocates; the second is late with its roster."""
    live = today() - timedelta(days=20)
    days = PlannedDays(live - timedelta(days=30), live - timedelta(days=25), live - timedelta(days=10), live)
    plan_rollout(branches=[first], days=days, by=by)
    for step in (RolloutStepKind.ROSTERS, RolloutStepKind.SYSTEM, RolloutStepKind.USERS):
        complete_step(branch=first, step=step, by=by)
    late = today() - timedelta(days=4)
    days = PlannedDays(late, late + timedelta(days=2), late + timedelta(days=12), late + timedelta(days=20))
    plan_rollout(branches=[second], days=days, by=by)
    complete_step(branch=second, step=RolloutStepKind.SYSTEM, by=by)
