"""A manager confirms proposed suspensions in one go: each is an approval of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from customers.enums import AmendmentKind
from customers.models import Amendment
from customers.selectors.requests import decidable
from customers.services.reviewing import approve
from tellerdesk.core.errors import DomainError, NotPermitted

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Confirmed:
    confirmed: int
    left: int


def proposals_among(pks: Iterable[int], *, by) -> list[Amendment]:
    """Of these ids the suspensions that wait for `by`, as they are to be confirmed."""
    waiting = Amendment.objects.for_checker(by).pending().filter(kind=AmendmentKind.SUSPENSION, pk__in=list(pks))
    return list(waiting.exclude(maker=by).select_related("customer").order_by("pk")[:MOST_AT_ONCE])


def confirm_suspensions(*, pks: Iterable[int], by) -> Confirmed:
    """Those that changed meanwhile, are decided, belong elsewhere or are too many at once are left as they are."""
    wanted = list(dict.fromkeys(pks))
    done = sum(_confirmed(pk, by=by) for pk in wanted[:MOST_AT_ONCE])
    return Confirmed(done, len(wanted) - done)


def _confirmed(pk: int, *, by) -> bool:
    try:
        proposal: Amendment | None = decidable(by, pk)
        if proposal is None or proposal.kind != AmendmentKind.SUSPENSION:
            return False
        approve(amendment=proposal, by=by)
    except (DomainError, NotPermitted):
        return False
    return True
