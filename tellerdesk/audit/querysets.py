from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from tellerdesk.core.business_date import bounds


class AuditEventQuerySet(QuerySet):
    def within(self, entity_code: str, branch_codes: list[str] | None):
        """The events of one legal entity; of these branches only, where they are given."""
        events = self.filter(entity=entity_code)
        return events if branch_codes is None else events.filter(branch__in=branch_codes)

    def about(self, subject_type: str, subject_id):
        """What names the record as its subject, and what changed it along with others; the newest first."""
        return self.about_any([f"{subject_type}:{subject_id}"]).order_by((F("pk") + 0).desc())

    def about_any(self, records: list[str]):
        """The events of all these records, written `app.model:pk`, each event once; in no order.

        An event about very many names none of them, but has sealed them all (audit.bulk). These are few, whatever the
        planner believes: both lists are made first. Ordered by a sum, not by the key itself, the planner does not walk
        the index of all events backwards until it has met them.
        """
        named = Q(touched__overlap=records)
        for subject_type, ids in _by_type(records).items():
            named |= Q(subject_type=subject_type, subject_id__in=ids)
        among = [
            _among(self.model.objects.filter(where).values("pk"))
            for where in (named, Q(recordseal__record__in=records))
        ]
        return self.filter(Q(among[0]) | Q(among[1]))

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


def _by_type(records: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for record in records:
        subject_type, _colon, pk = record.partition(":")
        found.setdefault(subject_type, []).append(pk)
    return found


def _among(ids) -> Func:
    """`id = ANY(ARRAY(…))`: the list is made once, and the index asked for each of it."""
    return Func(
        F("pk"), ArraySubquery(ids), template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField()
    )
