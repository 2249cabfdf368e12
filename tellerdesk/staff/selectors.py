"""People and places as the screens show them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch, Posting, Staff

READ = "staff.read_staff"
PAGE_SIZE = 30


@dataclass(frozen=True)
class PostingLine:
    """`standing`: `now`, `to_come` or `over` on the business date."""

    posting: Posting
    standing: str


@dataclass(frozen=True)
class StaffPage:
    people: list[Staff]
    following: str


@dataclass(frozen=True)
class BranchLine:
    """One branch of the tree: `depth` 0 is the head office."""

    branch: Branch
    depth: int
    people: int


def staff_page(by, *, text="", branch=None, position="", after="", size=PAGE_SIZE) -> StaffPage:
    """Two queries; `after` is the username to go on with."""
    day = today()
    people = Staff.objects.visible_to(by, READ)
    people = people.named(text) if text else people
    people = people.standing_at(branch, day) if branch else people
    people = people.holding(position, day) if position else people
    now = Posting.objects.valid_on(day).select_related("branch").order_by("since", "pk")
    found = people.filter(username__gt=after).order_by("username")
    found = list(found.prefetch_related(Prefetch("posting_set", now, to_attr="current"))[: size + 1])
    return StaffPage(found[:size], found[size - 1].username if len(found) > size else "")


def visible_person(by, username: str) -> Staff | None:
    return Staff.objects.visible_to(by, READ).select_related("legal_entity").filter(username=username).first()


def postings_of(staff: Staff) -> list[PostingLine]:
    """All, the newest first; those called off before they began are left out."""
    day = today()
    found = staff.posting_set.select_related("branch").order_by("-since", "-pk")
    return [PostingLine(each, _standing(each, day)) for each in found if each.until is None or each.until >= each.since]


def branch_tree(by) -> list[BranchLine]:
    """Two queries: the branches one may see, in the order of the tree, and how many people stand at each today."""
    branches = Branch.objects.visible_to(by, READ).order_by("path")
    standing: dict[int, set] = {}
    now = Posting.objects.valid_on(today()).filter(staff__is_active=True, branch__in=branches)
    for branch, staff in now.values_list("branch_id", "staff_id"):
        standing.setdefault(branch, set()).add(staff)
    return [BranchLine(each, each.path.count("/") - 2, len(standing.get(each.pk, ()))) for each in branches]


def _standing(posting: Posting, day: date) -> str:
    if posting.since > day:
        return "to_come"
    return "over" if posting.until and posting.until < day else "now"
