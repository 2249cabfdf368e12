"""The working days of 2026 as the sample banks took them over: 国务院办公厅关于2026年部分节假日安排的通知.

A sample: a real bank takes over the notice of each year by page 9003.
"""

from collections.abc import Callable
from datetime import date, timedelta

from customers.rules.calendar_file import Line
from customers.rules.working_days import WorkCalendar
from customers.services.keeping_calendar import keep_calendar
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System

HOLIDAYS = (
    ("元旦", date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23), (date(2026, 2, 14), date(2026, 2, 28))),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6), ()),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21), ()),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27), ()),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7), (date(2026, 9, 20), date(2026, 10, 10))),
)


def calendar_lines() -> list[Line]:
    lines = []
    for name, first, last, worked in HOLIDAYS:
        days = (first + timedelta(days=place) for place in range((last - first).days + 1))
        lines += [Line(day, False, name) for day in days]
        lines += [Line(day, True, f"{name}调休") for day in worked]
    return lines


CALENDAR = WorkCalendar(
    holidays=frozenset(line.day for line in calendar_lines() if not line.is_working),
    exchanged=frozenset(line.day for line in calendar_lines() if line.is_working),
)


def load_calendar(*, progress: Callable[[str], None] = print) -> None:
    entities = list(LegalEntity.objects.all())
    for entity in entities:
        keep_calendar(lines=calendar_lines(), by=System(entity))
    progress(f"sample calendar: {len(calendar_lines())} days of 2026 in {len(entities)} legal entities")
