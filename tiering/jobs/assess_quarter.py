"""季度考核 of a legal entity: the five indicators of everybody, in a few statements of one transaction. Nights wait.

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
from tellerdesk.files.turns import alone, held_off
from tellerdesk.staff.system import System
from tiering.jobs import planning
from tiering.jobs.assessed_day_retention import forget_unused
from tiering.jobs.assessed_days import DayWanted, kept_for
from tiering.jobs.night import LOCK_SPACE as NIGHTS
from tiering.jobs.quarter import Assessed, QuarterEnds, quarter_ends
from tiering.jobs.quarter_apart import find_apart, forget_apart
from tiering.jobs.quarter_customers import attach, keep_rest
from tiering.jobs.quarter_figures import add_up, keep_figures
from tiering.jobs.quarter_lines import find_lines
from tiering.jobs.quarter_owners import find_arrivals, find_owners, find_positions
from tiering.jobs.quarter_pass import pass_over
from tiering.jobs.quarter_ranks import rank
from tiering.models import AssessedDay, Assessment
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
            with held_off(NIGHTS, row.legal_entity_id, waiting=lambda: tell(row, 0)):
                carry_out(row)
    return row


def carry_out(row: Assessment) -> None:
    tell(row, 1)
    try:
        ends = quarter_ends(row.legal_entity_id, parse_quarter(row.quarter), today(), using=OWNER)
        assessed = assessed_of(row, ends) if ends.opening and ends.closing else None
        tell(row, 30)
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            if assessed:
                planning.prepare(cursor)
                compute(cursor, row, assessed)
            finish(row, ends)
    except Exception:
        with suppress(DatabaseError, InterfaceError):
            connections[OWNER].close()
            Assessment.objects.using(OWNER).filter(pk=row.pk, status=RunStatus.RUNNING).update(
                status=RunStatus.FAILED, error_code=BROKEN_OFF
            )
        raise
    forget_unused(row.legal_entity_id)


def assessed_of(row: Assessment, ends: QuarterEnds) -> Assessed:
    """Both days are kept afterwards, and the version knows them."""
    policy, categories = as_rules(ends.opening.policy), as_rules(ends.closing.policy).categories
    row.categories, row.category_bits = len(categories), sum(1 << bit for bit in categories.values())
    row.opening_day = kept_for(DayWanted(ends.opening, ends.since, policy.entry.floor))
    row.closing_day = kept_for(DayWanted(ends.closing, ends.until, policy.entry.floor))
    return Assessed(
        assessment_id=row.pk,
        legal_entity_id=row.legal_entity_id,
        opening=ends.opening.table_name,
        closing=ends.closing.table_name,
        opening_lines=AssessedDay.lines_table(row.opening_day_id),
        closing_lines=AssessedDay.lines_table(row.closing_day_id),
        opening_on=ends.opening.as_of,
        closing_on=ends.closing.as_of,
        since=ends.since,
        until=ends.until,
        policy=policy,
        categories=row.category_bits,
        earliest=ends.quarter.previous.first_day,
    )


def compute(cursor, row: Assessment, assessed: Assessed) -> None:
    find_apart(cursor, assessed)
    pass_over(cursor, assessed)
    tell(row, 60)
    judge_rest(cursor, assessed)
    tell(row, 80)
    add_up(cursor, assessed)
    attach(cursor, assessed)
    keep_figures(cursor, assessed)
    find_positions(cursor, assessed)
    rank(cursor, assessed)


def judge_rest(cursor, assessed: Assessed) -> None:
    find_owners(cursor, assessed)
    find_lines(cursor, assessed)
    find_arrivals(cursor, assessed)
    keep_rest(cursor, assessed)
    forget_apart(cursor, assessed)


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
