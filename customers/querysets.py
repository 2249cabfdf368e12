from django.db.models import F, Q, QuerySet

from customers.enums import CheckDecision, CheckOutcome, OwedKind
from customers.rules.review import PERMISSIONS, kinds_decided_with
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
        """By the bank's day, which TELLERDESK_BUSINESS_DATE may set apart from the clock's."""
        return self.filter(business_date=day)

    def owed(self):
        return self.filter(follow_up_due_on__isnull=False)

    def owed_of_kind(self, kind: str):
        """As rules.identity_check.owed_kind tells them apart."""
        away = Q(outcome=CheckOutcome.UNAVAILABLE)
        decided = Q(decision__in=(CheckDecision.REFUSE, CheckDecision.HOLD_PENDING_POLICE))
        kinds = {
            OwedKind.POLICE_REPORT: Q(decision=CheckDecision.REFUSE),
            OwedKind.POLICE_ANSWER: Q(decision=CheckDecision.HOLD_PENDING_POLICE),
            OwedKind.DEFERRED_CHECK: away & ~decided,
            OwedKind.FOLLOW_UP: ~away & ~decided,
        }
        return self.owed().filter(kinds[OwedKind(kind)])

    def overdue_on(self, day):
        return self.filter(follow_up_due_on__lt=day)

    def by_teller_since(self, staff, moment):
        return self.filter(teller=staff, checked_at__gte=moment)


class AmendmentQuerySet(QuerySet):
    def reachable_by(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def pending(self):
        return self.filter(status="pending_review")

    def concerning(self, customer):
        """As either customer of a merge, too."""
        return self.filter(Q(customer=customer) | Q(other=customer))

    def for_checker(self, staff):
        """What waits in the branches where a posting of `staff` decides on that kind; one's own are among it."""
        may = Q()
        for permission in PERMISSIONS:
            postings = staff.postings_granting(permission)
            branches = [posting.branch_id for posting in postings]
            may |= Q(branch_id__in=branches, kind__in=kinds_decided_with(permission))
        return self.reachable_by(staff).filter(may)

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

    def under_way(self, legal_entity_id: int):
        return self.filter(legal_entity_id=legal_entity_id, status="running")


class DuplicateQuerySet(QuerySet):
    def reachable_by(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)

    def waiting(self):
        return self.filter(status="open")

    def within(self, branches):
        """Either of the two is a customer of these branches."""
        return self.filter(Q(first__home_branch__in=branches) | Q(second__home_branch__in=branches))
