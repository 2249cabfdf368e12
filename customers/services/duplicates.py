"""Likely duplicates: a search started, a pair found to be two persons, a list taken away."""

from django.db import transaction
from django.utils import timezone

from customers.errors import PairDecided, SearchRunning
from customers.models import DuplicatePair, DuplicateSearch
from customers.tasks import find_duplicates
from customers.validators import require_lines
from tellerdesk.audit.services import record
from tellerdesk.files.runs import RunStatus
from tellerdesk.staff.models import LegalEntity


@transaction.atomic
def start_search(*, by) -> DuplicateSearch:
    """Of the whole legal entity, in the background. Raises SearchRunning."""
    search = new_search(by.legal_entity, started_by=by)
    find_duplicates.enqueue(search.pk)
    record("customers.duplicates_sought", subject=search, by=by)
    return search


@transaction.atomic
def new_search(entity: LegalEntity, *, started_by=None) -> DuplicateSearch:
    """One that nothing was heard of for a while counts as failed. Raises SearchRunning."""
    LegalEntity.objects.select_for_update(of=["self"], no_key=True).get(pk=entity.pk)
    under_way = DuplicateSearch.objects.filter(
        legal_entity=entity, status__in=(RunStatus.QUEUED, RunStatus.RUNNING)
    ).order_by("pk")
    for each in under_way:
        if not each.is_silent:
            raise SearchRunning(id=each.pk)
        each.status, each.finished_at = RunStatus.FAILED, timezone.now()
        each.save(update_fields=["status", "finished_at"])
    return DuplicateSearch.objects.create(legal_entity=entity, started_by=started_by)


@transaction.atomic
def dismiss_pair(*, pair: DuplicatePair, reason: str, by) -> DuplicatePair:
    """Two persons after all, for good: no later search brings the pair back. Raises FieldErrors, PairDecided."""
    reason = reason.strip()
    require_lines(reason=reason)
    pair = DuplicatePair.objects.select_for_update(of=["self"]).select_related("first", "second").get(pk=pair.pk)
    if pair.status != DuplicatePair.Status.OPEN:
        raise PairDecided(status=pair.status)
    pair.status, pair.reason = DuplicatePair.Status.DISMISSED, reason
    pair.decided_by, pair.decided_at = by, timezone.now()
    pair.save(update_fields=["status", "reason", "decided_by", "decided_at"])
    record("customers.duplicate_dismissed", subject=pair, by=by, detail={"reason": reason})
    return pair


@transaction.atomic
def note_export(*, rows: int, words: str, by) -> None:
    record("customers.duplicates_exported", subject=by.branch, by=by, detail={"rows": rows, "filter": words})
