"""The people who own customers of a branch, for the filter of its list."""

from tellerdesk.staff.models import Staff
from tiering.models import TierAssignment
from tiering.selectors.scope import Scope

MOST_OWNERS = 60


def owners_in(scope: Scope, *, named: str = "") -> list[Staff]:
    """Of one branch all who are primary owners there; over several branches only whom the address names."""
    people = Staff.objects.of_entity_of(scope.staff)
    if scope.own:
        return [scope.staff]
    if scope.with_those_below:
        return list(people.filter(username=named)) if named.isascii() and "\x00" not in named else []
    owning = scope.of(TierAssignment.objects.in_scope()).values("owner")
    return list(people.filter(pk__in=owning).order_by("username")[:MOST_OWNERS])
