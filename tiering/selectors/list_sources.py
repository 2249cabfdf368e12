"""Where the lines of a list come from: the standing tiers, with their movement, or the limits somebody is near."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, Subquery

from tiering.models import NearLimit, TierAssignment, TierMove
from tiering.selectors.list_filter import NOBODY, Filter
from tiering.selectors.owed import is_incomplete, is_overdue, is_warned, with_due, with_fitting, with_held
from tiering.selectors.rollout import nobodys
from tiering.selectors.scope import owned_now

KEY = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
STANDING = (
    "aum",
    "tier",
    "since",
    "reasons",
    "card_spend_year",
    "personal_loan_balance",
    "custody_margin",
    "card_level",
    "owner__username",
    "owner__name",
)


@dataclass(frozen=True)
class Source:
    """`rows` unordered; `key` are the two columns of the order, the first one falling where `falls`."""

    rows: object
    columns: tuple[str, ...]
    key: tuple[str, str]
    falls: bool

    def after(self, text: str):
        """Rows from the key on; a text that is none begins anew."""
        order = (f"-{self.key[0]}" if self.falls else self.key[0], self.key[1])
        found = KEY.fullmatch(text)
        rows = self.rows.order_by(*order)
        if not found:
            return rows
        first, second = int(found[1]), int(found[2])
        further = Q(**{f"{self.key[0]}__{'lt' if self.falls else 'gt'}": first})
        return rows.filter(further | Q(**{self.key[0]: first, f"{self.key[1]}__gt": second}))


def source_of(chosen: Filter) -> Source:
    if chosen.near:
        return _near(chosen)
    return _moved(chosen) if chosen.moved else _standing(chosen)


def _standing(chosen: Filter) -> Source:
    rows = chosen.scope.of(TierAssignment.objects.in_scope())
    if chosen.tiers:
        rows = rows.filter(tier__in=chosen.tiers)
    rows, further = _owed(_owned(rows, chosen.owner, "customer", "owner"), chosen)
    return Source(rows, (*STANDING, *further), ("aum", "customer_id"), falls=True)


def _owed(rows, chosen: Filter) -> tuple[object, tuple[str, ...]]:
    """As of the day of the sums, so that list and number agree; who is to be allocated, as the rollout counts."""
    if chosen.unallocated:
        return nobodys(rows), ()
    if chosen.overdue:
        return with_due(rows).filter(is_overdue(chosen.days.as_of)), ("due_on",)
    if chosen.lacking:
        policy = chosen.days.policy
        lacks = is_incomplete(policy) if chosen.what == "incomplete" else is_warned(policy)
        return with_held(with_fitting(rows, policy).filter(lacks)), ("held",)
    return rows, ()


def _owned(rows, owner, customer: str, primary: str):
    if owner == NOBODY:
        return rows.filter(**{primary: None})
    return rows.filter(**{f"{customer}__in": owned_now(owner)}) if owner else rows


def _moved(chosen: Filter) -> Source:
    """From where one stood on the day of comparison to where one stands: up and down again is no movement."""
    rows = chosen.scope.of(TierAssignment.objects.all())
    if chosen.since is None:
        rows = rows.none()
    steps = TierMove.objects.filter(customer=OuterRef("pk"), as_of__gt=chosen.since or date.max)
    origin = Subquery(steps.order_by("as_of", "pk").values("from_tier")[:1])
    rows = rows.filter(Exists(steps)).annotate(from_tier=origin).filter(_direction(chosen))
    rows = _owned(rows, chosen.owner, "customer", "owner")
    return Source(rows, (*STANDING, "from_tier"), ("aum", "customer_id"), falls=True)


def _direction(chosen: Filter) -> Q:
    rose, fell = Q(tier__gt=F("from_tier")), Q(tier__lt=F("from_tier"))
    if chosen.tiers:
        arrived, departed = Q(tier__in=chosen.tiers), Q(from_tier__in=chosen.tiers)
    else:
        arrived = departed = Q()
    if chosen.what.endswith("_up"):
        return rose & arrived
    if chosen.what.endswith("_down"):
        return fell & departed
    return (rose | fell) & (arrived | departed)


def _near(chosen: Filter) -> Source:
    rows = chosen.scope.of(NearLimit.objects.filter(rises=chosen.what == "near_up"))
    if chosen.tiers:
        rows = rows.filter(tier__in=chosen.tiers)
    rows = _owned(rows, chosen.owner, "customer", "customer__tierassignment__owner")
    standing = tuple(name if name in ("aum", "tier") else f"customer__tierassignment__{name}" for name in STANDING)
    return Source(rows, (*standing, "to_tier", "limit", "distance"), ("distance", "pk"), falls=False)
