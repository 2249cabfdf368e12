from django.db.models import Q, QuerySet

from tiering.enums import IN_SCOPE, BatchStatus, HandOverFate, HandOverStatus, PolicyStatus, UpgradeStatus


class OfEntity(QuerySet):
    def of_entity_of(self, staff):
        return self.filter(legal_entity_id=staff.legal_entity_id)


class TierPolicyQuerySet(QuerySet):
    def of_entity(self, legal_entity_id: int):
        """Its own versions and the standard that every legal entity begins with, the newest first."""
        own = Q(legal_entity_id=legal_entity_id) | Q(legal_entity=None)
        return self.filter(own).order_by("-effective_from", "-version")

    def in_force_on(self, day):
        return self.filter(status=PolicyStatus.APPROVED, effective_from__lte=day)


class ProductCategoryQuerySet(QuerySet):
    def of_entity(self, legal_entity_id: int):
        """Of every version that is or may come in force there, drafts included: a discarded one gives its bits back."""
        own = Q(policy__legal_entity_id=legal_entity_id) | Q(policy__legal_entity=None)
        return self.filter(own).exclude(policy__status=PolicyStatus.DISCARDED)


class NightlyRunQuerySet(OfEntity):
    pass


class SnapshotDayQuerySet(OfEntity):
    def standing(self):
        """Days that moved the standing tiers; the newest of them is the day the dashboard shows."""
        return self.filter(moved_standing=True)

    def kept(self):
        """Days whose lines are there; of the others only what was added up is (rules.retention)."""
        return self.filter(dropped_on=None)


class TierAssignmentQuerySet(OfEntity):
    def in_scope(self):
        return self.filter(tier__in=IN_SCOPE)


class OwnerAssignmentQuerySet(OfEntity):
    def current(self):
        return self.filter(until=None)


class RosterEntryQuerySet(OfEntity):
    def current(self):
        return self.filter(until=None)


class UpgradeCaseQuerySet(OfEntity):
    def open(self):
        return self.filter(status=UpgradeStatus.OPEN)


class ReferralQuerySet(OfEntity):
    def current(self):
        return self.filter(until=None)


class OwnerBatchQuerySet(OfEntity):
    def waiting(self):
        return self.filter(status=BatchStatus.PREVIEW)


class HandOverQuerySet(OfEntity):
    def open(self):
        """Not decided yet: at most one for each leaver."""
        return self.filter(status__in=(HandOverStatus.DRAFT, HandOverStatus.SUBMITTED))

    def submitted(self):
        return self.filter(status=HandOverStatus.SUBMITTED)

    def of_branches(self, branches):
        return self.filter(branch__in=branches)


class HandOverRowQuerySet(QuerySet):
    def handed(self):
        """Those that have a fate: who left the portfolio meanwhile is out of it."""
        return self.exclude(fate=HandOverFate.GONE)


class AssessmentQuerySet(OfEntity):
    def computed(self):
        return self.filter(status="succeeded")

    def closed(self):
        return self.filter(closed_at__isnull=False)
