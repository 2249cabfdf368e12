from django.db import models

from customers.querysets import CustomerImportQuerySet
from tellerdesk.audit.guards import frozen, permanent
from tellerdesk.files.runs import FileRun, RunStatus

INTERRUPTED = "interrupted"  # by a fault of ours: may be taken up again where it stopped


class CustomerImport(FileRun):
    """客户导入, one file of customers on its way in; `changed` counts those who became customers.

    `branch` is the sender's and that of lines without one. `as_of` and `opened_at` are fixed at the first start: the
    business date all lines are judged by, and the moment all its customers are opened at, by which they are known as
    this file's. `last_line` is the checkpoint: it is committed with the lines before it. `warnings` is
    `{code: [count, first lines]}`.
    """

    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField(null=True)
    opened_at = models.DateTimeField(null=True)
    total_lines = models.BigIntegerField(default=0)
    last_line = models.BigIntegerField(default=0)
    issued = models.BigIntegerField(default=0)
    warnings = models.JSONField(default=dict)
    checked_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    objects = CustomerImportQuerySet.as_manager()

    class Meta:
        triggers = [*permanent(), frozen("legal_entity", "started_by", "branch", "dry_run", "file_sha256", "queued_at")]
        indexes = [models.Index(fields=["legal_entity", "-id"], name="import_by_entity")]

    def __str__(self):
        return f"{self.pk}"

    @property
    def audit_label(self) -> str:
        return f"#{self.pk}"

    @property
    def may_be_imported(self) -> bool:
        """A good dry run whose file is still there."""
        return self.dry_run and self.status == RunStatus.SUCCEEDED and self.stored != ""


class ImportReject(models.Model):
    """A line that stays out: `code` counts it, `problems` are `field:code` or `field:code:value`, by spaces.

    What stood in the line is not here; it is read again from the sealed file for the rejects.
    """

    customer_import = models.ForeignKey(
        CustomerImport, on_delete=models.PROTECT, related_name="rejects", db_index=False, db_constraint=False
    )
    line = models.BigIntegerField()
    code = models.CharField(max_length=40)
    problems = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer_import", "line"], name="reject_once_per_line")]
        indexes = [models.Index(fields=["customer_import", "code", "line"], name="reject_by_code")]

    def __str__(self):
        return f"{self.line} {self.code}"
