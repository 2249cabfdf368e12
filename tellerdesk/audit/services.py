from django.utils.functional import Promise

from tellerdesk.audit.models import AuditEvent


def record(
    action: str, *, subject, by, detail=None, changes=None, touched=(), label: str = "", using: str | None = None
) -> AuditEvent:
    """Writes one event in the running transaction; it is linked into the chain of `by`'s branch at commit.

    Jobs of the owner say `using` which connection their transaction is on.

    `subject` is the record acted on, `touched` further records the act changed. `label` names the subject
    for readers (masked); its own `audit_label` serves where none is given.
    """
    event = event_of(action, subject=subject, by=by, detail=detail, changes=changes, touched=touched, label=label)
    event.save(using=using, force_insert=True)
    return event


def event_of(action: str, *, subject, by, detail=None, changes=None, touched=(), label: str = "") -> AuditEvent:
    """The event as `record` writes it, for whoever writes many at once."""
    branch = by.branch
    records = [subject, *touched]
    return AuditEvent(
        entity=by.legal_entity.code,
        branch=branch.code if branch else "000",
        actor=by.username,
        actor_name=by.name,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(label or getattr(subject, "audit_label", subject))[:200],
        detail=_plain(detail or {}),
        changes=_plain(changes or {}),
        touched=[f"{each._meta.label_lower}:{each.pk}" for each in records],
    )


def changed_fields(before: dict, after: dict) -> dict:
    """`{field: [before, after]}` of what differs."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def _plain(value):
    """JSON's own types: dates, decimals and lazy texts as text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value) if isinstance(value, Promise) or not isinstance(value, str) else value
