"""Two hand-overs: one of today that can still be undone, one that waits for a second person."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverReason
from tiering.errors import NothingToHandOver
from tiering.models import HandOver
from tiering.services.hand_over_deciding import approve_hand_over
from tiering.services.handing_over import split_hand_over, start_hand_over, submit_hand_over

MAKER, CHECKER = "manager", "headoffice"


def load_hand_overs(*, progress: Callable[[str], None] = print) -> None:
    """After the nights, which deal the owners. A leaver to whom they gave nobody is left out."""
    done = _sent("newcomer", HandOverReason.LEAVE, "参加总行新员工轮训一个月，客户由同岗柜员接管", "teller")
    if done:
        approve_hand_over(hand_over=done, by=Staff.objects.get(username=CHECKER))
    waiting = _sent("lobby", HandOverReason.MOVING, "调任运河支行大堂经理", "manager")
    progress(f"sample hand-overs: {sum(map(bool, (done, waiting)))}")


def _sent(leaver: str, reason: HandOverReason, note: str, receiver: str) -> HandOver | None:
    """To the one colleague of the position, whose roster has room for all of them."""
    maker = Staff.objects.get(username=MAKER)
    last_day = today() + timedelta(days=3)
    try:
        hand_over = start_hand_over(leaver=leaver, reason=reason, note=note, last_day=last_day, by=maker)
    except NothingToHandOver:
        return None
    with suppress(FieldErrors):  # who may have none of them leaves the even split as it is
        split_hand_over(hand_over=hand_over, receiver=receiver, by=maker)
    return submit_hand_over(hand_over=hand_over, by=maker)
