"""批量领养: a preview of who gets whom, then one transaction (rules 4.5)."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from customers.rules.normalise import without_surrogates
from customers.validators import require_lines
from tellerdesk.audit.services import record
from tellerdesk.core.errors import AlreadyDecided
from tellerdesk.staff.models import Branch, Staff
from tiering.batch_columns import MOST_LINES
from tiering.enums import BatchKind, BatchStatus, OwnerReason
from tiering.errors import BatchEmpty, BatchStale, TooManyLines
from tiering.models import OwnerBatch, OwnerBatchLine
from tiering.rules.adoption_lines import Given
from tiering.selectors.batch_judging import Judge, Judged
from tiering.services.owner_changes import Holder, OwnerChange, lock_rows, set_many
from tiering.services.patience import patient

MOST_NAMED = 20


def preview(
    lines: Sequence[Given],
    *,
    kind: BatchKind,
    branch: Branch,
    note: str,
    by: Staff,
    file_name: str = "",
    problems: dict[int, str] | None = None,
) -> OwnerBatch:
    """Keeps every line with what was found; changes no owner. Raises FieldErrors, TooManyLines."""
    require_lines(reason=note)
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    with transaction.atomic():
        unnamed = "nobody_eligible" if kind == BatchKind.SPREAD else "unknown_staff"
        judged = Judge(by, unnamed=unnamed).judge(lines, problems)
        batch = OwnerBatch.objects.create(
            legal_entity=by.legal_entity,
            branch=branch,
            kind=kind,
            note=note,
            file_name=kept(file_name, 255),
            customers=len({each.standing.pk for each in judged if not each.code}),
            errors=sum(1 for each in judged if each.code),
            maker=by,
        )
        rows = [_row(batch, each) for each in judged]
        OwnerBatchLine.objects.bulk_create(rows, batch_size=2000)
        detail = {"kind": kind, "customers": batch.customers, "errors": batch.errors, "reason": note}
        record("tiering.batch_previewed", subject=batch, by=by, detail=detail)
    return batch


def apply_batch(*, batch: OwnerBatch, by: Staff) -> OwnerBatch:
    """All of its good lines or none: what changed since the preview is BatchStale, and nothing is written.

    Raises AlreadyDecided, BatchEmpty, BatchStale, StandingBusy.
    """
    with transaction.atomic(), patient():
        batch = _locked(batch)
        lines = list(batch.lines.filter(code="").select_related("customer", "owner"))
        if not lines:
            raise BatchEmpty
        lock_rows(line.customer_id for line in lines)
        judged = Judge(by).judge([_given(line) for line in lines])
        _refuse_stale(lines, judged)
        set_many(
            _changes(judged),
            reason=OwnerReason.ADOPTED,
            note=batch.note,
            subject=batch,
            action="tiering.batch_applied",
            by=by,
            detail={"kind": batch.kind},
        )
        return _decided(batch, BatchStatus.APPLIED, by)


def discard_batch(*, batch: OwnerBatch, by: Staff) -> OwnerBatch:
    """Raises AlreadyDecided, StandingBusy."""
    with transaction.atomic(), patient():
        batch = _locked(batch)
        record("tiering.batch_discarded", subject=batch, by=by, detail={"customers": batch.customers})
        return _decided(batch, BatchStatus.DISCARDED, by)


def _locked(batch: OwnerBatch) -> OwnerBatch:
    batch = OwnerBatch.objects.select_for_update(of=("self",)).select_related("branch", "maker").get(pk=batch.pk)
    if batch.status != BatchStatus.PREVIEW:
        raise AlreadyDecided
    return batch


def _decided(batch: OwnerBatch, status: BatchStatus, by: Staff) -> OwnerBatch:
    batch.status, batch.decided_by, batch.decided_at = status, by, timezone.now()
    batch.save(update_fields=["status", "decided_by", "decided_at"])
    return batch


def _given(line: OwnerBatchLine) -> Given:
    primary = "1" if line.is_primary else "0"
    return Given(line.line, line.customer.customer_number, line.owner.username, primary, line.note)


def _refuse_stale(lines: Sequence[OwnerBatchLine], judged: Sequence[Judged]) -> None:
    """A tier or branch that moved on is no matter as long as the owner may have the customer there too."""
    changed = {line.customer_number: each.code for line, each in zip(lines, judged, strict=True) if each.code}
    if changed:
        named = [{"customer_number": number, "code": code} for number, code in sorted(changed.items())]
        raise BatchStale(number=len(changed), first=named[0]["customer_number"], customers=named[:MOST_NAMED])


def _changes(judged: Sequence[Judged]) -> list[OwnerChange]:
    by_customer: dict[int, list[Judged]] = {}
    for each in judged:
        by_customer.setdefault(each.standing.pk, []).append(each)
    return [_change(pk, mine) for pk, mine in by_customer.items()]


def _change(customer: int, mine: list[Judged]) -> OwnerChange:
    mine.sort(key=lambda each: not each.is_primary)
    holders = [Holder(each.owner, each.position) for each in mine]
    return OwnerChange(customer, holders[0], tuple(holders[1:]), mine[0].given.note)


def _row(batch: OwnerBatch, judged: Judged) -> OwnerBatchLine:
    given, standing = judged.given, judged.standing
    return OwnerBatchLine(
        batch=batch,
        line=given.line,
        customer_number=kept(given.customer_number, 64),
        username=kept(given.owner, 150),
        primary_text=kept(given.primary, 20),
        note=kept(given.note, 200),
        customer=standing.customer if standing else None,
        owner=judged.owner,
        position=judged.position,
        is_primary=judged.is_primary,
        tier=standing.tier if standing else None,
        code=judged.code,
    )


def kept(text: str, most: int) -> str:
    """As a column takes it."""
    return without_surrogates(text).replace("\x00", "\ufffd")[:most]
