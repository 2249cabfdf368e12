"""Whose portfolio may be handed over by whom, and the hand-overs themselves (2007)."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch, Posting, Staff
from tiering.models import HandOver, HandOverRow, OwnerAssignment
from tiering.selectors.scope import listed_branches

HAND_OVER = "tiering.hand_over"
MOST_LEAVERS = 200


@dataclass(frozen=True)
class Leaver:
    """Somebody with customers; `open` is the number of the hand-over that waits already, or None."""

    staff: Staff
    branch: Branch
    customers: int
    open: int | None


def branch_of_leaver(leaver: Staff, by) -> Branch | None:
    """The first branch of the leaver's that `by` answers for: where he stands now or is to stand, or else stood last.

    None for somebody of another legal entity, or of branches whose lists `by` may not read.
    """
    if leaver.legal_entity_id != by.legal_entity_id:
        return None
    return _branch_among(list(_postings().filter(staff=leaver)), _answered_for(by))


def possible_leavers(by, *, text: str = "") -> list[Leaver]:
    """Whoever owns customers and stands, or stood, in the branches of `by`; the fewest letters find a person."""
    mine = _answered_for(by)
    people = Staff.objects.of_entity_of(by).filter(posting__branch__in=mine)
    people = people.named(text) if text else people
    owning = OwnerAssignment.objects.current().filter(owner__in=people.values("pk"))
    counts = dict(owning.order_by().values_list("owner").annotate(Count("pk")))
    waiting = dict(HandOver.objects.open().filter(leaver__in=counts).values_list("leaver", "pk"))
    found = Staff.objects.filter(pk__in=counts).order_by("-is_active", "username")
    found = found.prefetch_related(Prefetch("posting_set", _postings(), to_attr="all_postings"))[:MOST_LEAVERS]
    lines = [(each, _branch_among(each.all_postings, mine)) for each in found]
    return [Leaver(each, branch, counts[each.pk], waiting.get(each.pk)) for each, branch in lines if branch]


def _postings():
    return Posting.objects.select_related("branch").order_by("-since", "-pk")


def _answered_for(by) -> set[int]:
    return set(listed_branches(by, HAND_OVER).values_list("pk", flat=True))


def _branch_among(postings: list[Posting], mine: set[int]) -> Branch | None:
    """`postings` from the newest on."""
    standing = [each.branch for each in postings if each.until is None or each.until >= today()]
    branches = standing[::-1] or [each.branch for each in postings[:1]]
    return next((branch for branch in branches if branch.pk in mine), None)


def hand_overs_of(by, *, status: str = ""):
    """Those of the branches `by` answers for."""
    people = ("leaver", "maker", "checker", "branch", "undone_by")
    found = HandOver.objects.of_entity_of(by).of_branches(listed_branches(by, HAND_OVER)).select_related(*people)
    return found.filter(status=status) if status else found


def found_hand_over(by, pk: int) -> HandOver | None:
    return hand_overs_of(by).filter(pk=pk).first()


def waiting_count(by) -> int:
    """For the spine: those `by` may decide on. One query, none where nobody asks."""
    if not by.postings_granting(HAND_OVER):
        return 0
    received = HandOverRow.objects.handed().filter(receiver=by).values("hand_over")
    waiting = HandOver.objects.of_entity_of(by).submitted().of_branches(listed_branches(by, HAND_OVER))
    return waiting.exclude(Q(maker=by) | Q(leaver=by) | Q(pk__in=received)).count()


def open_hand_over_of(leaver: Staff) -> HandOver | None:
    return HandOver.objects.open().filter(leaver=leaver).select_related("leaver", "maker").first()
