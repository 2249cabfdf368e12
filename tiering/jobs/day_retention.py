"""The lines of days that had their time go, a whole table at a time; what was added up of them stays."""

import logging
from datetime import date

from django.db import OperationalError, connections, transaction
from psycopg2.sql import SQL, Identifier

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.turns import alone
from tellerdesk.limits.selectors import values
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System
from tiering.jobs.night import LOCK_SPACE
from tiering.limits import KEPT_DAYS, KEPT_MONTHS
from tiering.models import SnapshotDay
from tiering.rules.retention import Loaded, Term, no_longer_kept

# A partition leaves its parent under a lock that readers of other days wait behind: so long and no longer.
PATIENCE = "SET LOCAL lock_timeout = '2s'"

logger = logging.getLogger("tiering.retention")


def forget_old_days() -> None:
    """The same however often it runs. An entity whose night runs just now waits for the next time."""
    for entity in LegalEntity.objects.using(OWNER).order_by("pk"):
        with alone(LOCK_SPACE, entity.pk) as ours:
            if ours:
                forget_days_of(entity)


def forget_days_of(entity: LegalEntity) -> None:
    for as_of in days_to_forget(entity.pk):
        try:
            forget_day(entity, as_of)
        except OperationalError as error:  # somebody reads for long; told by its name alone
            logger.warning("The lines of %s stay for now: %s", as_of, type(error).__name__)


def days_to_forget(legal_entity_id: int) -> list[date]:
    limits = values(legal_entity_id, KEPT_DAYS, KEPT_MONTHS)
    kept = SnapshotDay.objects.using(OWNER).filter(legal_entity=legal_entity_id).kept()
    loaded = [Loaded(*row) for row in kept.values_list("as_of", "moved_standing")]
    return no_longer_kept(loaded, Term(days=limits[KEPT_DAYS], months=limits[KEPT_MONTHS]))


def forget_day(entity: LegalEntity, as_of: date) -> None:
    """Table, mark and event together or not at all."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(PATIENCE)
        day = SnapshotDay.objects.using(OWNER).kept().get(legal_entity=entity.pk, as_of=as_of)
        cursor.execute(SQL("DROP TABLE {}").format(Identifier(day.table_name)))
        day.dropped_on = today()
        day.save(using=OWNER, update_fields=["dropped_on"])
        detail = {"as_of": as_of, "lines": day.lines}
        record("tiering.day_forgotten", subject=day, by=System(entity), detail=detail, using=OWNER)
