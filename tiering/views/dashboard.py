"""2001 分层看板: what a manager sees of a branch on one page."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tellerdesk.core.access import requires
from tellerdesk.core.moments import one_moment
from tellerdesk.files.sheets import SheetColumn, sheet_response
from tellerdesk.staff.own_writes import from_replica, sheets_from_replica
from tiering.enums import BANDED
from tiering.messages import band_words, scope_words, tier_label
from tiering.rules.money import yuan
from tiering.selectors.assessments import board_report
from tiering.selectors.board import Board, Row, board_of
from tiering.selectors.near import nearest
from tiering.selectors.scope import branches_to_choose
from tiering.selectors.upgrades import open_case_count
from tiering.services.exporting import note_board_export
from tiering.views.scoping import day_asked, scope_asked


@requires("tiering.view_tiers")
@from_replica
@require_GET
def dashboard(request):
    board = board_asked(request)
    context = {
        "board": board,
        "scope": board.scope,
        "branches": branches_to_choose(board.scope),
        "five": board_report(board.scope) if board.days else None,
        "near": nearest(board.scope) if board.days and board.days.is_newest else [],
        "choices": open_case_count(board.scope) if board.days else 0,
    }
    return render(request, "tiering/dashboard.html", context)


@requires("tiering.view_tiers")
@sheets_from_replica
@require_POST
def export_dashboard(request):
    with one_moment():
        board = board_asked(request)
        if board.days is None:
            raise Http404
        rows = [sheet_row(board, row) for row in (*board.rows, board.total)]
        title = _("Tier dashboard")
        name = f"{title}-{board.scope.branch.code}-{board.as_of:%Y%m%d}.xlsx"
        sheet = sheet_response(name, title, columns(board), rows, facts(board, request.user))
    note_board_export(board=board, by=request.user)
    return sheet


def board_asked(request) -> Board:
    return board_of(scope_asked(request), as_of=day_asked(request))


def columns(board: Board) -> list[SheetColumn]:
    found = [
        SheetColumn(_("Tier"), width=20),
        SheetColumn(_("Band"), width=24),
        SheetColumn(_("Number of customers"), "whole"),
        SheetColumn(_("Financial assets (yuan)"), "money", 20),
        SheetColumn(_("Without owner"), "whole"),
        SheetColumn(_("No owner by policy"), "whole", 16),
        SheetColumn(_("Overdue without owner"), "whole", 16),
        SheetColumn(_("Owners incomplete"), "whole"),
        SheetColumn(_("One owner of the two"), "whole", 16),
        SheetColumn(_("About to rise"), "whole"),
        SheetColumn(_("About to fall"), "whole"),
    ]
    for day in (board.days.month, board.days.quarter):
        since = {"day": f"{day:%Y-%m-%d}" if day else "—"}
        found += [
            SheetColumn(_("Customers since %(day)s") % since, "whole", 20),
            SheetColumn(_("Rose since %(day)s") % since, "whole", 20),
            SheetColumn(_("Fell since %(day)s") % since, "whole", 20),
            SheetColumn(_("Assets since %(day)s (yuan)") % since, "money", 24),
        ]
    return found


def sheet_row(board: Board, row: Row) -> list:
    sums = row.sums
    label, band = (tier_label(row.tier), band_words(row.tier, board.policy)) if row.tier else (_("Total"), "")
    owed = [sums.overdue, sums.incomplete, sums.warned]
    found = [label, band, sums.customers, yuan(sums.aum), *nobodys(board, row), *owed, sums.near_up, sums.near_down]
    for moved in (row.month, row.quarter):
        found += [moved.net, moved.up, moved.down, yuan(moved.aum)] if moved else [None] * 4
    return found


def nobodys(board: Board, row: Row) -> list[int | None]:
    """Who lacks an owner, as the page counts them, and apart from those whom the policy gives none."""
    if row.tier is None:
        return [board.unowned, board.without_policy_owner]
    return [row.sums.unowned, None] if row.tier in BANDED else [None, row.sums.unowned]


def facts(board: Board, staff) -> list[tuple[str, str]]:
    return [
        (_("Branch"), scope_words(board.scope)),
        (_("As of"), f"{board.as_of:%Y-%m-%d}"),
        (_("Policy"), f"v{board.days.policy_version}"),
        (_("Exported by"), f"{staff.name} {staff.username}"),
        (_("Exported at"), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"),
    ]
