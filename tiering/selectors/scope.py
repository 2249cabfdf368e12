"""Whose customers a list or a count may show (rules 1.2.6): view, never reach."""

from dataclasses import dataclass

from django.db.models import Q

from tellerdesk.staff.enums import View
from tellerdesk.staff.models import Branch
from tellerdesk.staff.roles import VIEW_BY_POSITION
from tiering.models import OwnerAssignment, Referral

VIEW_TIERS, SET_OWNERS = "tiering.view_tiers", "tiering.set_owners"
WIDER = (View.SUBTREE, View.ENTITY)


@dataclass(frozen=True)
class Scope:
    """`branch`, with the branches below it where `below`; of its customers only those `staff` owns, or serves
    on a referral, where `own`.

    `may_widen`: the position sees more than single branches, so that `below` means something. `whole`: every branch of
    the legal entity, which needs no list of branches.
    """

    staff: object
    branch: Branch
    below: bool
    own: bool
    may_widen: bool
    whole: bool

    @property
    def with_those_below(self) -> bool:
        return self.below and self.may_widen

    def of(self, rows):
        """Of a table with legal_entity and branch; a customer's owner is asked where one sees only one's own."""
        mine = rows.filter(legal_entity_id=self.staff.legal_entity_id)
        if self.own:
            return mine.filter(served_by(self.staff, "customer"))
        return mine if self.whole else mine.filter(self.where("branch"))

    def where(self, branch: str) -> Q:
        if not self.with_those_below:
            return Q(**{branch: self.branch.pk})
        return Q(**{f"{branch}__in": listed_branches(self.staff).filter(path__startswith=self.branch.path)})


def branch_ids_of(scope: Scope) -> tuple[int, ...] | None:
    """For SQL: None is every branch of the legal entity. Whoever sees only customers of his own has no branch."""
    if scope.whole:
        return None
    found = Branch.objects.of_entity_of(scope.staff).filter(scope.where("pk"))
    return () if scope.own else tuple(found.values_list("pk", flat=True))


def owned_now(staff):
    return OwnerAssignment.objects.current().filter(owner=staff).values("customer")


def served_by(staff, customer: str) -> Q:
    """His own, and those whom an owner has referred to him (rules 4.4)."""
    referred = Referral.objects.current().filter(specialist=staff).values("customer")
    return Q(**{f"{customer}__in": owned_now(staff)}) | Q(**{f"{customer}__in": referred})


def scope_of(staff, *, code: str = "", below: bool = True) -> Scope | None:
    """None for a branch that is not there, another entity's, or one whose lists `staff` may not read.

    Without a code it is the branch one stands in.
    """
    if not code.isascii() or "\x00" in code:
        return None
    postings = staff.postings_granting(VIEW_TIERS)
    stands_in = next((each for each in postings if each.branch.code == code or not code), None)
    listing = [each for each in postings if _lists(each)]
    branch = stands_in.branch if stands_in else listed_branches(staff).filter(code=code).first()
    if branch is None:
        return None
    own = not any(_covers(each, branch) for each in listing)
    wider = [each for each in listing if VIEW_BY_POSITION[each.position] in WIDER and _covers(each, branch)]
    whole = below and branch.parent_id is None and bool(wider)
    return Scope(staff, branch, below, own, bool(wider), whole)


def listed_branches(staff, permission: str = VIEW_TIERS):
    """Whose lists `staff` may read whole: not those where one only has customers of one's own."""
    postings = staff.postings_granting(permission)
    listing = [each for each in postings if _lists(each)]
    own = [
        each.branch_id for each in postings if not _lists(each) and not any(_covers(o, each.branch) for o in listing)
    ]
    return Branch.objects.visible_to(staff, permission).exclude(pk__in=own)


def _view(posting) -> View:
    return VIEW_BY_POSITION[posting.position]


def _lists(posting) -> bool:
    return _view(posting) != View.OWN


def _covers(posting, branch: Branch) -> bool:
    if _view(posting) == View.ENTITY:
        return True
    below = _view(posting) == View.SUBTREE and branch.path.startswith(posting.branch.path)
    return below or branch.pk == posting.branch_id


def may_set_owners(staff, branch: Branch) -> bool:
    """Permission and course are the gate's matter; here: whether the branch of the standing tier is in one's view."""
    return listed_branches(staff, SET_OWNERS).filter(pk=branch.pk).exists()


MOST_TO_CHOOSE = 60


def branches_to_choose(scope: Scope) -> list[Branch] | None:
    """Empty where there is but one, None where there are too many for a list: then the code is typed."""
    postings = scope.staff.postings_granting(VIEW_TIERS)
    if not scope.may_widen and len({posting.branch_id for posting in postings}) == 1:
        return []
    found = list(listed_branches(scope.staff)[: MOST_TO_CHOOSE + 1])
    return found if len(found) <= MOST_TO_CHOOSE else None
