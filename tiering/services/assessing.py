"""季度考核: head office has a quarter assessed, looks at it, and closes it (rules 4.6)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.messages import message
from customers.rules.texts import clean_text
from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.runs import RunStatus
from tellerdesk.staff.models import LegalEntity, Staff
from tellerdesk.staff.system import System
from tiering.errors import BeingAssessed, NotAssessed, NotBegun, NotClosable
from tiering.models import Assessment
from tiering.rules.quarters import Quarter
from tiering.tasks import assess_quarter

LONGEST_REASON = 200
WHY_NOT = {
    "not_computed": _("it has not been computed."),
    "closed": _("it is closed already."),
    "newer": _("a newer version has been computed."),
}


@transaction.atomic
def queue_assessment(*, quarter: Quarter, by: Staff) -> Assessment:
    """The next version of the quarter, into the queue. Raises NotBegun, BeingAssessed."""
    row = new_version(by.legal_entity, quarter, by=by)
    assess_quarter.enqueue(row.pk)
    record("tiering.assessment_queued", subject=row, by=by, detail={"quarter": str(quarter), "version": row.version})
    return row


@transaction.atomic
def new_version(legal_entity: LegalEntity, quarter: Quarter, *, by: Staff | None) -> Assessment:
    """`by` is null for the command line. Two at once of one legal entity wait for each other."""
    if quarter.first_day > today():
        raise NotBegun(quarter=str(quarter))
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    former = Assessment.objects.filter(legal_entity=legal_entity, quarter=str(quarter)).order_by("-version")
    if any(not each.is_over and not each.is_silent for each in former):
        raise BeingAssessed(quarter=str(quarter))
    newest = former.first()
    version = newest.version + 1 if newest else 1
    return Assessment.objects.create(legal_entity=legal_entity, quarter=str(quarter), version=version, computed_by=by)


@transaction.atomic
def close_assessment(
    *, quarter: Quarter, reason: str = "", version: int | None = None, by: Staff | System
) -> Assessment:
    """The newest computed version is frozen; where another one of the quarter was closed before, with a reason.

    `version` is the one that was looked at. Raises NotAssessed, NotClosable, FieldErrors.
    """
    refuse_lines(reason=reason)
    reason = clean_text(reason)
    if len(reason) > LONGEST_REASON:
        raise FieldErrors({"reason": [("too_long", message("too_long"))]})
    versions = locked_versions(quarter, by)
    row = versions[0]
    refuse_unclosable(row, version)
    if not reason and any(each.is_closed for each in versions):
        raise FieldErrors({"reason": [("required", message("required"))]})
    row.closed_at, row.closed_by, row.close_reason = timezone.now(), by if isinstance(by, Staff) else None, reason
    row.save(update_fields=["closed_at", "closed_by", "close_reason"])
    detail = {"quarter": row.quarter, "version": row.version, "reason": reason or str(_("for the first time"))}
    record("tiering.assessment_closed", subject=row, by=by, detail=detail, touched=[row])
    return row


def locked_versions(quarter: Quarter, by) -> list[Assessment]:
    """The newest first."""
    rows = Assessment.objects.filter(legal_entity=by.legal_entity, quarter=str(quarter)).order_by("-version")
    found = list(rows.select_for_update(of=("self",)))
    if not found:
        raise NotAssessed(quarter=str(quarter))
    return found


def refuse_unclosable(row: Assessment, version: int | None) -> None:
    why = ""
    if row.status != RunStatus.SUCCEEDED:
        why = "not_computed"
    elif row.is_closed:
        why = "closed"
    elif version not in (None, row.version):
        why = "newer"
    if row.incomplete:
        words = str(row.get_incomplete_display())
        raise NotClosable(quarter=row.quarter, why="incomplete", incomplete=row.incomplete, explanation=words)
    if why:
        raise NotClosable(quarter=row.quarter, why=why, explanation=str(WHY_NOT[why]))
