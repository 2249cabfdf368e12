"""The newest day made ready for trials: counted by the worker when a draft is first tried on a large day, never by the
night. No rounding: the answer is that of a look at every line.
"""

import logging
import time

from django.db import OperationalError, connections, transaction
from django.utils import timezone
from psycopg2.sql import SQL, Identifier

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.turns import alone
from tiering.jobs import planning
from tiering.jobs.tier_sql import FIGURES
from tiering.jobs.what_if_base import Trial, lacks_lines
from tiering.jobs.what_if_tables import (
    amounts_between_blocks,
    lines_table,
    make_lines,
    make_sums,
    sums_table,
)
from tiering.models import WhatIfBasis
from tiering.rules.what_if import figures_of
from tiering.selectors.trials import Stamp, stamp_of, trial_day

LOCK_SPACE = 7_310_006
# A partition leaves its parent under a lock that readers of the others wait behind: so long and no longer.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

logger = logging.getLogger("tiering.what_if")


def count_cells(legal_entity_id: int) -> WhatIfBasis | None:
    """None where no day is there or somebody else is at it; the basis that is there where it still holds."""
    with alone(LOCK_SPACE, legal_entity_id) as ours:
        if not ours:
            return None
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            basis = _count(cursor, legal_entity_id)
        if basis:
            _settle(basis)
        return basis


def _count(cursor, legal_entity_id: int) -> WhatIfBasis | None:
    day = trial_day(legal_entity_id, using=OWNER)
    if day is None:
        return None
    stamp = stamp_of(legal_entity_id, day.as_of, using=OWNER)
    known = WhatIfBasis.objects.using(OWNER).filter(legal_entity=legal_entity_id).order_by("pk").last()
    if known and stamp.holds(known):
        return known
    trial = Trial(legal_entity_id, day.as_of, day.policy, day.policy)
    return fill_cells(cursor, trial, stamp)


def fill_cells(cursor, trial: Trial, stamp: Stamp, *, lows: list[int] | None = None) -> WhatIfBasis:
    """`lows`: amounts to add up below, ascending and to FAR; the answers are the same with any."""
    planning.prepare(cursor)
    started = time.monotonic()
    scope = trial.present.scope
    figures = dict(zip(FIGURES, figures_of(scope), strict=True))
    basis = WhatIfBasis(
        legal_entity_id=trial.legal_entity_id,
        **stamp.columns,
        **figures,
        card_level=scope.card_level,
        absent=lacks_lines(cursor, trial),
        cells=0,
        counted_at=timezone.now(),
        seconds=0,
    )
    basis.save(using=OWNER)
    lines = make_lines(cursor, trial, basis.pk, absent=basis.absent)
    lows = lows or amounts_between_blocks(cursor, basis.pk, lines)
    basis.cells = make_sums(cursor, trial, basis.pk, lows)
    basis.seconds = time.monotonic() - started
    basis.save(using=OWNER)
    return basis


def _settle(basis: WhatIfBasis) -> None:
    """So that an index of the new lines answers alone; and away with what nobody can be reading any more."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(SQL("VACUUM {}").format(Identifier(lines_table(basis.pk))))
    for former in _older(basis)[1:]:
        try:
            forget(former)
        except OperationalError as error:  # somebody reads for long; told by its name alone
            logger.warning("The trial basis %s stays for now: %s", former.pk, type(error).__name__)


def _older(basis: WhatIfBasis) -> list[WhatIfBasis]:
    rows = WhatIfBasis.objects.using(OWNER).filter(legal_entity=basis.legal_entity_id, pk__lt=basis.pk)
    return list(rows.order_by("-pk"))


def forget(basis: WhatIfBasis) -> None:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(PATIENCE)
        for table in (lines_table(basis.pk), sums_table(basis.pk)):
            cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(table)))
        basis.delete(using=OWNER)
