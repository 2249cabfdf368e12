"""2007 客户移交: the hand-overs, the beginning of one, and its page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from customers.views.paging import after
from customers.views.unmasking import listed
from tellerdesk.core.access import requires
from tellerdesk.core.api import keyset_page
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverStatus
from tiering.forms.handing_over import ReasonForm, RowFilter, StartForm, StatusFilter
from tiering.models import HandOver
from tiering.selectors.belongings import belongings_of
from tiering.selectors.hand_over_file import page_of, receivers_of, rows_of, with_choices
from tiering.selectors.leavers import (
    HAND_OVER,
    branch_of_leaver,
    found_hand_over,
    hand_overs_of,
    open_hand_over_of,
    possible_leavers,
)
from tiering.selectors.portfolio import portfolio_of
from tiering.services.handing_over import start_hand_over

ROWS = 15


@requires(HAND_OVER)
@require_GET
def hand_over_list(request):
    form = StatusFilter(request.GET)
    chosen = form.chosen
    rows, following = keyset_page(hand_overs_of(request.user, status=chosen), after=after(request), size=ROWS)
    query = f"status={chosen}&" if chosen else ""
    context = {
        "form": form,
        "rows": rows,
        "chosen": chosen,
        "next": f"?{query}after={following}" if following else "",
        "first": f"?{query}" if "after" in request.GET else "",
    }
    return render(request, "tiering/hand_over_list.html", context)


@requires(HAND_OVER)
@require_http_methods(["GET", "POST"])
def start(request):
    """Without a leaver in the address: whom one may choose. With one: what he holds, and the reason."""
    username = request.GET.get("leaver", "")
    if not username:
        text = request.GET.get("q", "").strip()
        found = possible_leavers(request.user, text=text) if "\x00" not in text else []
        return render(request, "tiering/hand_over_start.html", {"leavers": found, "text": text})
    leaver = leaver_or_404(request, username)
    waiting = open_hand_over_of(leaver)
    if waiting and found_hand_over(request.user, waiting.pk):
        return redirect("tiering:hand_over", pk=waiting.pk)
    form = StartForm(request.POST or None, initial={"last_day": today()})
    if request.method == "POST" and form.is_valid():
        made = begun(form, username, by=request.user)
        if made:
            messages.success(request, _("The customers are split evenly; change what you want, then send it."))
            return redirect("tiering:hand_over", pk=made.pk)
    portfolio = portfolio_of(leaver, today())
    context = {
        "leaver": leaver,
        "form": form,
        "portfolio": portfolio,
        "sums": sums_of(portfolio),
        "belongings": belongings_of(leaver),
        "postings": leaver.posting_set.valid_on(today()).select_related("branch"),
    }
    return render(request, "tiering/hand_over_begin.html", context)


def begun(form: StartForm, username: str, *, by) -> HandOver | None:
    """None where the service refused; the form then says why."""
    try:
        return start_hand_over(leaver=username, **form.typed(form.fields), by=by)
    except FieldErrors as refusal:
        form.add_refusal(refusal.errors)
    except DomainError as refusal:
        form.add_error(None, refusal.as_dict()["message"])
    return None


def sums_of(portfolio) -> list[dict]:
    """By tier, the highest first."""
    found: dict = {}
    for each in portfolio.holdings:
        line = found.setdefault(each.tier, {"tier": each.tier, "customers": 0, "co_owned": 0, "aum": 0})
        line["customers"] += 1
        line["co_owned"] += not each.is_primary
        line["aum"] += each.aum
    return [found[tier] for tier in sorted(found, reverse=True)]


def leaver_or_404(request, username: str) -> Staff:
    named = username.isascii() and "\x00" not in username
    leaver = Staff.objects.of_entity_of(request.user).filter(username=username).first() if named else None
    if leaver is None or branch_of_leaver(leaver, request.user) is None:
        raise Http404
    return leaver


@requires(HAND_OVER)
@require_http_methods(["GET", "POST"])
def hand_over(request, pk):
    return shown(request, hand_over_or_404(request, pk), lifts=request.method == "POST")


def hand_over_or_404(request, pk: int) -> HandOver:
    found = found_hand_over(request.user, pk)
    if found is None:
        raise Http404
    return found


def shown(request, found: HandOver, form: ReasonForm | None = None, *, lifts: bool = False):
    """`form` where an act was refused: it says why."""
    receivers = receivers_of(found)
    chosen = RowFilter(request.GET, receivers=receivers)
    may = acts_of(found, receivers, request.user)
    lines, following = page_of(rows_of(found, **chosen.chosen), after=int(after(request) or 0))
    portfolio = portfolio_of(found.leaver, today()) if may["split"] else None
    query = request.GET.copy()
    query.pop("after", None)
    address = f"?{query.urlencode()}"
    context = {
        "hand_over": found,
        "receivers": receivers,
        "filter": chosen,
        "may": may,
        "lines": with_choices(portfolio, lines) if portfolio else lines,
        "may_take": sorted(portfolio.people.values(), key=lambda each: each.username) if portfolio else [],
        "belongings": belongings_of(found.leaver),
        "form": form or ReasonForm(),
        "next": f"{address}&after={following}" if following else "",
        "first": address if "after" in request.GET else "",
        "customers": sum(each.customers for each in receivers),
        "aum": sum(each.aum for each in receivers),
    }
    words = f"{found.leaver.name} {found.leaver.username} · {found.branch}"
    page = {"words": words, "rows": context["lines"], "lifts": lifts}
    return listed(request, "tiering/hand_over.html", context, listing="hand_over", **page)


def acts_of(found: HandOver, receivers, staff) -> dict[str, bool]:
    """What the reader may do with it; the services decide."""
    is_maker, status = found.maker_id == staff.pk, found.status
    takes_part = found.leaver_id == staff.pk or any(each.staff == staff for each in receivers)
    is_open = status in (HandOverStatus.DRAFT, HandOverStatus.SUBMITTED)
    undoable = found.undo_until is not None and timezone.now() <= found.undo_until
    return {
        "split": is_maker and status == HandOverStatus.DRAFT,
        "decide": not is_maker and status == HandOverStatus.SUBMITTED,
        "approve": not (is_maker or takes_part) and status == HandOverStatus.SUBMITTED,
        "withdraw": is_open and (is_maker or not found.maker.is_active),
        "undo": undoable and staff.pk in (found.maker_id, found.checker_id),
    }
