"""The newest day in cells that no draft with limits of whole thousands can split (models.WhatIfCell; the twin of a
cell's level is rules.what_if.level_of). Counted by the worker when a draft is first tried on a large day, never by the
night; a cell more or less is no rounding: the answer is that of a look at every line.
"""

import time

from django.db import connections, transaction
from django.utils import timezone
from psycopg2.sql import SQL, Composable, Literal

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.turns import alone
from tiering.jobs import planning
from tiering.jobs.tier_sql import other_criteria, tier_and_reasons
from tiering.jobs.what_if_base import Trial, everybody, lacks_lines
from tiering.models import WhatIfBasis
from tiering.rules.birth_dates import first_birthdays
from tiering.rules.what_if import OLDEST, THOUSAND
from tiering.selectors.trials import Stamp, stamp_of, trial_day

LOCK_SPACE = 7_310_006
FORGET = "DELETE FROM tiering_whatifcell WHERE legal_entity_id = {entity}"
COUNT = """
INSERT INTO tiering_whatifcell (legal_entity_id, level, customers, aum, birth_date, admission, standing, other)
SELECT {entity}, level, customers, aum, birth_date, admission, standing, other FROM what_if_new
"""
# Who is as old in full years has one number of `years`: a draft asks for no finer age.
CELLS = """
CREATE TEMPORARY TABLE what_if_new ON COMMIT DROP AS
SELECT level, count(*) AS customers, sum(aum)::bigint AS aum, min(birth_date) AS birth_date, admission, standing, other
FROM (
  SELECT aum, birth_date, admission, standing, coalesce({other}, false) AS other,
    width_bucket(birth_date, {birthdays}) AS years,
    aum - rest + CASE WHEN rest = 0 THEN 0 ELSE 1 END AS level
  FROM (SELECT *, (aum % {thousand} + {thousand}) % {thousand} AS rest FROM ({everybody}) person) person
) cell GROUP BY level, years, admission, standing, other
"""
# A cell as a line: its level for the assets, and a card that fulfils the criteria of scope or none.
AS_LINES = """
SELECT level AS aum, birth_date, admission, standing, customers, aum AS total, {card}::smallint AS card_level,
  -1::bigint AS card_spend_year, -1::bigint AS personal_loan_balance, -1::bigint AS custody_margin
FROM tiering_whatifcell WHERE legal_entity_id = {entity}
"""
MATRIX = """
SELECT standing, draft, sum(customers)::bigint, sum(total)::bigint, min(aum), max(aum)
FROM (SELECT *, {tier} AS draft FROM ({lines}) cell) cell GROUP BY standing, draft
"""


def matrix_of_cells(trial: Trial) -> Composable:
    """From, to, customers, fen, lowest and highest level."""
    card = SQL("CASE WHEN other THEN {} ELSE -1 END").format(Literal(int(trial.present.scope.card_level)))
    lines = SQL(AS_LINES).format(card=card, **trial.parts)
    return SQL(MATRIX).format(tier=tier_and_reasons(trial.draft, trial.as_of).tier, lines=lines)


def count_cells(legal_entity_id: int) -> WhatIfBasis | None:
    """None where no day is there or somebody else is at it; those that are there where they still hold."""
    with alone(LOCK_SPACE, legal_entity_id) as ours:
        if not ours:
            return None
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return _count(cursor, legal_entity_id)


def _count(cursor, legal_entity_id: int) -> WhatIfBasis | None:
    day = trial_day(legal_entity_id, using=OWNER)
    if day is None:
        return None
    stamp = stamp_of(legal_entity_id, day.as_of, using=OWNER)
    known = WhatIfBasis.objects.using(OWNER).filter(legal_entity=legal_entity_id).first()
    if known and stamp.holds(known):
        return known
    trial = Trial(legal_entity_id, day.as_of, day.policy, day.policy)
    return fill_cells(cursor, trial, stamp)


def fill_cells(cursor, trial: Trial, stamp: Stamp) -> WhatIfBasis:
    planning.prepare(cursor)
    started = time.monotonic()
    absent = lacks_lines(cursor, trial)
    cursor.execute(cells_of(trial, absent=absent))
    cursor.execute(SQL(FORGET).format(**trial.parts))
    cursor.execute(SQL(COUNT).format(**trial.parts))
    number = cursor.rowcount
    scope = trial.present.scope
    values = stamp.columns | {
        "card_spend_year": scope.card_spend_year,
        "personal_loan_balance": scope.personal_loan_balance,
        "custody_margin": scope.custody_margin,
        "card_level": scope.card_level,
        "absent": absent,
        "cells": number,
        "counted_at": timezone.now(),
        "seconds": time.monotonic() - started,
    }
    rows = WhatIfBasis.objects.using(OWNER)
    return rows.update_or_create(legal_entity_id=trial.legal_entity_id, defaults=values)[0]


def cells_of(trial: Trial, *, absent: bool) -> Composable:
    birthdays = [f"{day:%Y-%m-%d}" for day in first_birthdays(trial.as_of, OLDEST)]
    return SQL(CELLS).format(
        other=SQL(" OR ").join(other_criteria(trial.present).values()),
        birthdays=SQL("{}::date[]").format(Literal(birthdays)),
        thousand=SQL("{}::bigint").format(Literal(THOUSAND)),
        everybody=everybody(trial, absent=absent),
    )
