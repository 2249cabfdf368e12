"""Where acts that lock no common row meet: locks of the database that end with the transaction."""

from collections.abc import Iterable

from django.db import connection

from tiering.errors import NightRunning
from tiering.jobs.night import COUNTS
from tiering.jobs.night import LOCK_SPACE as NIGHTS

PORTFOLIOS = 7_310_031
# In the order of the staff, so that two acts never wait for each other.
HOLD = """
SELECT CASE WHEN leaves THEN pg_advisory_xact_lock(%s, staff) ELSE pg_advisory_xact_lock_shared(%s, staff) END
FROM unnest(%s::int[], %s::boolean[]) held(staff, leaves)
"""


def hold_portfolios(*, growing: Iterable[int], leaving: Iterable[int] = ()) -> None:
    """Ids of staff. Whoever gives somebody a customer, and whoever hands over all that he has, do so one after the
    other: neither decides on a portfolio that the other is changing. To be asked for after the rows of customers.
    """
    leavers = frozenset(leaving)
    people = sorted(leavers.union(growing))
    if people:
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [PORTFOLIOS, PORTFOLIOS, people, [each in leavers for each in people]])


def hold_off_night(legal_entity_id: int) -> None:
    """A night that would begin waits until our transaction ends. Raises NightRunning where one has begun."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [NIGHTS, legal_entity_id])
        [is_ours] = cursor.fetchone()
    if not is_ours:
        raise NightRunning


def hold_off_counting(legal_entity_id: int) -> None:
    """Whoever changed owners, and is about to say so in the sums of the newest day. The night waits for our end and
    then counts; where it counts already we wait for its day, as long as our patience lasts (services.patience).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [COUNTS, legal_entity_id])
