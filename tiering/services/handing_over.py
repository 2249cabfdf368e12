"""移交: a portfolio is taken up, split, and sent to a second person (2007)."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided, FieldErrors
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverReason, HandOverStatus
from tiering.errors import HandOverOpen, NothingToHandOver, NotTheMaker
from tiering.models import HandOver
from tiering.rules.handing_over import split_evenly, split_to_one
from tiering.selectors.belongings import belongings_of
from tiering.selectors.leavers import branch_of_leaver, open_hand_over_of
from tiering.selectors.portfolio import portfolio_of
from tiering.services.hand_over_rows import locked, locked_draft, refuse_if_changed, write_fates

FARTHEST = timedelta(days=366)


def start_hand_over(*, leaver: str, reason: str, note: str, last_day: date | None, by: Staff) -> HandOver:
    """`leaver` is a username. The customers are split evenly for a beginning.

    Raises FieldErrors, NothingToHandOver, HandOverOpen.
    """
    person, branch = _leaver_and_branch(leaver, reason=reason, note=note, last_day=last_day, by=by)
    portfolio = portfolio_of(person, today())
    if not portfolio.holdings and not belongings_of(person):
        raise NothingToHandOver(name=person.name, deactivated=not person.is_active)
    try:
        with transaction.atomic():
            hand_over = HandOver.objects.create(
                legal_entity_id=by.legal_entity_id,
                branch=branch,
                leaver=person,
                reason=reason,
                note=note,
                last_day=last_day,
                maker=by,
            )
            write_fates(hand_over, portfolio, split_evenly(portfolio.held, portfolio.takers))
            detail = {"customers": len(portfolio.holdings), "reason": reason, "note": note, "last_day": last_day}
            record("tiering.hand_over_started", subject=hand_over, by=by, detail=detail)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "hand_over_one_open":
            raise
        waiting = open_hand_over_of(person)
        raise HandOverOpen(id=waiting and waiting.pk) from error
    return hand_over


def _leaver_and_branch(username: str, *, reason: str, note: str, last_day: date | None, by: Staff):
    """Raises FieldErrors."""
    refuse_lines(note=note)
    wrong = {}
    named = username.isascii() and "\x00" not in username
    person = Staff.objects.of_entity_of(by).filter(username=username).first() if named else None
    branch = person and branch_of_leaver(person, by)
    if branch is None:
        wrong["leaver"] = [("unknown_staff", _("There is nobody with this staff number in your branches."))]
    if reason not in HandOverReason.values:
        wrong["reason"] = [("not_in_list", _("Please choose from the list."))]
    if not note.strip():
        wrong["note"] = [("required", _("Please fill this in."))]
    if last_day is None:
        wrong["last_day"] = [("required", _("Please fill this in."))]
    elif abs(last_day - today()) > FARTHEST:
        wrong["last_day"] = [("out_of_range", _("The last day lies within a year of today."))]
    if wrong:
        raise FieldErrors(wrong)
    return person, branch


@transaction.atomic
def split_hand_over(*, hand_over: HandOver, receiver: str = "", by: Staff) -> HandOver:
    """What the leaver holds now, evenly; with a `receiver` (a username) everything to one person where he may have it.

    What was changed by hand begins anew. Raises NotTheMaker, NotBeingSplit, FieldErrors.
    """
    held = locked_draft(hand_over, by=by)
    portfolio = portfolio_of(held.leaver, today())
    if receiver:
        staff = next((pk for pk, each in portfolio.people.items() if each.username == receiver), None)
        if staff is None:
            nobody = _("This person may have none of these customers.")
            raise FieldErrors({"receiver": [("not_eligible", nobody)]})
        fates = split_to_one(portfolio.held, portfolio.takers, staff)
    else:
        fates = split_evenly(portfolio.held, portfolio.takers)
    write_fates(held, portfolio, fates)
    detail = {"rule": "one" if receiver else "even", "receiver": receiver, "customers": len(fates)}
    record("tiering.hand_over_split", subject=held, by=by, detail=detail)
    return held


@transaction.atomic
def submit_hand_over(*, hand_over: HandOver, by: Staff) -> HandOver:
    """To a second person. Raises NotTheMaker, NotBeingSplit, PortfolioChanged."""
    held = locked_draft(hand_over, by=by)
    refuse_if_changed(held)
    held.status, held.submitted_at, held.decision_reason = HandOverStatus.SUBMITTED, timezone.now(), ""
    held.save(update_fields=["status", "submitted_at", "decision_reason"])
    record("tiering.hand_over_submitted", subject=held, by=by, detail={"customers": held.rows.handed().count()})
    return held


@transaction.atomic
def withdraw_hand_over(*, hand_over: HandOver, by: Staff) -> HandOver:
    """By its maker, or by anybody who answers for the branch where the maker has left meanwhile.

    Raises NotTheMaker, AlreadyDecided.
    """
    held = locked(hand_over)
    if held.maker_id != by.pk and held.maker.is_active:
        raise NotTheMaker
    if held.status not in (HandOverStatus.DRAFT, HandOverStatus.SUBMITTED):
        raise AlreadyDecided(status=held.status)
    held.status = HandOverStatus.WITHDRAWN
    held.save(update_fields=["status"])
    record("tiering.hand_over_withdrawn", subject=held, by=by)
    return held
