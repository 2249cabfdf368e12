"""What is kept of customer imports beside their files; run by the owner at the end of every import."""

from django.db import connections
from django.utils import timezone

from customers.jobs import import_sql as statements
from customers.jobs.file_retention import forget_files_of
from customers.models import CustomerImport
from customers.selectors.limits import kept_files
from tellerdesk.core.database_roles import OWNER
from tellerdesk.staff.models import LegalEntity


def forget_old_imports() -> None:
    """Of all legal entities. The counts by code stay, line by line nothing does."""
    forget_files_of(CustomerImport)
    with connections[OWNER].cursor() as cursor:
        for pk in LegalEntity.objects.values_list("pk", flat=True):
            cursor.execute(statements.FORGET_OLD_REJECTS, [pk, timezone.now() - kept_files(pk).rejects])
