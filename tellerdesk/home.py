"""The first page after the login, the list of transactions, and the answer to whoever watches over the site."""

from django.contrib.auth.decorators import login_required
from django.db import Error, connection
from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from customers.selectors.work import done_today, expiring_documents, just_done, work_list
from tellerdesk import commands as transactions
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import page_of
from tellerdesk.core.business_date import today
from tellerdesk.staff.enums import Position
from tellerdesk.staff.roles import SPECIALISTS, permissions_of
from tiering.selectors.glance import Glance, glance_at_all, glance_at_own
from tiering.selectors.scope import scope_of
from tiering.selectors.specialists import referred_to
from training.selectors.courses import own_cards

TASKS_SHOWN = 6
EVENTS_SHOWN = 6
REFERRALS_SHOWN = 8
TILES_SHOWN = 8  # the rest by the command bar
# Who answers for branches and not for customers of his own.
OVERSEERS = frozenset({Position.BRANCH_PRESIDENT, Position.DEPUTY_PRESIDENT, Position.HEAD_OFFICE, Position.AUDITOR})
OWNERS = frozenset({Position.LOBBY_MANAGER, Position.FINANCIAL_ADVISOR, Position.WEALTH_MANAGER})


@login_required
@require_GET
def home(request):
    """By position: the counter's day for whoever opens customers, else one's customers or branches, and the ways in."""
    position_opens = "customers.open_customer" in permissions_of(p.position for p in request.user.postings_now)
    offered = tiles(request.user)
    context = {"tiles": offered[:TILES_SHOWN], "further": len(offered[TILES_SHOWN:])}
    context["cards"] = own_cards(request.user, at=timezone.now())
    context |= counter(request.user, request.GET.get("to_do")) if position_opens else desk(request.user)
    return render(request, "home/home.html", context)


def counter(staff, to_do: str | None = None) -> dict:
    """`to_do` is `all` where every task is asked for and not the most pressing few."""
    work = work_list(staff)
    done = done_today(staff, today())
    return {
        "counter": True,
        "work": work if to_do == "all" else work[:TASKS_SHOWN],
        "work_count": len(work),
        "done": done,
        "done_count": sum(done.values()),
        "just_done": just_done(staff, today()),
        "expiring": expiring_documents(staff, today()),
        "as_of": today(),
    }


def desk(staff) -> dict:
    """Away from the counter."""
    positions = {posting.position for posting in staff.postings_now}
    found = {"glance": glance(staff, positions), "as_of": today()}
    if positions & OWNERS:
        found["expiring"] = expiring_documents(staff, today())
    if positions & SPECIALISTS:
        found["referrals"] = referred_to(staff)[:REFERRALS_SHOWN]
    if Position.AUDITOR in positions:
        events = AuditEvent.objects.within(staff.legal_entity.code, staff.audited_branches)
        found["events"] = page_of(events, size=EVENTS_SHOWN).lines
    return found


def glance(staff, positions: set[str]) -> Glance | None:
    if not staff.has_perm("tiering.view_tiers"):
        return None
    scope = scope_of(staff)
    return glance_at_all(scope) if positions & OVERSEERS else glance_at_own(scope)


def tiles(staff) -> list:
    """What the person may open, and what a course would open."""
    return [offer for offer in transactions.offers(staff) if offer.allowed or offer.course]


@login_required
@require_GET
def commands(request):
    """F1. `?q=` is what the bar sends where there is no script."""
    sought = request.GET.get("q", "")
    offers = transactions.search(transactions.offers(request.user), sought) if sought else []
    return render(request, "commands.html", {"offers": offers})


@require_GET
def healthz(request):
    """503 while the database is away; says nothing else to strangers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "database_away"}, status=503)
    return JsonResponse({"status": "ok"})
