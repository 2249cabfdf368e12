"""A small bank whose third quarter of 2026 has both its ends."""

from datetime import date

from tests.tiering.bank import Bank, make_bank
from tiering.jobs.assess_quarter import assess
from tiering.models import Assessment
from tiering.rules.quarters import parse_quarter
from tiering.services.assessing import close_assessment, new_version

OPENING, CLOSING = date(2026, 6, 30), date(2026, 9, 30)
QUARTER = parse_quarter("2026Q3")


def make_quarter_bank(*, courses: bool = False) -> Bank:
    bank = make_bank(nights=0, courses=courses)
    bank.night(0, OPENING)
    bank.night(2, CLOSING)
    return bank


def make_assessment(bank: Bank, quarter=QUARTER, *, closed: bool = False, by=None) -> Assessment:
    row = assess(new_version(bank.entity, quarter, by=by).pk)
    return close_assessment(quarter=quarter, reason="x", by=bank.staff["headoffice"]) if closed else row


def work() -> None:
    """What the worker would do."""
    for pk in Assessment.objects.filter(status="queued").order_by("pk").values_list("pk", flat=True):
        assess(pk)
