"""About 3,000 sample customers of branches 001, 002 and 101, and what waits for their supervisors today."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.db import transaction

from customers import models
from customers.citizen_check import is_simulated
from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.ages import years_after
from tellerdesk.core.business_date import today
from tellerdesk.demo.checks import fill_check
from tellerdesk.demo.events import events_of
from tellerdesk.demo.openings import fill_opening
from tellerdesk.demo.people import making_of, people
from tellerdesk.demo.schedule import COUNTERS, give_numbers, past_visits, todays_visits, unfinished_visits
from tellerdesk.demo.visits import Counter, Visit
from tellerdesk.demo.working_day import work_a_little
from tellerdesk.staff.models import Staff

HISTORY_YEARS = 3
CHUNK = 500
IN_ORDER = (
    models.Customer,
    models.IdentityCheck,
    models.IdentityKey,
    models.IdentityDocument,
    models.AuxiliaryPaper,
    models.Amendment,
    models.Agent,
    models.Receipt,
)


def load_customers(*, count: int = 3000, progress: Callable[[str], None] = print) -> int:
    """Into a database without customers, whose accounts are there. Returns how many were written.

    The identity checks are the simulator's: with a gateway to the real system nothing is written.
    """
    if not is_simulated():
        progress("sample customers: left out, the identity gateway is not the simulator")
        return 0
    visits = planned_visits(count, counters_of(COUNTERS), day=today())
    give_numbers(visits)
    for start in range(0, len(visits), CHUNK):
        write(visits[start : start + CHUNK])
        progress(f"sample customers: {min(start + CHUNK, len(visits))} of {len(visits)}")
    work_a_little()
    return len(visits)


def planned_visits(count: int, counters: dict[str, Counter], *, day: date) -> list[Visit]:
    """Deterministic: the same people with the same numbers for the same day."""
    making = making_of(today=day, since=years_after(day, -HISTORY_YEARS))
    past, of_today = past_visits(making, people(making, count), counters), todays_visits(making, counters)
    return past + unfinished_visits(making, counters) + of_today


def counters_of(usernames: dict[str, tuple[str, str]]) -> dict[str, Counter]:
    staff = {each.username: each for each in Staff.objects.select_related("legal_entity")}
    return {code: Counter(staff[teller], staff[checker]) for code, (teller, checker) in usernames.items()}


@transaction.atomic
def write(visits: list[Visit]) -> None:
    by_model = defaultdict(list)
    for visit in visits:
        fill(visit)
        for row in visit.rows:
            by_model[type(row)].append(row)
    for model in IN_ORDER:
        model.objects.bulk_create(by_model[model])
    events = [event for visit in visits for event in events_of(visit)]
    AuditEvent.objects.bulk_create(sorted(events, key=lambda event: event.at))


def fill(visit: Visit) -> None:
    fill_check(visit)
    if visit.opens:
        fill_opening(visit)
