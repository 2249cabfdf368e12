"""Customer files sent, taken over after a dry run, taken up again."""

from django.db import transaction
from django.utils import timezone

from customers.errors import ImportNotPossible
from customers.models import CustomerImport
from customers.selectors.imports import may_be_resumed
from customers.selectors.limits import largest_upload
from customers.tasks import import_customers
from tellerdesk.audit.services import record
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.storage import Stored

IMPORT_CUSTOMERS = "customers.import_customers"


def send_customer_file(*, upload, dry_run: bool, by) -> CustomerImport:
    """Queued; the file is read in the background. Raises FieldErrors for `file` where it is empty or too large."""
    try:
        refuse_large(upload, largest=largest_upload(by.legal_entity_id))
        return queue_import(stored=upload.take(), file_name=upload.name, dry_run=dry_run, by=by)
    except FileRefused as refusal:
        raise FieldErrors({"file": [(refusal.code, refusal.as_dict()["message"])]}) from refusal


def refuse_large(upload, *, largest: int) -> None:
    """Beyond what the bank allows; what nobody could send is refused while it arrives."""
    if upload.size > largest:
        raise FileRefused("too_large", megabytes=largest // 1024**2)


@transaction.atomic
def queue_import(
    *, stored: Stored, file_name: str, dry_run: bool, by, branch=None, checked_by: CustomerImport | None = None
) -> CustomerImport:
    run = CustomerImport.objects.create(
        legal_entity_id=by.legal_entity_id,
        started_by=by,
        branch=branch or by.postings_granting(IMPORT_CUSTOMERS)[0].branch,
        file_name=file_name[:255],
        file_size=stored.size,
        file_sha256=stored.sha256,
        stored=stored.name,
        dry_run=dry_run,
        checked_by=checked_by,
    )
    import_customers.enqueue(run.pk)
    action = "customers.dry_run_sent" if dry_run else "customers.import_sent"
    record(action, subject=run, by=by, detail={"file_sha256": run.file_sha256, "size": run.file_size})
    return run


@transaction.atomic
def import_checked(*, checked: CustomerImport, by) -> CustomerImport:
    """The file of a dry run, without sending it again. Raises ImportNotPossible, also for the second click."""
    checked = CustomerImport.objects.select_for_update(of=["self"]).get(pk=checked.pk)
    if not checked.may_be_imported:
        raise ImportNotPossible
    stored = Stored(checked.stored, checked.file_size, checked.file_sha256)
    CustomerImport.objects.filter(pk=checked.pk).update(stored="")
    return queue_import(
        stored=stored, file_name=checked.file_name, dry_run=False, branch=checked.branch, checked_by=checked, by=by
    )


@transaction.atomic
def resume_import(*, run: CustomerImport, by) -> CustomerImport:
    """From its last checkpoint. Raises ImportNotPossible unless a fault or a lost worker stopped it.

    Its upload must still be there.
    """
    run = CustomerImport.objects.select_for_update(of=["self"]).get(pk=run.pk)
    if not may_be_resumed(run):
        raise ImportNotPossible
    run.status, run.error_code, run.heartbeat_at, run.finished_at = RunStatus.QUEUED, "", timezone.now(), None
    run.save(update_fields=["status", "error_code", "heartbeat_at", "finished_at"])
    import_customers.enqueue(run.pk)
    record("customers.import_resumed", subject=run, by=by)
    return run
