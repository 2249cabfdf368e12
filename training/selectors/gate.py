"""What a missing course locks: asked by the permission check, the 403 page and the menus."""

from django.db.models import Max
from django.urls import reverse

from tellerdesk.core.business_date import today
from tellerdesk.staff.roles import permissions_of
from training.models import Course, CourseUnlock, Qualification

CACHE = "_locked_permissions"


def locked_permissions(staff) -> frozenset[str]:
    """Permissions that wait for a course `staff` does not hold today. One query, kept on `staff` for the request."""
    if not hasattr(staff, CACHE):
        rows = CourseUnlock.objects.not_held_by(staff, today(), Qualification.objects.all())
        setattr(staff, CACHE, frozenset(rows.values_list("permission", flat=True)))
    return getattr(staff, CACHE)


def forget_locks(staff) -> None:
    """After a pass in the same request."""
    getattr(staff, "__dict__", {}).pop(CACHE, None)


def courses_that_unlock(permission: str, staff) -> list[dict]:
    """`{code, title, url, lapsed_on}` of the courses `staff` must pass; none where the position would not do either.

    `lapsed_on` is the last day of the newest qualification that has run out, or None where there never was one.
    """
    if not getattr(staff, "is_authenticated", False) or permission not in permissions_of(
        p.position for p in staff.postings_now
    ):
        return []
    rows = CourseUnlock.objects.not_held_by(staff, today(), Qualification.objects.all()).filter(permission=permission)
    courses = list(Course.objects.filter(courseunlock__in=rows))
    lapsed = _lapsed(courses, staff) if courses else {}
    return [
        {
            "code": c.code,
            "title": c.title,
            "url": reverse("training:course", args=[c.code]),
            "lapsed_on": lapsed.get(c.pk),
        }
        for c in courses
    ]


def _lapsed(courses, staff) -> dict:
    held = Qualification.objects.of(staff).filter(course__in=courses, expires_on__lt=today())
    return dict(held.order_by().values_list("course").annotate(Max("expires_on")))
