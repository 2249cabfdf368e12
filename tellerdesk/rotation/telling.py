"""The events of a change: keys belong to the installation, so every legal entity's chain tells of it."""

from collections.abc import Callable

from tellerdesk.audit.bulk import record_many
from tellerdesk.core.database_roles import OWNER
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System

LOCK_SPACE = 7_310_022  # one change of keys at a time
Tell = Callable[[str], None]


def entities() -> list[LegalEntity]:
    return list(LegalEntity.objects.using(OWNER).order_by("pk"))


def tell_all(action: str, *, subject, tables=(), **detail) -> None:
    """In the owner's running transaction; seals the rows of `tables` anew, as they stand now."""
    for entity in entities():
        records = [table.records(entity.pk) for table in tables]
        record_many(action, subject=subject, records=records, by=System(entity), detail=detail)
