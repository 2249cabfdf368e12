"""The customers of a loaded day that assessments look at, narrow and beside their owners: read ten times as fast as the
day itself. A night of the last day of a quarter keeps them; an assessment keeps what it does not find.

Whoever keeps a day is alone with the lines of the legal entity, or holds nights off.
"""

import logging
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections, transaction
from django.utils import timezone
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.runs import RunStatus
from tiering.jobs import planning
from tiering.jobs.assessed_day_retention import forget_unused
from tiering.jobs.quarter import quarter_ends
from tiering.jobs.temporary import CHEAP_WORKERS, joined_by, keep
from tiering.models import AssessedDay, NightlyRun, SnapshotDay
from tiering.rules.quarters import Quarter, quarter_of
from tiering.selectors.policies import as_rules

logger = logging.getLogger("tiering.assessed_days")

# Whoever was the primary owner on a day; of two, one began on it.
OWNERS = """
legal_entity_id = {entity} AND is_primary AND since <= {owned_on} AND (until IS NULL OR until >= {owned_on})
"""
KNOWN = "SELECT count(*), coalesce(bit_xor(hashint8extended(id, 0)), 0) FROM tiering_ownerassignment WHERE {owners}"
# Two days in the same order are merged in half the time that a hash of one of them would take.
LINES = """
CREATE TABLE {table} AS
SELECT customer_id, branch_id, aum, owner_id, owned_since, categories, position
FROM (SELECT customer_id, branch_id, aum, categories FROM {day} WHERE aum >= {floor}) l
FULL JOIN (
  SELECT customer_id, owner_id, since AS owned_since, position FROM tiering_ownerassignment WHERE {owners}
) w USING (customer_id) ORDER BY customer_id
"""
# Whoever is owned counts with less than the floor too: few. A look at the whole day finds them sooner than a disk would
# that is asked for each. They are taken out and put in again: beside changed rows an index made now would serve nobody
# before the transaction ends.
SMALL = """
SELECT customer_id, d.branch_id, d.aum, d.categories FROM (SELECT DISTINCT customer_id FROM {table} WHERE aum IS NULL) t
JOIN {day} d USING (customer_id)
"""
FILL = """
WITH owned AS (
  DELETE FROM {table} t USING assess_small s WHERE t.aum IS NULL AND t.customer_id = s.customer_id
  RETURNING t.customer_id, s.branch_id, s.aum, t.owner_id, t.owned_since, s.categories, t.position
)
INSERT INTO {table} SELECT * FROM owned
"""
# The number of the day is the same in every row: as a column added here it takes no room.
ATTACH = """
ALTER TABLE {table} ADD assessed_day_id bigint NOT NULL DEFAULT {number}, ADD CHECK (assessed_day_id = {number});
CREATE INDEX ON {table} (customer_id); CREATE INDEX ON {table} (owner_id); CREATE INDEX ON {table} (branch_id);
REVOKE ALL ON {table} FROM {application}; GRANT SELECT ON {table} TO {application};
ALTER TABLE tiering_assesseddayline ATTACH PARTITION {table} FOR VALUES IN ({number});
ANALYZE {table}
"""


@dataclass(frozen=True)
class DayWanted:
    """`owned_on`: the calendar's day whose owners count; `floor` in fen, the least AUM that counts for itself."""

    day: SnapshotDay
    owned_on: date
    floor: int


def kept_for(wanted: DayWanted) -> AssessedDay:
    """As it is, or anew; in a transaction of its own."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        planning.prepare(cursor)
        return found(cursor, wanted) or keep_day(cursor, wanted)


def found(cursor, wanted: DayWanted) -> AssessedDay | None:
    owners, digest = known_owners(cursor, wanted)
    rows = AssessedDay.objects.using(OWNER).filter(
        legal_entity=wanted.day.legal_entity_id, as_of=wanted.day.as_of, owned_on=wanted.owned_on,
        run=_last_run(wanted.day), floor__lte=wanted.floor, owners=owners, owners_digest=digest,
    )  # fmt: skip
    return rows.order_by("-pk").first()


def known_owners(cursor, wanted: DayWanted) -> tuple[int, int]:
    cursor.execute(CHEAP_WORKERS)
    cursor.execute(SQL(KNOWN).format(owners=_owners(wanted)))
    return cursor.fetchone()


def keep_day(cursor, wanted: DayWanted) -> AssessedDay:
    """Within the running transaction, which planning has prepared."""
    owners, digest = known_owners(cursor, wanted)
    row = AssessedDay.objects.using(OWNER).create(
        legal_entity_id=wanted.day.legal_entity_id, as_of=wanted.day.as_of, owned_on=wanted.owned_on,
        run=_last_run(wanted.day), floor=wanted.floor, owners=owners, owners_digest=digest, kept_at=timezone.now(),
    )  # fmt: skip
    parts = {"table": Identifier(row.lines_table(row.pk)), "day": Identifier(wanted.day.table_name)}
    with joined_by(cursor, "hashjoin"):
        cursor.execute(SQL(LINES).format(floor=Literal(wanted.floor), owners=_owners(wanted), **parts))
        if keep(cursor, "assess_small", SQL(SMALL).format(**parts)):
            cursor.execute(SQL(FILL).format(**parts))
    application = Identifier(settings.APPLICATION_ROLE)
    cursor.execute(SQL(ATTACH).format(number=Literal(row.pk), application=application, **parts))
    return row


def keep_end_of_quarter(run: NightlyRun) -> None:
    """After a night of the last day of a quarter. Where it fails, the assessment does it."""
    quarter = quarter_of(run.as_of)
    if run.as_of != quarter.closing_on or run.status != RunStatus.SUCCEEDED or run.dry_run or not run.accepted:
        return
    try:
        _keep_end(run.legal_entity_id, quarter)
    except (DatabaseError, InterfaceError) as error:  # told by its name alone
        connections[OWNER].close_if_unusable_or_obsolete()
        logger.warning("The end of %s is not kept yet: %s", quarter, type(error).__name__)
    else:
        forget_unused(run.legal_entity_id)


def _keep_end(legal_entity_id: int, quarter: Quarter) -> None:
    """As both quarters want it that meet here: each goes by the policy of its own opening day."""
    ends = quarter_ends(legal_entity_id, quarter, quarter.following.first_day, using=OWNER)
    floors = [as_rules(day.policy).entry.floor for day in (ends.opening, ends.closing) if day]
    kept_for(DayWanted(ends.closing, quarter.closing_on, min(floors)))


def _owners(wanted: DayWanted) -> Composable:
    return SQL(OWNERS).format(entity=Literal(wanted.day.legal_entity_id), owned_on=Literal(wanted.owned_on))


def _last_run(day: SnapshotDay) -> NightlyRun | None:
    runs = NightlyRun.objects.using(OWNER).filter(legal_entity=day.legal_entity_id, as_of=day.as_of)
    return runs.filter(status=RunStatus.SUCCEEDED, dry_run=False, accepted__gt=0).order_by("-pk").first()
