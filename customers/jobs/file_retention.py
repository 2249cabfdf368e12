"""Files of runs stay as long as each legal entity's own limits say (page 9002)."""

from customers.selectors.limits import kept_files
from tellerdesk.files.retention import forget_old_files
from tellerdesk.files.runs import FileRun
from tellerdesk.staff.models import LegalEntity


def forget_files_of(kind: type[FileRun]) -> None:
    """The same however often it runs."""
    for pk in LegalEntity.objects.values_list("pk", flat=True):
        forget_old_files(kind, kept=kept_files(pk), legal_entity_id=pk)
