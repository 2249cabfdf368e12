from django.db.models import QuerySet

from tellerdesk.core.business_date import bounds


class AuditEventQuerySet(QuerySet):
    def within(self, entity_code: str, branch_codes: list[str] | None):
        """The events of one legal entity; of these branches only, where they are given."""
        events = self.filter(entity=entity_code)
        return events if branch_codes is None else events.filter(branch__in=branch_codes)

    def about(self, subject_type: str, subject_id):
        """What names the record as its subject, and what changed it along with another.

        A union of two look-ups by index: asked as one condition with OR, the newest events of a million are found by
        walking all of them backwards.
        """
        named = self.model.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
        touching = self.model.objects.filter(touched__contains=[f"{subject_type}:{subject_id}"])
        return self.filter(pk__in=named.values("pk").union(touching.values("pk")))

    def labelled(self, beginning: str):
        """By how the record is shown: a username, a customer number, a course."""
        return self.filter(subject_label__startswith=beginning)

    def by_person(self, username: str):
        return self.filter(actor=username)

    def on_day(self, day):
        """A day of the bank's clock, Asia/Shanghai."""
        start, end = bounds(day)
        return self.filter(at__gte=start, at__lt=end)

    def before(self, pk: int | None):
        return self if pk is None else self.filter(pk__lt=pk)

    def newest_first(self):
        return self.order_by("-pk").select_related("auditlink")
