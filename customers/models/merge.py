from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from customers.querysets import DuplicateQuerySet
from tellerdesk.audit.guards import frozen, permanent
from tellerdesk.files.runs import SILENT_AFTER, RunStatus


class Merge(models.Model):
    """客户号合并: what a merge asks for, and what it moved, so that it can be undone.

    `choices` is `{field: "survivor" | "absorbed"}`; `before` the survivor's values that the merge changed, and those of
    fields that go back with them. `moved` is filled when it is carried out: `status` of the absorbed one before,
    `survivor_status` and `verification` of the survivor before, `joint_verification` of it after, `fields` as `before`
    with the values that it gave, `identity` (name, sex, birth date) of the survivor after it, `documents` `[[id, role
    before]]` that went over, `stepped_back` ids of the survivor's documents that gave way, ids of `checks`, `keys` and
    `chain` (customers merged into the absorbed one), and under `parties` what each app above noted for itself
    (customers.merging_parties). `undo` is the last request to undo it.
    """

    amendment = models.OneToOneField("customers.Amendment", on_delete=models.PROTECT, related_name="merge")
    survivor = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="merges_away")
    evidence = models.CharField(max_length=500)
    choices = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(null=True)
    undo = models.OneToOneField("customers.Amendment", null=True, on_delete=models.PROTECT, related_name="undoes_merge")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [*permanent(), frozen("amendment", "survivor", "absorbed", "evidence", "choices")]
        constraints = [models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_of_two")]

    def __str__(self):
        return f"{self.absorbed_id} > {self.survivor_id}"


class DuplicatePair(models.Model):
    """疑似重复: two customers of one legal entity that may be one person. `first` has the smaller id.

    `grounds` are codes of rules.duplicates, the strongest first; no number stands here.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        DISMISSED = "dismissed"
        MERGED = "merged"
        GONE = "gone"

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT, db_index=False)
    first = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    grounds = models.JSONField(default=list)
    strength = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "first", "second", "found_at")]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["legal_entity", "-strength", "id"], condition=Q(status="open"), name="duplicate_open")
        ]

    def __str__(self):
        return f"{self.first_id} {self.second_id}"

    @property
    def audit_label(self) -> str:
        return f"{self.first.customer_number} {self.second.customer_number}"


class DuplicateSearch(models.Model):
    """One search through a legal entity: when, by whom, how many pairs. `status` as that of every run.

    `crowded` names are borne by too many for near birth dates to say anything (rules.duplicates).
    """

    legal_entity = models.ForeignKey("staff.LegalEntity", on_delete=models.PROTECT)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.QUEUED)
    step = models.CharField(max_length=20, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    pairs = models.BigIntegerField(default=0)
    new_pairs = models.BigIntegerField(default=0)
    crowded = models.BigIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)

    class Meta:
        triggers = permanent()

    def __str__(self):
        return f"{self.legal_entity_id} {self.queued_at:%Y-%m-%d %H:%M}"

    @property
    def audit_label(self) -> str:
        return f"1013-{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status in (RunStatus.SUCCEEDED, RunStatus.FAILED)

    @property
    def is_silent(self) -> bool:
        """Not over, and nothing was heard of it for a while: no worker may be at it."""
        return not self.is_over and timezone.now() - (self.heartbeat_at or self.queued_at) > SILENT_AFTER
