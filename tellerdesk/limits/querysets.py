from django.db.models import QuerySet


class LimitChangeQuerySet(QuerySet):
    def of_entity(self, legal_entity_id: int):
        return self.filter(legal_entity_id=legal_entity_id)

    def reachable_by(self, staff):
        return self.of_entity(staff.legal_entity_id)

    def pending(self):
        return self.filter(status="pending")

    def decided(self):
        return self.exclude(status="pending")

    def in_force(self):
        """The newest applied change of each name; one is open at a time, so the newest asked for is the newest."""
        return self.filter(status="applied").order_by("name", "-pk").distinct("name")
