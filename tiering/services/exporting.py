from django.db import transaction

from customers.services.unmasking import unmask_list
from tellerdesk.audit.services import record
from tellerdesk.staff.models import Branch
from tiering.errors import TooMany
from tiering.messages import filter_words, scope_words
from tiering.models import Assessment, OwnerBatch
from tiering.rules.what_if import Count
from tiering.selectors.board import Board
from tiering.selectors.list_filter import Filter
from tiering.selectors.lists import Totals
from tiering.selectors.scope import Scope

MOST_ROWS = 200_000
LIST = "customers_by_tier"  # as the audit calls it


def check_size(totals: Totals | Count) -> None:
    """Raises TooMany."""
    if totals.customers > MOST_ROWS:
        raise TooMany(rows=totals.customers, most=MOST_ROWS)


@transaction.atomic
def note_export(*, chosen: Filter, totals: Totals, reason: str = "", by) -> None:
    """That a list of customers leaves the site; with a reason, that it does so without masks.

    Raises as `unmask_list`.
    """
    detail = {"rows": totals.customers, "filter": filter_words(chosen)}
    if reason:
        unmask_list(listing=LIST, words=detail["filter"], rows=totals.customers, reason=reason, by=by)
    record("tiering.list_exported", subject=chosen.scope.branch, by=by, detail=detail)


@transaction.atomic
def note_what_if_export(*, policy, rows: int, words: str, by) -> None:
    """That the customers whom a version of the policy would move leave the site, masked."""
    record("tiering.what_if_exported", subject=policy, by=by, detail={"rows": rows, "filter": words})


@transaction.atomic
def note_board_export(*, board: Board, by) -> None:
    """That the board of a branch leaves the site."""
    detail = {"as_of": board.as_of, "scope": scope_words(board.scope)}
    record("tiering.board_exported", subject=board.scope.branch, by=by, detail=detail)


@transaction.atomic
def note_upgrades_export(*, scope: Scope, rows: int, by) -> None:
    """That the open upgrade choices of a branch leave the site."""
    record("tiering.upgrades_exported", subject=scope.branch, by=by, detail={"rows": rows, "scope": scope_words(scope)})


@transaction.atomic
def note_batch_export(*, batch: OwnerBatch, rows: int, by) -> None:
    """That lines of an adoption leave the site."""
    record("tiering.batch_exported", subject=batch, by=by, detail={"rows": rows})


@transaction.atomic
def note_roster_export(*, branch: Branch, by) -> None:
    record("tiering.roster_exported", subject=branch, by=by)


@transaction.atomic
def note_rollout_export(*, branches: int, by) -> None:
    record("tiering.rollout_exported", subject=by.branch, by=by, detail={"branches": branches})


@transaction.atomic
def note_assessment_export(*, assessment: Assessment, words: str, by) -> None:
    record("tiering.assessment_exported", subject=assessment, by=by, detail={"scope": words})


@transaction.atomic
def note_assessed_export(*, assessment: Assessment, words: str, rows: int, by) -> None:
    """That a list of customers behind a figure leaves the site."""
    record("tiering.assessed_exported", subject=assessment, by=by, detail={"rows": rows, "filter": words})


@transaction.atomic
def note_concentration_export(*, words: str, branch, by) -> None:
    record("tiering.concentration_exported", subject=branch, by=by, detail={"scope": words})
