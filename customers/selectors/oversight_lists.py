"""Decisions, looks and day totals as lists to carry away."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from customers.enums import AmendmentKind, AmendmentStatus
from customers.selectors.counter_lists import OF_A_DECISION, OF_A_REQUEST, of_a_day, on_a_day
from customers.selectors.history_rows import key_words
from customers.selectors.listing import Chosen, Column, Listing, shown_name
from customers.selectors.oversight import COUNTED, OVERSEE, READ_LOOKS, day_totals, decided_requests, looks_of
from tellerdesk.core.business_date import today

PERIOD = timedelta(days=30)
COUNT_TITLES = {
    "openings": _("Openings"),
    "amendments": _("Changes asked for"),
    "others": _("Other transactions"),
    "checks": _("Online checks"),
    "approved": _("Approved"),
    "returned": _("Returned"),
    "reprints": _("Reprints"),
}


def of_a_period(chosen: Chosen) -> list[tuple[str, str]]:
    bounds = [f"{each:%Y-%m-%d}" if each else "" for each in (chosen.since, chosen.until)]
    period = f"{bounds[0]} – {bounds[1]}" if any(bounds) else ""
    return [
        (translated("Period"), period),
        (translated("Branch"), chosen.branch),
        (translated("Person"), chosen.person),
        (translated("Request"), str(AmendmentKind(chosen.kind).label) if chosen.kind else ""),
        (translated("State"), str(AmendmentStatus(chosen.status).label) if chosen.status else ""),
    ]


def with_period(chosen: Chosen) -> Chosen:
    """The last thirty days, where nothing else is asked for: the bank's day and the clock's are both within."""
    days = [chosen.until] if chosen.until else [today(), timezone.localdate()]
    first = min(days)
    since = chosen.since or (first - PERIOD if first - date.min > PERIOD else date.min)
    return replace(chosen, since=since, until=chosen.until or max(*days, since))


def waited_minutes(request) -> int:
    return int(request.waited.total_seconds() // 60)


DECIDED = Listing(
    code="decided",
    title=_("Decided requests"),
    permission=OVERSEE,
    asks=("since", "until", "branch", "person", "kind", "status"),
    rows=lambda staff, chosen: decided_requests(
        staff,
        since=chosen.since,
        until=chosen.until,
        branch=chosen.branch,
        person=chosen.person,
        kind=chosen.kind,
        status=chosen.status,
    ),
    completed=with_period,
    words=of_a_period,
    by="decided_at",
    columns=(
        *OF_A_REQUEST,
        *OF_A_DECISION,
        Column("waited_minutes", _("Waited (minutes)"), lambda row, _full: waited_minutes(row), "whole", 12),
        Column("branch", _("Branch"), lambda row, _full: str(row.branch), width=20, code=lambda row: row.branch.code),
    ),
)

LOOKS = Listing(
    code="looks",
    title=_("Looks of a person"),
    permission=READ_LOOKS,
    asks=("person", "since", "until"),
    rows=lambda staff, chosen: looks_of(staff, chosen.person, since=chosen.since, until=chosen.until),
    words=of_a_period,
    columns=(
        Column("at", _("Time"), lambda row, _full: row.at, width=20),
        Column("staff", _("Staff number"), lambda row, _full: row.staff.username, width=12),
        Column(
            "branch",
            _("Branch"),
            lambda row, _full: str(row.branch or ""),
            width=20,
            code=lambda row: row.branch.code if row.branch else None,
        ),
        Column("key", _("Asked with"), lambda row, _full: key_words(row.key), width=34, code=lambda row: row.key),
        Column(
            "customer_number",
            _("Customer number"),
            lambda row, _full: row.customer.customer_number if row.customer else "",
            width=22,
        ),
        Column("name", _("Name"), lambda row, full: shown_name(row.customer.name if row.customer else "", full)),
        Column("reason", _("Reason"), lambda row, _full: row.reason, width=30),
    ),
)

DAY_TOTALS = Listing(
    code="day_totals",
    title=_("Day totals by person"),
    permission=OVERSEE,
    asks=("day", "branch"),
    rows=lambda staff, chosen: day_totals(staff, chosen.day, branch=chosen.branch),
    completed=on_a_day,
    words=lambda chosen: [*of_a_day(chosen), (translated("Branch"), chosen.branch)],
    columns=(
        Column("branch", _("Branch"), lambda row, _full: row.branch, width=20, code=lambda row: row.branch_code),
        Column("staff", _("Staff number"), lambda row, _full: row.username, width=12),
        Column("name", _("Name"), lambda row, _full: row.name, width=12),
        *(
            Column(what, COUNT_TITLES[what], lambda row, _full, what=what: row.counts.get(what, 0), "whole", 12)
            for what in COUNTED
        ),
    ),
)
