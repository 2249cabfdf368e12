"""试算: a version of the policy tried on the newest day, before anybody approves it. Nothing is written but sums."""

import time
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from tellerdesk.core.moments import one_moment
from tiering.enums import BANDED, Tier
from tiering.errors import NoDayLoaded
from tiering.jobs import planning
from tiering.jobs.what_if import Affected, affected, movement_by_cells, movement_by_lines
from tiering.jobs.what_if_base import Trial
from tiering.jobs.what_if_load import BranchFigures, Load, branch_figures, loads
from tiering.models import WhatIfBasis
from tiering.rules.policy import Policy
from tiering.rules.what_if import Count, Step, cells_suffice
from tiering.selectors.trials import TrialDay, holding_basis, trial_day
from tiering.tasks import what_if_cells

CELLS, LINES = "cells", "lines"
# Below it one look at every line takes no longer than anybody notices.
FEW_LINES = 200_000


@dataclass(frozen=True)
class WhatIf:
    """`method`: `cells` where sums of the day answered, `lines` where each was read; both exact.

    `matrix_seconds` of the movement alone.
    """

    trial: Trial
    method: str
    matrix_seconds: float
    seconds: float
    movement: dict[Step, Count]
    branches: list[BranchFigures]
    load: list[Load]
    affected: Affected = field(repr=False)

    @property
    def as_of(self) -> date:
        return self.trial.as_of

    @property
    def version(self) -> int:
        return self.trial.draft.version

    @property
    def present_version(self) -> int:
        return self.trial.present.version

    @property
    def total(self) -> Count:
        return sum(self.movement.values(), Count())

    @property
    def moved(self) -> Count:
        return sum((count for (before, then), count in self.movement.items() if before != then), Count())

    @property
    def lost(self) -> Count:
        """Have an owner whom the policy names now, and would have none."""
        return sum((each.count for each in self.affected.lost), Count())

    @property
    def to_deal(self) -> int:
        """Nobody's, in no band now, and in one then."""
        moved = self.affected.moved
        return sum(each.unowned for each in moved if each.step[0] not in BANDED and each.step[1] in BANDED)

    def of(self, before: Tier, then: Tier) -> Count:
        return self.movement.get((before, then), Count())


def trial_of(draft: Policy, *, by) -> Trial:
    """On the newest day of the legal entity of `by`. Raises NoDayLoaded."""
    return _on(_newest_day(by), draft)


def _newest_day(by) -> TrialDay:
    day = trial_day(by.legal_entity_id)
    if day is None:
        raise NoDayLoaded
    return day


def _on(day: TrialDay, draft: Policy) -> Trial:
    return Trial(day.legal_entity_id, day.as_of, day.policy, draft)


def try_policy(*, draft: Policy, by) -> WhatIf:
    """Over the whole legal entity, as of one moment. Raises NoDayLoaded."""
    started = time.perf_counter()
    with one_moment(), connection.cursor() as cursor:
        planning.prepare(cursor)
        day = _newest_day(by)
        trial = _on(day, draft)
        basis, wanted = cells_for(day, draft)
        counting = time.perf_counter()
        movement = movement_by_cells(cursor, trial, basis) if basis else movement_by_lines(cursor, trial)
        counted = time.perf_counter() - counting
        found = affected(cursor, trial, movement)
        branches, load = branch_figures(cursor, trial, found), loads(cursor, trial, found)
    if wanted:
        what_if_cells.enqueue(trial.legal_entity_id)
    took = time.perf_counter() - started
    method = CELLS if basis else LINES
    return WhatIf(trial, method, counted, took, movement.steps, branches, load, found)


def cells_for(day: TrialDay, draft: Policy) -> tuple[WhatIfBasis | None, bool]:
    """The sums, where they hold and answer for the draft; and whether they are worth counting for the next time."""
    if day.lines < FEW_LINES or not cells_suffice(day.policy, draft):
        return None, False
    basis = holding_basis(day.legal_entity_id, day.as_of)
    return basis, basis is None
