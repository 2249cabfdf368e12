"""The values in force, for whoever keeps to them and for whoever reads them."""

from dataclasses import dataclass
from itertools import groupby

from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.registry import LIMITS, Limit

DECIDED_SHOWN = 12


def value(name: str, legal_entity_id: int) -> int:
    """One query by index, asked anew each time: what was approved holds at once, in every process."""
    return values(legal_entity_id, name)[name]


def values(legal_entity_id: int, *names: str) -> dict[str, int]:
    """Several by one query."""
    in_force = LimitChange.objects.of_entity(legal_entity_id).filter(name__in=names).in_force()
    changed = dict(in_force.values_list("name", "after"))
    return {name: changed.get(name, LIMITS[name].default) for name in names}


@dataclass(frozen=True)
class Line:
    """One limit as it stands: `last` is the change that made it so, `pending` the one that waits."""

    limit: Limit
    value: int
    last: LimitChange | None
    pending: LimitChange | None


@dataclass(frozen=True)
class Group:
    title: str
    lines: list[Line]


def limit_lines(legal_entity_id: int) -> list[Line]:
    """In the order of their groups. Two queries."""
    changes = LimitChange.objects.of_entity(legal_entity_id).select_related("maker", "checker")
    last = {each.name: each for each in changes.in_force()}
    pending = {each.name: each for each in changes.pending()}
    return [
        Line(limit, last[name].after if name in last else limit.default, last.get(name), pending.get(name))
        for name, limit in LIMITS.items()
    ]


def limit_line(name: str, legal_entity_id: int) -> Line | None:
    return next((line for line in limit_lines(legal_entity_id) if line.limit.name == name), None)


def limit_groups(legal_entity_id: int) -> list[Group]:
    lines = sorted(limit_lines(legal_entity_id), key=lambda line: str(line.limit.group))
    return [Group(title, list(found)) for title, found in groupby(lines, key=lambda line: str(line.limit.group))]


def decided_lately(staff) -> list[LimitChange]:
    changes = LimitChange.objects.reachable_by(staff).decided().select_related("maker", "checker")
    return list(changes.order_by("-decided_at", "-pk")[:DECIDED_SHOWN])


def deciding_count(staff) -> int:
    """For spine and home: changes that wait for `staff`, one's own left out. One query, none where nobody asks."""
    if not staff.postings_granting("limits.approve_limits"):
        return 0
    return LimitChange.objects.reachable_by(staff).pending().exclude(maker=staff).count()


def found_change(staff, pk: int) -> LimitChange | None:
    return LimitChange.objects.reachable_by(staff).select_related("maker", "checker").filter(pk=pk).first()
