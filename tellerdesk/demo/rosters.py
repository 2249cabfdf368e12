"""Rosters of two branches with capacities near what their people have, and the rollout plan: one branch has just gone
live, another was to be long ago: its roster lacks a wealth manager, and who has no owner there is overdue.
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
COVERING = {"teller", "manager"}  # may take over all that a colleague has
ROOM = 6  # places above what somebody has, for the first; each further one has one less
ROOM_TO_COVER = 24


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
            found[tier] = [_place(username, place, tier, people, held) for place, username in enumerate(people)]
    return found


def _place(username: str, place: int, tier: Tier, people: list[str], held: Counter) -> Place:
    covered = people if username in COVERING else [username]
    room = ROOM_TO_COVER if username in COVERING else max(1, ROOM - place)
    return Place(username, sum(held[tier, each] for each in covered) + room)


def plan(first: Branch, second: Branch, *, by: Staff) -> None:
    """The first still allocates within its month; the second waits for its roster."""
    done = {first: (RolloutStepKind.ROSTERS, RolloutStepKind.SYSTEM, RolloutStepKind.USERS)}
    for branch, days_ago in ((first, 20), (second, 45)):
        live = today() - timedelta(days=days_ago)
        days = PlannedDays(live - timedelta(days=30), live - timedelta(days=25), live - timedelta(days=10), live)
        plan_rollout(branches=[branch], days=days, by=by)
        for step in done.get(branch, (RolloutStepKind.SYSTEM,)):
            complete_step(branch=branch, step=step, by=by)
