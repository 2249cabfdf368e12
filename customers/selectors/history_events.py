"""Audit events of a customer, of the numbers merged into it and of its online checks, as lines of its history."""

from django.db.models import Q
from django.utils.translation import gettext as _

from customers.enums import AmendmentKind, AmendmentStatus, HistoryKind
from customers.field_words import MASKED
from customers.history_sources import KIND_BY_ACTION
from customers.messages import reason_words
from customers.models import Amendment, IdentityCheck
from customers.selectors.timeline import Approval, HistoryAsked, HistoryLine
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import Change
from tellerdesk.audit.sentences import actor_name, field_label, readable, sentence
from tellerdesk.core.templatetags.display import day

CUSTOMER, CHECK, AMENDMENT = "customers.customer", "customers.identitycheck", "customers.amendment"
CLEAR_ON_FILE = ("name",)  # what one who looked the customer up reads in full on the file as well


def lines(asked: HistoryAsked) -> list[HistoryLine]:
    """Four queries at most."""
    events = list(asked.newest(_of_kind(_events(asked), asked)))
    requests = _requests(events)
    checks = _checks(events)
    return [_line(event, asked, requests, checks) for event in events]


def _events(asked: HistoryAsked):
    of_checks = IdentityCheck.objects.filter(customer__in=asked.numbers).values_list("pk", flat=True)
    records = [f"{CUSTOMER}:{pk}" for pk in asked.numbers] + [f"{CHECK}:{pk}" for pk in of_checks]
    return AuditEvent.objects.about_any(records).filter(entity=asked.customer.legal_entity.code)


def _of_kind(events, asked: HistoryAsked):
    if asked.person:
        events = events.filter(actor=asked.person)
    if not asked.kind:
        return events
    named = [action for action, kind in KIND_BY_ACTION.items() if kind == asked.kind]
    others = Q(action__in=list(KIND_BY_ACTION))
    return events.exclude(others) if asked.kind == HistoryKind.CHANGES else events.filter(action__in=named)


def _requests(events) -> dict[int, Amendment]:
    ids = {pk for event in events for pk in _named(event, AMENDMENT)}
    return Amendment.objects.select_related("maker", "checker").in_bulk(ids)


def _checks(events) -> dict[int, IdentityCheck]:
    ids = {int(event.subject_id) for event in events if event.subject_type == CHECK}
    return IdentityCheck.objects.in_bulk(ids)


def _named(event: AuditEvent, label: str) -> list[int]:
    found = [record.partition(":")[2] for record in event.touched if record.startswith(f"{label}:")]
    return [int(pk) for pk in found if pk.isdigit()]


def _line(event: AuditEvent, asked: HistoryAsked, requests: dict, checks: dict) -> HistoryLine:
    request = next((requests[pk] for pk in _named(event, AMENDMENT) if pk in requests), None)
    asked_for = bool(request) and not event.changes and request.made_at <= event.at and _asks(event)
    changes = request.changes if asked_for else event.changes
    check = checks.get(int(event.subject_id)) if event.subject_type == CHECK else None
    return HistoryLine(
        at=event.at,
        pk=event.pk,
        kind=KIND_BY_ACTION.get(event.action, HistoryKind.CHANGES),
        sentence=sentence(event),
        username=event.actor,
        person=actor_name(event.actor_name),
        branch=event.branch,
        action=event.action,
        about=asked.about(int(event.subject_id)) if event.subject_type == CUSTOMER else "",
        changes=event.changes,
        differences=differences(changes, in_full=asked.in_full),
        asked_for=asked_for,
        approval=approval_of(request) if request else _alone(event),
        facts=facts_of(check) if check else (),
    )


def _asks(event: AuditEvent) -> bool:
    return event.action.endswith("_requested")


def _alone(event: AuditEvent) -> Approval | None:
    """An opening that took no second person."""
    if event.action != "customers.opened":
        return None
    return Approval(
        kind=AmendmentKind.OPENING,
        status=AmendmentStatus.APPLIED,
        maker=actor_name(event.actor_name),
        maker_username=event.actor,
        made_at=event.at,
        checker="",
        checker_username="",
        decided_at=None,
        reason="",
        decision_reason="",
    )


def approval_of(request: Amendment) -> Approval:
    return Approval(
        kind=request.kind,
        status=request.status,
        maker=request.maker.name if request.maker else actor_name("system"),
        maker_username=request.maker.username if request.maker else "system",
        made_at=request.made_at,
        checker=request.checker.name if request.checker else "",
        checker_username=request.checker.username if request.checker else "",
        decided_at=request.decided_at,
        reason=str(reason_words(request.reason)),
        decision_reason=request.decision_reason,
    )


def differences(changes: dict, *, in_full: bool) -> tuple[Change, ...]:
    clear = tuple(MASKED) if in_full else CLEAR_ON_FILE
    return tuple(
        Change(field, field_label(CUSTOMER, field), *(_words(field, value, clear) for value in pair))
        for field, pair in changes.items()
        if isinstance(pair, list) and len(pair) == 2
    )


def _words(field: str, value, clear: tuple[str, ...]) -> str:
    return str(value) if field in clear and value else readable(CUSTOMER, field, value)


def facts_of(check: IdentityCheck) -> tuple[tuple[str, str], ...]:
    """What was asked, answered and decided, as the check stands now."""
    found = [
        (_("Business"), check.get_business_display()),
        (_("Result"), str(check.finding.label)),
        (_("Decision"), check.get_decision_display() if check.decision else ""),
        (_("Reason"), str(reason_words(check.reason))),
        (_("Police receipt"), check.police_receipt),
        (_("To be settled by"), day(check.follow_up_due_on) if check.follow_up_due_on else ""),
    ]
    return tuple((str(label), str(words)) for label, words in found if words)
