from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from tellerdesk.audit.guards import append_only, permanent
from tellerdesk.audit.querysets import AuditEventQuerySet


class AuditEvent(models.Model):
    """Who did what to which record. No foreign keys: it outlives whatever it speaks of.

    `detail` fills the sentence, `changes` is `{field: [before, after]}`; both hold masked forms only.
    `touched` lists the records changed by the act as `app.model:pk`; their state is sealed at commit.
    """

    at = models.DateTimeField(default=timezone.now)
    entity = models.CharField(max_length=12)
    branch = models.CharField(max_length=12)
    actor = models.CharField(max_length=30)
    actor_name = models.CharField(max_length=100)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    touched = ArrayField(models.CharField(max_length=100), default=list)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["subject_label"], opclasses=["varchar_pattern_ops"], name="audit_by_label"),
            models.Index(fields=["entity", "branch", "-id"], name="audit_by_branch"),
            models.Index(fields=["entity", "-id"], name="audit_by_entity"),
            models.Index(fields=["at"], name="audit_by_time"),
            GinIndex(fields=["touched"], name="audit_by_touched"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action}"


class AuditLink(models.Model):
    """Event number `seq` of a branch's chain, linked at commit by trigger.

    hash = SHA-256(previous hash, seq, event, seals of its records), as audit.sql writes them.
    """

    event = models.OneToOneField(AuditEvent, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False)
    chain = models.CharField(max_length=25)
    seq = models.BigIntegerField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_link_once")]

    def __str__(self):
        return f"{self.chain} {self.seq}"


class AuditChain(models.Model):
    """The newest link of each chain, so that a chain cut at its end is seen."""

    chain = models.CharField(max_length=25, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        triggers = permanent()

    def __str__(self):
        return f"{self.chain} {self.seq}"


class RecordSeal(models.Model):
    """The SHA-256 of a record's sealed columns as an event's transaction left them."""

    event = models.ForeignKey(AuditEvent, on_delete=models.DO_NOTHING, db_constraint=False)
    record = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["record", "event"], name="record_seal_once")]

    def __str__(self):
        return f"{self.record} {self.event_id}"


class SealedTable(models.Model):
    """Which columns of a table a seal covers; rows come from migrations, a new list of columns is a new version."""

    label = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    table_name = models.CharField(max_length=63)
    columns = ArrayField(models.CharField(max_length=63))

    class Meta:
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["label", "version"], name="sealed_table_once")]

    def __str__(self):
        return f"{self.label} {self.version}"
