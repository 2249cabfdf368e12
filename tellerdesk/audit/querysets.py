from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from tellerdesk.core.business_date import bounds


class AuditEventQuerySet(QuerySet):
    def within(self, entity_code: str, branch_codes: list[str] | None):
        """The events of one legal entity; of these branches only, where they are given."""
        events = self.filter(entity=entity_code)
        return events if branch_codes is None else events.filter(branch__in=branch_codes)

    def about(self, subject_type: str, subject_id):
        """What names the record as its subject, and what changed it along with others; the newest first.

        An event about very many names none of them, but has sealed them all (audit.bulk). These are few, whatever the
        planner believes: both lists are made first, and the sum keeps it from walking the index of all events
        backwards until it has met them.
        """
        record = f"{subject_type}:{subject_id}"
        named = Q(subject_type=subject_type, subject_id=str(subject_id)) | Q(touched__contains=[record])
        seals = apps.get_model("audit.recordseal").objects.filter(record=record)
        among = _among(self.model.objects.filter(named).values("pk")), _among(seals.values("event_id"))
        return self.filter(Q(among[0]) | Q(among[1])).order_by((F("pk") + 0).desc())

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
        ordered = self if self.query.order_by else self.order_by("-pk")
        return ordered.select_related("auditlink")


def _among(ids) -> Func:
    """`id = ANY(ARRAY(…))`: the list is made once, and the index asked for each of it."""
    return Func(
        F("pk"), ArraySubquery(ids), template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()
    )
