"""Who came when and to whom: samples become visits."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from customers.enums import CheckDecision, RefusalReason
from customers.rules.corroboration import Evidence
from customers.rules.customer_number import customer_number
from tellerdesk.demo import residents
from tellerdesk.demo.making import SUNDAY, Making, Sample
from tellerdesk.demo.people import waiting_today
from tellerdesk.demo.visits import Counter, Visit

COUNTERS = {"001": ("teller", "supervisor"), "002": ("teller2", "supervisor2"), "101": ("teller3", "manager3")}
SHARES = {"001": 45, "002": 35, "101": 20}
WITH_CHECKER_WAITING = ("001", "002")
IN_BOTH_ENTITIES = 3
DOORS_OPEN, DOORS_SHUT = time(8, 40), time(16, 30)
WENT_TO_THE_POLICE = ((901, 8), (900, 1))  # the simulator's answer, and how many days ago
FORGED_BEFORE = 5  # days
REFUSALS = (
    (903, RefusalReason.LOST_CONFIRMED, Evidence()),
    (901, RefusalReason.FORGED, Evidence(reader_genuine=False)),
)


def past_visits(making: Making, samples: list[Sample], counters: dict[str, Counter]) -> list[Visit]:
    """Each at a counter by its branch's share; the first few are customers of the other legal entity as well."""
    codes = making.chance.choices(list(SHARES), list(SHARES.values()), k=len(samples))
    visits = [
        Visit(sample, counters[code], instant(making, sample.opened_on))
        for sample, code in zip(samples, codes, strict=True)
    ]
    known_here = [visit for visit in visits if visit.counter is not counters["101"]][:IN_BOTH_ENTITIES]
    again = [replace(visit, counter=counters["101"], at=visit.at + timedelta(days=1)) for visit in known_here]
    return sorted(visits + again, key=lambda visit: visit.at)


def instant(making: Making, day: date) -> datetime:
    opens, shuts = hours(day)
    return opens + making.chance.random() * (shuts - opens)


def hours(day: date) -> tuple[datetime, datetime]:
    """Of the counter; today's end now, or begin at midnight while the doors are still shut."""
    opens, shuts = (timezone.make_aware(datetime.combine(day, moment)) for moment in (DOORS_OPEN, DOORS_SHUT))
    if day != timezone.localdate():
        return opens, shuts
    now = timezone.now()
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    return (opens if opens < now else midnight), min(shuts, now)


def todays_visits(making: Making, counters: dict[str, Counter], *, plain: int = 6) -> list[Visit]:
    """At every counter some ordinary openings; at 001 and 002 what waits for the supervisor.

    Instants are the real clock's, whatever the business date.
    """
    now = timezone.localdate()
    visits = []
    for code, counter in counters.items():
        samples = [residents.resident(making, on=making.today) for _ in range(plain)]
        waiting = waiting_today(making) if code in WITH_CHECKER_WAITING else []
        visits += [Visit(each, counter, instant(making, now)) for each in samples]
        visits += [Visit(each, counter, instant(making, now), left_waiting=True) for each in waiting]
        visits += refusals(making, counter) if waiting else []
    return sorted(visits, key=lambda visit: visit.at)


def refusals(making: Making, counter: Counter) -> list[Visit]:
    found = []
    for answer, reason, evidence in REFUSALS:
        sample = residents.resident(making, on=making.today, answer=answer)
        sample = replace(sample, decision=CheckDecision.REFUSE, evidence=evidence)
        found.append(Visit(sample, counter, instant(making, timezone.localdate()), refused_for=reason))
    return found


def unfinished_visits(making: Making, counters: dict[str, Counter]) -> list[Visit]:
    """Of the last days: customers who went to the police, and a forged card whose report to them is owed."""
    visits = []
    for code in WITH_CHECKER_WAITING:
        for answer, days in WENT_TO_THE_POLICE:
            sample = residents.resident(making, on=days_ago(making, days), answer=answer)
            sample = replace(sample, decision=CheckDecision.HOLD_PENDING_POLICE, evidence=Evidence())
            visits.append(Visit(sample, counters[code], instant(making, sample.opened_on)))
        sample = residents.resident(making, on=days_ago(making, FORGED_BEFORE), answer=900)
        sample = replace(sample, decision=CheckDecision.REFUSE, evidence=Evidence(reader_genuine=False))
        at = instant(making, sample.opened_on)
        visits.append(Visit(sample, counters[code], at, refused_for=RefusalReason.FORGED, refusal_approved=True))
    return sorted(visits, key=lambda visit: visit.at)


def days_ago(making: Making, days: int) -> date:
    """On Sundays the counter is shut."""
    day = making.today - timedelta(days=days)
    return day - timedelta(days=1) if day.weekday() == SUNDAY else day


def give_numbers(visits: list[Visit]) -> None:
    """From the sequence that the counter uses; the database is empty, so none is taken."""
    opening = [visit for visit in visits if visit.opens]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('customers_customer_serial') FROM generate_series(1, %s)", [len(opening)])
        for visit, (serial,) in zip(opening, cursor.fetchall(), strict=True):
            visit.customer_number = customer_number(serial)
