"""Owners of many customers at once, and of one: who ends, who begins, what stays. Whether somebody may own is asked
before (selectors.eligible), and who did it is told after.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.db.models import DateField, F, Value
from django.db.models.functions import Coalesce, Greatest

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff
from tiering.enums import OwnerEnd, OwnerReason, Tier
from tiering.errors import NotEligible
from tiering.models import OwnerAssignment, TierAssignment
from tiering.selectors.eligible import LIVE
from tiering.services.meetings import hold_portfolios
from tiering.services.owed_counts import count_owed
from tiering.services.patience import patient


@dataclass(frozen=True)
class Holder:
    """Somebody in the position in which he owns."""

    staff: Staff
    position: str


@dataclass(frozen=True)
class OwnerChange:
    """All owners that a customer (by id) is to have: whoever else is one ends. `note` where it is not the whole's."""

    customer: int
    primary: Holder
    co_owners: tuple[Holder, ...] = ()
    note: str = ""

    @property
    def holders(self) -> list[tuple[Holder, bool]]:
        return [(self.primary, True), *((each, False) for each in self.co_owners)]


@dataclass(frozen=True)
class Changed:
    """Rows of OwnerAssignment that ended and that began."""

    ended: list[OwnerAssignment]
    begun: list[OwnerAssignment]

    def __bool__(self):
        return bool(self.ended or self.begun)


def set_many(
    changes: Sequence[OwnerChange], *, reason: OwnerReason, note: str, subject, action: str, by: Staff, detail=None
) -> Changed:
    """All or nothing, with one event `action` on `subject`; each customer's history reads it from the rows.

    Raises NotEligible for a customer out of scope or closed, StandingBusy.
    """
    with transaction.atomic(), patient():
        standings = locked_standings(each.customer for each in changes)
        changed = change_owners(changes, standings, reason=reason, note=note, by=by)
        counts = {"customers": len(changes), "begun": len(changed.begun), "ended": len(changed.ended)}
        people = Counter(change.primary.staff.username for change in changes)
        told = {"customers_by_owner": dict(sorted(people.items())), "reason": note}
        record(action, subject=subject, by=by, detail=counts | told | (detail or {}))
        return changed


def locked_standings(customers: Iterable[int]) -> dict[int, TierAssignment]:
    """By customer, locked in the order of their numbers so that two acts never wait for each other.

    Raises NotEligible where one is not there to be owned.
    """
    wanted = set(customers)
    found = lock_rows(wanted)
    for pk in sorted(wanted):
        refuse_outsider(found.get(pk))
    return found


def lock_rows(customers: Iterable[int]) -> dict[int, TierAssignment]:
    """Those that are there, whatever their state."""
    rows = TierAssignment.objects.select_for_update(of=("self",)).select_related("branch", "customer")
    return {each.pk: each for each in rows.filter(pk__in=customers).order_by("pk")}


def refuse_outsider(standing: TierAssignment | None) -> None:
    if standing is None or standing.tier == Tier.OUT_OF_SCOPE:
        raise NotEligible(why="out_of_scope")
    if standing.customer.status not in LIVE:
        raise NotEligible(why="closed")


def change_owners(
    changes: Sequence[OwnerChange],
    standings: dict[int, TierAssignment],
    *,
    reason: OwnerReason,
    note: str,
    by: Staff,
    end: OwnerEnd = OwnerEnd.REPLACED,
) -> Changed:
    """Of standings that are locked. Former rows end first: a customer has one open primary, and nobody twice.

    The first owner ever becomes the initial maintainer. Nothing changed writes nothing.
    """
    present = OwnerAssignment.objects.current().filter(customer__in=standings).select_related("owner")
    held = {(row.customer_id, row.owner_id, row.is_primary): row for row in present}
    wanted = {(each.customer, holder.staff.pk, first) for each in changes for holder, first in each.holders}
    ended = [row for key, row in held.items() if key not in wanted]
    begun = [
        _row(standings[each.customer], holder, is_primary=first, reason=reason, note=each.note or note, by=by)
        for each in changes
        for holder, first in each.holders
        if (each.customer, holder.staff.pk, first) not in held
    ]
    hold_portfolios(growing={row.owner_id for row in begun})
    end_rows(ended, end)
    OwnerAssignment.objects.bulk_create(begun, batch_size=2000)
    _repeat_primaries(changes, standings)
    if ended or begun:
        count_owed(standings.values())
    return Changed(ended, begun)


def end_rows(rows: Sequence[OwnerAssignment], end: OwnerEnd) -> None:
    """Today, or on the day they began where that is later."""
    until = Greatest(Value(today(), DateField()), F("since"))
    OwnerAssignment.objects.filter(pk__in=[row.pk for row in rows]).update(until=until, end_reason=end)
    for row in rows:
        row.until, row.end_reason = max(today(), row.since), end


def _row(standing, holder: Holder, *, is_primary: bool, reason: OwnerReason, note: str, by: Staff) -> OwnerAssignment:
    return OwnerAssignment(
        legal_entity_id=standing.legal_entity_id,
        customer_id=standing.customer_id,
        owner=holder.staff,
        position=holder.position,
        is_primary=is_primary,
        since=today(),
        reason=reason,
        note=note,
        by=by,
    )


def _repeat_primaries(changes: Sequence[OwnerChange], standings: dict[int, TierAssignment]) -> None:
    """In the standing rows, one statement for each new owner."""
    new = [each for each in changes if standings[each.customer].owner_id != each.primary.staff.pk]
    new.sort(key=lambda each: each.primary.staff.pk)
    for pk, group in groupby(new, key=lambda each: each.primary.staff.pk):
        taken = list(group)
        rows = TierAssignment.objects.filter(pk__in=[each.customer for each in taken])
        rows.update(owner=pk, initial_maintainer=Coalesce("initial_maintainer", Value(pk)))
        for each in taken:
            standing = standings[each.customer]
            standing.owner = each.primary.staff
            standing.initial_maintainer = standing.initial_maintainer or each.primary.staff
