"""Owners that are owed, as conditions on standing rows; the night counts the same by branch and tier (jobs.owed_owners,
held to rules.deadlines and rules.completeness).
"""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, DateField, F, Func, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from tiering.enums import BANDED
from tiering.models import OwnerAssignment, RolloutPlan
from tiering.rules.policy import Policy

NOBODY_AT_ALL = Q(pk__in=[])


class OneMonthAfter(Func):
    """As rules.deadlines.one_month_after."""

    template = "(%(expressions)s + interval '1 month')::date"
    output_field = DateField()


def with_due(rows):
    """`due_on`: by when a customer without owner gets one (rules.deadlines.due_on)."""
    live = RolloutPlan.objects.filter(branch=OuterRef("branch")).values("go_live_on")
    ended = OwnerAssignment.objects.filter(customer=OuterRef("pk"), is_primary=True, until__isnull=False)
    left = ended.order_by().values("customer").annotate(last=Max("until")).values("last")
    return rows.annotate(due_on=OneMonthAfter(Greatest(F("since"), Subquery(live), Subquery(left))))


def with_held(rows):
    """`held`: the positions of the present owners."""
    present = OwnerAssignment.objects.current().filter(customer=OuterRef("pk")).order_by("-is_primary", "pk")
    return rows.annotate(held=ArraySubquery(present.values("position")))


def with_fitting(rows, policy: Policy):
    """`fitting`: how many of the positions that the tier names are held."""
    cases = [When(tier=band.tier, then=_fitting(band.positions)) for band in _several(policy)]
    return rows.annotate(fitting=Case(*cases, default=Value(0), output_field=IntegerField()))


def _fitting(positions: tuple[str, ...]):
    present = OwnerAssignment.objects.current().filter(customer=OuterRef("pk"), position__in=positions)
    held = present.order_by().values("customer").annotate(number=Count("position", distinct=True)).values("number")
    return Coalesce(Subquery(held), 0)


def is_overdue(day: date) -> Q:
    """Wants `due_on`."""
    return Q(owner=None, tier__in=BANDED, due_on__lt=day)


def is_incomplete(policy: Policy) -> Q:
    """Wants `fitting`. Who has no primary owner is unowned instead."""
    found = NOBODY_AT_ALL
    for band in _several(policy):
        if band.positions_needed > 1:
            found |= Q(tier=band.tier, fitting__lt=min(band.positions_needed, len(band.positions)))
    return Q(owner__isnull=False) & found


def is_warned(policy: Policy) -> Q:
    """Wants `fitting`."""
    found = NOBODY_AT_ALL
    for band in _several(policy):
        enough = Q() if band.positions_needed == 1 else Q(fitting__gte=band.positions_needed)
        found |= Q(tier=band.tier, fitting__lt=len(band.positions)) & enough
    return Q(owner__isnull=False) & found


def _several(policy: Policy) -> list:
    """Bands that name several positions: elsewhere any owner is enough."""
    return [band for band in policy.bands if len(band.positions) > 1]


def owed_columns(day: date, policy: Policy) -> dict[str, Count]:
    """What the sums of a tier say of owners; for rows `with_owed`."""
    return {
        "unowned": Count("pk", filter=Q(owner=None)),
        "overdue": Count("pk", filter=is_overdue(day)),
        "warned": Count("pk", filter=is_warned(policy)),
        "incomplete": Count("pk", filter=is_incomplete(policy)),
    }


def with_owed(rows, policy: Policy):
    return with_fitting(with_due(rows), policy)
