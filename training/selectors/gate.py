"""What a missing course locks: asked by the permission check, the 403 page and the menus."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, Subquery
from django.urls import reverse

from tellerdesk.core.business_date import today
from tellerdesk.staff.roles import permissions_of
from training.models import CourseUnlock, Qualification, in_language

CACHE = "_locks"


@dataclass(frozen=True)
class Lock:
    """A permission and one course it waits for; `lapsed_on` is the last day the course was held, if ever."""

    permission: str
    code: str
    title_zh: str
    title_en: str
    lapsed_on: date | None


def locked_permissions(staff) -> frozenset[str]:
    """Permissions that wait for a course `staff` does not hold today."""
    return frozenset(lock.permission for lock in _locks(staff))


def forget_locks(staff) -> None:
    """After a pass in the same request."""
    getattr(staff, "__dict__", {}).pop(CACHE, None)


def courses_that_unlock(permission: str, staff) -> list[dict]:
    """`{code, title, url, lapsed_on}` of the courses `staff` must pass; none where the position would not do either."""
    if not getattr(staff, "is_authenticated", False):
        return []
    if permission not in permissions_of(posting.position for posting in staff.postings_now):
        return []
    return [_course(lock) for lock in _locks(staff) if lock.permission == permission]


def _course(lock: Lock) -> dict:
    return {
        "code": lock.code,
        "title": in_language(lock.title_zh, lock.title_en),
        "url": reverse("training:course", args=[lock.code]),
        "lapsed_on": lock.lapsed_on,
    }


def _locks(staff) -> list[Lock]:
    """One query for all permissions, kept on `staff` for the request."""
    if not hasattr(staff, CACHE):
        held = Qualification.objects.of(staff).filter(course=OuterRef("course")).order_by().values("course")
        rows = CourseUnlock.objects.not_held_by(staff, today(), Qualification.objects.all()).order_by("course", "pk")
        rows = rows.annotate(lapsed_on=Subquery(held.annotate(last=Max("expires_on")).values("last")))
        names = ("permission", "course__code", "course__title_zh", "course__title_en", "lapsed_on")
        setattr(staff, CACHE, [Lock(*row) for row in rows.values_list(*names)])
    return getattr(staff, CACHE)
