from django.db.models import F, Q, QuerySet

from tellerdesk.core.business_date import bounds


class CustomerQuerySet(QuerySet):
    """Two scopes, never mixed (rules 1.2.6): `reachable_by` for one customer by key, `visible_to` for lists."""

    def reachable_by(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def numbered(self, customer_number: str):
        return self.filter(customer_number=customer_number)

    def holding(self, document_type: str, digest: bytes):
        """Any document on the file counts, former ones too. The index of numbers begins with the legal entity."""
        return self.filter(
            documents__legal_entity=F("legal_entity"),
            documents__document_type=document_type,
            documents__number_digest=digest,
        ).distinct()

    def visible_to(self, staff, branches):
        """`branches` is `Branch.objects.visible_to(staff)`; an own-customers position sees what it opened itself."""
        own = Q(opened_by=staff) if branches is None else Q(home_branch__in=branches)
        return self.reachable_by(staff).filter(own)


class IdentityDocumentQuerySet(QuerySet):
    def primary(self):
        return self.filter(role="primary")

    def expiring_until(self, day):
        return self.primary().filter(valid_until__lte=day)


class IdentityCheckQuerySet(QuerySet):
    def reachable_by(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def visible_to(self, branches):
        return self.filter(branch__in=branches)

    def on_day(self, day):
        start, end = bounds(day)
        return self.filter(checked_at__gte=start, checked_at__lt=end)

    def by_teller_since(self, staff, moment):
        return self.filter(teller=staff, checked_at__gte=moment)


class AmendmentQuerySet(QuerySet):
    def reachable_by(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def pending(self):
        return self.filter(status="pending_review")

    def for_checker(self, staff):
        """The requests of the branches where `staff` may approve; whose own they are is said by the service."""
        postings = staff.postings_granting("customers.approve_amendment")
        return self.reachable_by(staff).filter(branch_id__in=[posting.branch_id for posting in postings])

    def made_by(self, staff):
        return self.reachable_by(staff).filter(maker=staff)

    def decided_on(self, day):
        start, end = bounds(day)
        return self.filter(decided_at__gte=start, decided_at__lt=end)


class CustomerImportQuerySet(QuerySet):
    def reachable_by(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def waiting(self, legal_entity_id: int):
        return self.filter(legal_entity_id=legal_entity_id, status="queued").order_by("pk")

    def holding_a_file_since_before(self, moment):
        """Over for that long, and their upload is still there."""
        return self.filter(finished_at__lt=moment).exclude(stored="")

    def holding_rejects_since_before(self, moment):
        return self.filter(finished_at__lt=moment).exclude(rejects_stored="")
