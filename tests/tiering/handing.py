"""A branch where somebody leaves: three tellers, a maker and two who may approve."""

from datetime import date

from tests.factories import make_branch, make_qualified, make_staff
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import Tier
from tiering.models import HandOver
from tiering.services.handing_over import start_hand_over, submit_hand_over

TODAY = date(2026, 11, 24)


def make_people(*, courses: bool = False) -> dict:
    """By username: `leaver`, `one` and `two` are tellers of 001, `manager` makes, `deputy` and `head` approve."""
    if courses:
        make_course()
    head = make_branch("001").parent
    people = {
        "leaver": make_staff("leaver", name="许知微"),
        "one": make_staff("one", name="林一诺"),
        "two": make_staff("two", name="何棠"),
        "manager": make_staff("manager", position="branch_manager", name="方砚"),
        "deputy": make_staff("deputy", position="deputy_president", branch=head, name="顾维桢"),
        "head": make_staff("head", position="head_office", branch=head, name="沈听澜"),
    }
    if courses:
        for each in people.values():
            make_qualified(each)
    return people


def make_portfolio(people: dict, count: int = 4, *, tier=Tier.BRANCH_STAFF, owner: str = "leaver") -> list:
    """Standings that the leaver owns."""
    return [make_standing(tier=tier, owner=people[owner], by=people["one"]) for _ in range(count)]


def begun(people: dict, *, by: str = "manager", **changes) -> HandOver:
    values = {"leaver": "leaver", "reason": "leaving", "note": "劳动合同期满离职", "last_day": date(2026, 11, 30)}
    return start_hand_over(**values | changes, by=people[by])


def submitted(people: dict, **changes) -> HandOver:
    return submit_hand_over(hand_over=begun(people, **changes), by=people["manager"])


def receivers(hand_over: HandOver) -> dict:
    """How many each gets, None for the queue."""
    found: dict = {}
    for username in hand_over.rows.handed().values_list("receiver__username", flat=True):
        found[username] = found.get(username, 0) + 1
    return found
