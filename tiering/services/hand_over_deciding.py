"""A hand-over is approved by a second person, who has no part in it, and carried out with the approval."""

from hashlib import sha256

from django.db import transaction
from django.db.models import Count, F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided, FieldErrors, SamePerson
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverFate, HandOverStatus
from tiering.errors import PartyToHandOver
from tiering.jobs.hand_over import carry_out, lock_standings
from tiering.models import HandOver
from tiering.selectors.belongings import open_referrals_to, open_roster_entries
from tiering.services.hand_over_rows import count_owed_after, locked, refuse_if_changed
from tiering.services.meetings import hold_off_night, hold_portfolios
from tiering.services.patience import patient


def approve_hand_over(*, hand_over: HandOver, by: Staff) -> HandOver:
    """All of it in one transaction: the leaver's rows end, the receivers' begin, nobody's initial maintainer changes.

    Raises SamePerson, PartyToHandOver, AlreadyDecided, PortfolioChanged, StandingBusy, NightRunning.
    """
    with transaction.atomic(), patient():
        held = _to_decide(hand_over, by=by)
        if held.leaver_id == by.pk or held.rows.handed().filter(receiver=by).exists():
            raise PartyToHandOver
        lock_standings(held)
        hold_off_night(held.legal_entity_id)
        receivers = held.rows.handed().exclude(receiver=None).order_by().values_list("receiver", flat=True).distinct()
        hold_portfolios(growing=receivers, leaving=[held.leaver_id])
        refuse_if_changed(held)
        at, day = timezone.now(), today()
        carry_out(held, day=day, note=held.note, by=by, at=at)
        count_owed_after(held)
        held.moved = _end_beside(held, day)
        held.status, held.checker, held.decided_at, held.done_on = HandOverStatus.APPROVED, by, at, day
        held.save(update_fields=["status", "checker", "decided_at", "done_on", "moved"])
        record("tiering.hand_over_approved", subject=held, by=by, detail=_counts(held))
        return held


@transaction.atomic
def return_hand_over(*, hand_over: HandOver, reason: str, by: Staff) -> HandOver:
    """To its maker, who splits it again. Raises FieldErrors, SamePerson, AlreadyDecided."""
    refuse_lines(reason=reason)
    if not reason.strip():
        raise FieldErrors({"reason": [("required", _("Please say why."))]})
    held = _to_decide(hand_over, by=by)
    held.status, held.decision_reason = HandOverStatus.DRAFT, reason
    held.save(update_fields=["status", "decision_reason"])
    record("tiering.hand_over_returned", subject=held, by=by, detail={"reason": reason, "maker": held.maker.name})
    return held


def _to_decide(hand_over: HandOver, *, by: Staff) -> HandOver:
    held = locked(hand_over)
    if held.maker_id == by.pk:
        raise SamePerson
    if held.status != HandOverStatus.SUBMITTED:
        raise AlreadyDecided(status=held.status)
    return held


def _end_beside(hand_over: HandOver, day) -> dict:
    """The leaver takes no more customers, and serves nobody on referral; ids, for the undoing."""
    entries, referrals = open_roster_entries(hand_over.leaver), open_referrals_to(hand_over.leaver)
    moved = {
        "roster_entries": list(entries.order_by("pk").values_list("pk", flat=True)),
        "referrals": list(referrals.order_by("pk").values_list("pk", flat=True)),
    }
    for rows in (entries, referrals):
        rows.update(until=Greatest(F("since"), day))
    return moved


def _counts(hand_over: HandOver) -> dict:
    """Thousands of rows would say less than counts and a digest over all of them."""
    rows = hand_over.rows.handed()
    numbers = rows.filter(fate=HandOverFate.RECEIVER).values_list("receiver__username").annotate(Count("pk"))
    received = dict(numbers.order_by("receiver__username"))
    queued = rows.filter(fate=HandOverFate.QUEUE).count()
    moved = {name: len(ids) for name, ids in hand_over.moved.items()}
    return {
        "number": hand_over.number,
        "customers": sum(received.values()) + queued,
        "receivers": len(received),
        "by_receiver": received,
        "queued": queued,
        "digest": _digest(rows),
        **moved,
    }


def _digest(rows) -> str:
    found = rows.order_by("customer_id").values_list("customer__customer_number", "receiver__username", "is_primary")
    lines = (f"{number},{receiver or ''},{int(is_primary)}\n" for number, receiver, is_primary in found.iterator())
    seal = sha256()
    for line in lines:
        seal.update(line.encode())
    return seal.hexdigest()
