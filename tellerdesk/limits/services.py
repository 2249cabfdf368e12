"""A limit is changed by two persons: one asks, another puts it in force or returns it with a reason."""

import unicodedata

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tellerdesk.audit.services import record
from tellerdesk.core.errors import AlreadyDecided, FieldErrors, SamePerson, Stale
from tellerdesk.limits.enums import ChangeStatus
from tellerdesk.limits.errors import ChangePending, NotWithdrawable
from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.registry import LIMITS
from tellerdesk.limits.selectors import value as value_in_force

LONGEST_REASON = 200


def ask_for_limit(*, name: str, value: int, reason: str, by) -> LimitChange:
    """`name` is registered. Raises FieldErrors, ChangePending."""
    before = value_in_force(name, by.legal_entity_id)
    refuse(value_problems(name, value, before) | reason_problems(reason))
    try:
        with transaction.atomic():
            change = LimitChange.objects.create(
                legal_entity_id=by.legal_entity_id, name=name, before=before, after=value, reason=reason, maker=by
            )
            detail = {"before": before, "after": value, "reason": reason}
            record("limits.change_requested", subject=change, by=by, detail=detail)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "limit_change_one_open":
            raise
        waiting = LimitChange.objects.reachable_by(by).pending().filter(name=name).first()
        raise ChangePending(id=waiting and waiting.pk) from error
    return change


@transaction.atomic
def approve_limit(*, change: LimitChange, by) -> LimitChange:
    """In force from the commit on.

    Raises SamePerson for the maker whatever posting he holds, AlreadyDecided, Stale where the value in force, or what
    is allowed at all, is not what it was.
    """
    change = locked(change, by=by)
    value = value_in_force(change.name, change.legal_entity_id)
    if value != change.before or not change.limit.allows(change.after):
        raise Stale(value=value)
    return decided(change, ChangeStatus.APPLIED, "approved", by=by)


@transaction.atomic
def reject_limit(*, change: LimitChange, reason: str, by) -> LimitChange:
    """Raises FieldErrors, SamePerson, AlreadyDecided."""
    refuse(reason_problems(reason))
    return decided(locked(change, by=by), ChangeStatus.REJECTED, "rejected", reason=reason, by=by)


@transaction.atomic
def withdraw_limit(*, change: LimitChange, by) -> LimitChange:
    """By its maker, while nobody has decided. Raises NotWithdrawable, AlreadyDecided."""
    change = LimitChange.objects.select_for_update(of=["self"]).get(pk=change.pk)
    if change.status != ChangeStatus.PENDING:
        raise AlreadyDecided(status=change.status)
    if change.maker_id != by.pk:
        raise NotWithdrawable
    change.status, change.decided_at = ChangeStatus.WITHDRAWN, timezone.now()
    change.save(update_fields=["status", "decided_at"])
    record("limits.change_withdrawn", subject=change, by=by)
    return change


def locked(change: LimitChange, *, by) -> LimitChange:
    change = LimitChange.objects.select_for_update(of=["self"]).select_related("maker").get(pk=change.pk)
    if change.maker_id == by.pk:
        raise SamePerson
    if change.status != ChangeStatus.PENDING:
        raise AlreadyDecided(status=change.status)
    return change


def decided(change: LimitChange, status: str, verdict: str, *, reason: str = "", by) -> LimitChange:
    change.status, change.checker = status, by
    change.decided_at, change.decision_reason = timezone.now(), reason
    change.save(update_fields=["status", "checker", "decided_at", "decision_reason"])
    record(
        f"limits.change_{verdict}",
        subject=change,
        by=by,
        detail={"maker": change.maker.name, "after": change.after, "reason": reason or change.reason},
        changes={"value": [change.before, change.after]} if status == ChangeStatus.APPLIED else {},
    )
    return change


def refuse(problems: dict) -> None:
    if problems:
        raise FieldErrors(problems)


def value_problems(name: str, value: int, before: int) -> dict:
    limit = LIMITS[name]
    if not limit.allows(value):
        text = _("Between %(least)s and %(most)s.") % {"least": limit.least, "most": limit.most}
        return {"value": [("out_of_range", text)]}
    if value == before:
        return {"value": [("unchanged", _("This is the value in force."))]}
    return {}


def reason_problems(reason: str) -> dict:
    """One line that a column takes and a person can read."""
    if not reason.strip():
        return {"reason": [("required", _("Please say why."))]}
    if len(reason) > LONGEST_REASON:
        return {"reason": [("length", _("At most 200 characters."))]}
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in reason):
        return {"reason": [("format", _("One line of text, without control characters."))]}
    return {}
