"""季度考核 of a legal entity: the five indicators of everybody, in a few statements of one transaction.

Begun again after any end: nothing is kept but the whole. A version whose quarter has no days ends incomplete, without
figures.
"""

from contextlib import suppress

from django.db import DatabaseError, InterfaceError, connections, transaction
from django.utils import timezone

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.turns import alone
from tellerdesk.staff.system import System
from tiering.enums import Indicator
from tiering.jobs import planning
from tiering.jobs.quarter import Assessed, QuarterEnds, quarter_ends
from tiering.jobs.quarter_figures import add_up, write_customers
from tiering.jobs.quarter_lines import find_exceptions, find_lines
from tiering.jobs.quarter_owners import find_arrivals, find_owners, find_positions
from tiering.models import AssessedOwner, Assessment, AssessmentFigure
from tiering.rules.indicators import COUNTED, Tally, ranked, rates_of
from tiering.rules.quarter_owners import CATEGORY_BY_POSITION
from tiering.rules.quarters import parse_quarter
from tiering.selectors.policies import as_rules

LOCK_SPACE = 7_310_009
BROKEN_OFF = "broken_off"


def assess(assessment_id: int) -> Assessment:
    """Carries the version to its end; nothing where it is over already."""
    row = Assessment.objects.using(OWNER).select_related("legal_entity", "computed_by").get(pk=assessment_id)
    with alone(LOCK_SPACE, row.legal_entity_id, waiting=lambda: tell(row, 0)):
        row.refresh_from_db()
        if not row.is_over:
            carry_out(row)
    return row


def carry_out(row: Assessment) -> None:
    tell(row, 1)
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            ends = quarter_ends(row.legal_entity_id, parse_quarter(row.quarter), today(), using=OWNER)
            if ends.opening and ends.closing:
                planning.prepare(cursor)
                compute(cursor, row, assessed_of(row, ends))
            finish(row, ends)
    except Exception:
        with suppress(DatabaseError, InterfaceError):
            connections[OWNER].close()
            Assessment.objects.using(OWNER).filter(pk=row.pk, status=RunStatus.RUNNING).update(
                status=RunStatus.FAILED, error_code=BROKEN_OFF
            )
        raise


def assessed_of(row: Assessment, ends: QuarterEnds) -> Assessed:
    categories = as_rules(ends.closing.policy).categories
    row.categories = len(categories)
    return Assessed(
        assessment_id=row.pk,
        legal_entity_id=row.legal_entity_id,
        opening=ends.opening.table_name,
        closing=ends.closing.table_name,
        opening_on=ends.opening.as_of,
        closing_on=ends.closing.as_of,
        since=ends.since,
        until=ends.until,
        policy=as_rules(ends.opening.policy),
        categories=sum(1 << bit for bit in categories.values()),
        earliest=ends.quarter.previous.first_day,
    )


def compute(cursor, row: Assessment, assessed: Assessed) -> None:
    find_exceptions(cursor, assessed)
    find_owners(cursor, assessed)
    tell(row, 30)
    find_lines(cursor, assessed)
    tell(row, 60)
    find_arrivals(cursor, assessed)
    write_customers(cursor, assessed)
    tell(row, 85)
    add_up(cursor, assessed)
    rank(row, find_positions(cursor))


def rank(row: Assessment, positions: dict[int, str]) -> None:
    """Among the people of one category, over the whole bank."""
    by_category: dict[str, dict[int, dict]] = {}
    for owner, tally in tallies_of(row).items():
        category = CATEGORY_BY_POSITION.get(positions.get(owner, ""))
        if category:
            by_category.setdefault(category, {})[owner] = rates_of(tally, row.categories)
    rows = [
        AssessedOwner(assessment=row, owner_id=owner, position=positions[owner], category=category, **places)
        for category, rates in by_category.items()
        for owner, places in places_of(rates).items()
    ]
    AssessedOwner.objects.using(OWNER).bulk_create(rows, batch_size=5000)


def places_of(rates: dict[int, dict]) -> dict[int, dict[str, int | None]]:
    """By owner: the rank of every indicator."""
    found: dict[int, dict[str, int | None]] = {owner: {} for owner in rates}
    for indicator in Indicator:
        of_one = {owner: each[indicator] for owner, each in rates.items()}
        places = ranked(of_one, low_is_good=indicator == Indicator.CHURN_RATE)
        for owner in rates:
            found[owner][indicator.value] = places.get(owner)
    return found


def tallies_of(row: Assessment) -> dict[int, Tally]:
    """By owner, over all branches."""
    rows = AssessmentFigure.objects.using(OWNER).filter(assessment=row, owner__isnull=False)
    found: dict[int, Tally] = {}
    for owner, *counts in rows.values_list("owner_id", *COUNTED):
        found[owner] = found.get(owner, Tally()) + Tally(*counts)
    return found


def finish(row: Assessment, ends: QuarterEnds) -> None:
    row.status, row.progress, row.computed_at = RunStatus.SUCCEEDED, 100, timezone.now()
    row.opening_on = ends.opening and ends.opening.as_of
    row.closing_on = ends.closing and ends.closing.as_of
    row.policy_version = ends.opening and ends.opening.policy.version
    row.incomplete = ends.incomplete
    row.save(using=OWNER)
    detail = {"quarter": row.quarter, "version": row.version, "incomplete": row.incomplete}
    record(
        "tiering.assessment_computed",
        subject=row,
        by=row.computed_by or System(row.legal_entity),
        detail=detail,
        using=OWNER,
    )


def tell(row: Assessment, percent: int) -> None:
    """Outside of the transaction; the row is not written by it before the end."""
    Assessment.objects.filter(pk=row.pk, status__in=(RunStatus.QUEUED, RunStatus.RUNNING)).update(
        status=RunStatus.RUNNING, progress=percent, heartbeat_at=timezone.now()
    )
    row.status, row.progress = RunStatus.RUNNING, percent
