from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from tellerdesk.staff.enums import View
from tellerdesk.staff.roles import POSITIONS_BY_PERMISSION, VIEW_BY_POSITION


def sees_whole_entity(postings) -> bool:
    return any(VIEW_BY_POSITION[posting.position] == View.ENTITY for posting in postings)


def _reach(postings, prefix: str = "") -> Q:
    """The branches of these postings, those below them where the position views its sub-tree."""
    reach = Q(**{f"{prefix}pk__in": [posting.branch_id for posting in postings]})
    for posting in postings:
        if VIEW_BY_POSITION[posting.position] == View.SUBTREE:
            reach |= Q(**{f"{prefix}path__startswith": posting.branch.path})
    return reach


def _counting(staff, permission: str) -> list:
    """A second posting widens only what it allows: a training administrator's view of all is not his branch's."""
    allowed = POSITIONS_BY_PERMISSION[permission] if permission else VIEW_BY_POSITION
    return [posting for posting in staff.postings_now if posting.position in allowed]


class BranchQuerySet(QuerySet):
    def of_entity_of(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def visible_to(self, staff, permission: str = ""):
        """The branches whose lists `staff` may read by the postings that grant `permission` (by all, if none is named).

        An own-customers position reads as the branch one stands in.
        """
        postings = _counting(staff, permission)
        own = self.of_entity_of(staff)
        return own if sees_whole_entity(postings) else own.filter(_reach(postings))


class PostingQuerySet(QuerySet):
    def valid_on(self, day):
        return self.filter(since__lte=day).filter(Q(until__isnull=True) | Q(until__gte=day))

    def not_over_on(self, day):
        """In force on `day` or to come."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day))


class StaffQuerySet(QuerySet):
    def of_entity_of(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def visible_to(self, staff, permission: str = ""):
        """Those posted, now or ever, to a branch `staff` may see; the whole entity for who sees all of it."""
        postings = _counting(staff, permission)
        own = self.of_entity_of(staff)
        return own if sees_whole_entity(postings) else own.filter(_posted(_reach(postings, "branch__")))

    def standing_at(self, branch, day):
        return self.filter(_posted(Q(branch=branch), day=day))

    def holding(self, position: str, day):
        return self.filter(_posted(Q(position=position), day=day))

    def named(self, text: str):
        """What one types to find a person: the beginning of the username, of the name, or of its pinyin initials."""
        small = text.lower()
        return self.filter(Q(username__startswith=small) | Q(name__startswith=text) | Q(initials__startswith=small))


class TokenQuerySet(QuerySet):
    def live_at(self, instant):
        return self.filter(expires_at__gt=instant, revoked_at=None, staff__is_active=True)


def _posted(where: Q, day=None) -> Exists:
    """A posting of the person that `where` describes, in force on `day` where one is given."""
    postings = apps.get_model("staff.posting").objects.filter(where, staff=OuterRef("pk"))
    return Exists(postings.valid_on(day) if day else postings)
