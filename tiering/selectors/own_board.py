"""The sums of one person's own customers: some hundreds, so they are counted when they are asked for."""

from collections import Counter
from datetime import date

from django.db.models import Count, Sum

from tiering.enums import Tier
from tiering.models import NearLimit, SnapshotLine, TierAssignment, TierMove
from tiering.selectors.days import Days
from tiering.selectors.owed import owed_columns, with_owed
from tiering.selectors.scope import Scope, served_by
from tiering.selectors.sums import Sums

Key = tuple[date, int]


def own_sums(scope: Scope, days: Days) -> dict[Key, Sums]:
    """By day and tier, as the night's sums are. Of earlier days: what present customers had then."""
    found = _standing(scope, days) if days.is_newest else {}
    found |= _lines(scope, days.wanted - days.gone - {day for day, _ in found})
    now = {tier: sums for (day, tier), sums in found.items() if day == days.as_of}
    counted = _near(scope) if days.is_newest else Counter()
    counted += _moved(scope, days)
    for tier in {*now, *(tier for tier, _ in counted)}:
        extra = {name: counted[tier, name] for of, name in counted if of == tier}
        found[days.as_of, tier] = now.get(tier, Sums()) + Sums(**extra)
    return found


def _standing(scope: Scope, days: Days) -> dict[Key, Sums]:
    rows = with_owed(scope.of(TierAssignment.objects.in_scope()), days.policy).order_by().values("tier")
    owed = owed_columns(days.as_of, days.policy)
    rows = rows.annotate(customers=Count("pk"), sum=Sum("aum"), **owed)
    return {(days.as_of, row["tier"]): Sums(aum=row["sum"], **_kept(row, "customers", *owed)) for row in rows}


def _kept(row: dict, *names: str) -> dict[str, int]:
    return {name: row[name] for name in names}


def _lines(scope: Scope, days: set[date]) -> dict[Key, Sums]:
    if not days:
        return {}
    entity = scope.staff.legal_entity_id
    lines = SnapshotLine.objects.filter(legal_entity_id=entity, as_of__in=days, tier__gt=Tier.OUT_OF_SCOPE)
    rows = lines.filter(served_by(scope.staff, "customer_id")).values_list("as_of", "tier")
    unknown = dict.fromkeys(("unowned", "overdue", "warned", "incomplete"))
    counted = rows.annotate(Count("pk"), Sum("aum"))
    return {(day, tier): Sums(number, aum, **unknown) for day, tier, number, aum in counted}


def _near(scope: Scope) -> Counter:
    rows = scope.of(NearLimit.objects).order_by().values_list("tier", "rises").annotate(Count("pk"))
    return Counter({(tier, "near_up" if rises else "near_down"): number for tier, rises, number in rows})


def _moved(scope: Scope, days: Days) -> Counter:
    """Who rose into a tier counts there, who fell counts where they fell from (TierSummary)."""
    since = min((day for day in (days.month, days.quarter) if day), default=None)
    if since is None:
        return Counter()
    moves = scope.of(TierMove.objects.filter(as_of__gt=since, as_of__lte=days.as_of)).order_by("as_of", "pk")
    steps = list(moves.values_list("customer", "as_of", "from_tier", "to_tier"))
    return _net("quarter", steps, days.quarter) + _net("month", steps, days.month)


def _net(name: str, steps: list[tuple], since: date | None) -> Counter:
    first, last = {}, {}
    for customer, day, origin, target in steps:
        if since and day > since:
            first.setdefault(customer, origin)
            last[customer] = target
    found = Counter()
    for customer, origin in first.items():
        target = last[customer]
        if target > origin:
            found[target, f"{name}_up"] += 1
        elif target < origin:
            found[origin, f"{name}_down"] += 1
    return found
