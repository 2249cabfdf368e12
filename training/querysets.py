from django.db.models import Exists, OuterRef, Q, QuerySet

from tellerdesk.staff.enums import View
from tellerdesk.staff.models import Posting
from tellerdesk.staff.roles import POSITIONS_BY_PERMISSION, VIEW_BY_POSITION

REVIEW = "training.see_results"


class CourseQuerySet(QuerySet):
    def open(self):
        return self.filter(is_open=True)


class QuestionVersionQuerySet(QuerySet):
    def newest(self):
        """One row per question: the version in force."""
        return self.order_by("question_id", "-version").distinct("question_id")

    def in_use_for(self, course):
        return self.filter(question__course=course, question__is_retired=False).newest()


class AttemptQuerySet(QuerySet):
    def unfinished(self):
        return self.filter(submitted_at__isnull=True)

    def finished(self):
        return self.filter(submitted_at__isnull=False)

    def of(self, staff):
        return self.filter(staff=staff)

    def visible_to(self, staff, day):
        """Whose results `staff` may review (rules 7): of branches where they are manager, or of the whole entity."""
        own = self.filter(staff__legal_entity_id=staff.legal_entity_id)
        reviewing = [p for p in staff.postings_now if p.position in POSITIONS_BY_PERMISSION[REVIEW]]
        if any(VIEW_BY_POSITION[posting.position] == View.ENTITY for posting in reviewing):
            return own
        branches = [posting.branch_id for posting in reviewing]
        there = Posting.objects.valid_on(day).filter(staff=OuterRef("staff"), branch__in=branches)
        return own.filter(Exists(there))

    def readable_by(self, staff, day):
        """One's own, and the finished ones of those one may review."""
        others = self.visible_to(staff, day).finished().values("pk")
        return self.filter(Q(staff=staff) | Q(pk__in=others))


class QualificationQuerySet(QuerySet):
    def valid_on(self, day):
        return self.filter(granted_on__lte=day, expires_on__gte=day)

    def of(self, staff):
        return self.filter(staff=staff)


class CourseUnlockQuerySet(QuerySet):
    def in_force(self):
        return self.filter(is_active=True)

    def not_held_by(self, staff, day, qualifications):
        """The rows whose course `staff` lacks on `day`; `qualifications` is the queryset of all of them."""
        held = qualifications.of(staff).valid_on(day).filter(course=OuterRef("course"))
        return self.in_force().filter(~Exists(held))
