"""A hand-over is taken back within a day: what still stands as it was handed over, and nothing else."""

from django.db import transaction
from django.utils import timezone

from customers.validators import require_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.templatetags.display import moment
from tellerdesk.staff.models import Branch, Posting, Staff
from tiering.enums import HandOverStatus, UndoOutcome
from tiering.errors import LeaverGone, NotHandedOver, NothingToUndo, NotTheMaker, UndoTooLate
from tiering.jobs.hand_over import lock_standings
from tiering.jobs.undo_hand_over import mark_what_stands, take_back
from tiering.models import HandOver, Referral, RosterEntry
from tiering.rules.ownership import may_stand_above
from tiering.services.hand_over_rows import count_owed_after, locked
from tiering.services.meetings import hold_portfolios
from tiering.services.patience import patient


def undo_hand_over(*, hand_over: HandOver, reason: str, by: Staff) -> HandOver:
    """By whoever made or approved it. Who has changed hands since is left alone, and listed.

    Raises FieldErrors, NotTheMaker, NotHandedOver, UndoTooLate, LeaverGone, NothingToUndo, StandingBusy.
    """
    require_lines(reason=reason)
    with transaction.atomic(), patient():
        held = locked(hand_over)
        at = timezone.now()
        _refuse(held, at, by=by)
        lock_standings(held)
        hold_portfolios(growing=[held.leaver_id])
        reach = _reach(held.leaver)
        outcomes = mark_what_stands(held, reach)
        if not reach or (outcomes[UndoOutcome.NOT_ELIGIBLE] and not outcomes[UndoOutcome.BACK]):
            raise LeaverGone(name=held.leaver.name)
        if outcomes and not outcomes[UndoOutcome.BACK]:
            raise NothingToUndo
        take_back(held, day=today(), note=reason, by=by, at=at)
        count_owed_after(held)
        again = _begin_beside(held, by=by)
        held.status, held.undone_by, held.undone_at, held.undo_reason = HandOverStatus.UNDONE, by, at, reason
        held.save(update_fields=["status", "undone_by", "undone_at", "undo_reason"])
        left = sum(outcomes.values()) - outcomes[UndoOutcome.BACK]
        detail = {"reason": reason, "customers": outcomes[UndoOutcome.BACK], "left_alone": left, **again}
        record("tiering.hand_over_undone", subject=held, by=by, detail=detail)
        return held


def _refuse(held: HandOver, at, *, by: Staff) -> None:
    if by.pk not in (held.maker_id, held.checker_id):
        raise NotTheMaker
    if held.status != HandOverStatus.APPROVED:
        raise NotHandedOver(status=held.status)
    if at > held.undo_until:
        raise UndoTooLate(until=moment(held.undo_until))
    if not held.leaver.is_active:
        raise LeaverGone(name=held.leaver.name)


def _reach(leaver: Staff) -> list[tuple[str, int]]:
    """Positions with the branches whose customers the leaver may own in them today."""
    found = []
    for posting in Posting.objects.valid_on(today()).filter(staff=leaver).select_related("branch"):
        branches = Branch.objects.filter(pk=posting.branch_id)
        if may_stand_above(posting.position):
            branches = Branch.objects.filter(
                legal_entity_id=leaver.legal_entity_id, path__startswith=posting.branch.path
            )
        found += [(posting.position, pk) for pk in branches.values_list("pk", flat=True)]
    return found


def _begin_beside(held: HandOver, *, by: Staff) -> dict:
    """Roster entries and referrals that the hand-over ended, anew; those that somebody set again meanwhile stand."""
    day, leaver = today(), held.leaver
    entries = RosterEntry.objects.filter(pk__in=held.moved.get("roster_entries", ()))
    open_entries = set(RosterEntry.objects.current().filter(staff=leaver).values_list("branch_id", "tier"))
    entries = [each for each in entries if (each.branch_id, each.tier) not in open_entries]
    kept = ("legal_entity_id", "branch_id", "tier", "staff_id", "position", "capacity")
    RosterEntry.objects.bulk_create(_again(RosterEntry, each, kept, since=day, by=by) for each in entries)
    served = set(Referral.objects.current().filter(specialist=leaver).values_list("customer_id", flat=True))
    referrals = Referral.objects.filter(pk__in=held.moved.get("referrals", ()))
    referrals = [each for each in referrals if each.customer_id not in served]
    kept = ("legal_entity_id", "customer_id", "case_id", "specialist_id", "position", "note", "referred_by_id")
    Referral.objects.bulk_create(_again(Referral, each, kept, since=day) for each in referrals)
    return {"roster_entries": len(entries), "referrals": len(referrals)}


def _again(model, row, fields: tuple[str, ...], **new):
    return model(**{name: getattr(row, name) for name in fields}, **new)
