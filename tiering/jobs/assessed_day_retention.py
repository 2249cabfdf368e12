"""What was kept of a day goes when a later day of its quarter, or the same one anew, has taken its place."""

import logging

from django.db import DatabaseError, InterfaceError, connections, transaction
from psycopg2.sql import SQL, Identifier

from tellerdesk.core.database_roles import OWNER
from tiering.jobs.day_retention import PATIENCE
from tiering.models import AssessedDay, Assessment
from tiering.rules.quarters import quarter_of

logger = logging.getLogger("tiering.assessed_days")


def forget_unused(legal_entity_id: int) -> None:
    """Never what an assessment was made from. What somebody reads for long, the next one to keep a day forgets."""
    try:
        for row in _unused(legal_entity_id):
            _forget(row)
    except (DatabaseError, InterfaceError) as error:  # told by its name alone
        connections[OWNER].close_if_unusable_or_obsolete()
        logger.warning("What is kept of former days stays for now: %s", type(error).__name__)


def _unused(legal_entity_id: int) -> list[AssessedDay]:
    rows = list(AssessedDay.objects.using(OWNER).filter(legal_entity=legal_entity_id))
    made_from = Assessment.objects.using(OWNER).filter(legal_entity=legal_entity_id)
    used = {pk for pair in made_from.values_list("opening_day", "closing_day") for pk in pair}
    return [row for row in rows if row.pk not in used and any(_takes_the_place(each, row) for each in rows)]


def _takes_the_place(later: AssessedDay, row: AssessedDay) -> bool:
    same_quarter = quarter_of(later.as_of) == quarter_of(row.as_of)
    return same_quarter and later.pk > row.pk and later.as_of >= row.as_of


def _forget(row: AssessedDay) -> None:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(SQL("DROP TABLE {}").format(Identifier(row.lines_table(row.pk))))
        row.delete(using=OWNER)
