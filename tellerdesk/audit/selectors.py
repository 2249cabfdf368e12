"""Events shaped for reading: sentences, readable changes, their place in the chain."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.sentences import field_label, readable, sentence

PAGE_SIZE = 50
HISTORY_SIZE = 500
HASH_SHOWN = 12


@dataclass(frozen=True)
class Change:
    """One field before and after, in the reader's words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One event. `seq` and `hash` are empty until its transaction is committed and linked."""

    pk: int
    at: datetime
    branch: str
    actor: str
    actor_name: str
    action: str
    sentence: str
    subject_type: str
    subject_id: str
    subject_label: str
    changes: dict
    touched: list[str]
    seq: int | None
    hash: str

    @property
    def differences(self) -> list[Change]:
        return [
            Change(field, field_label(self.subject_type, field), *(readable(self.subject_type, field, v) for v in pair))
            for field, pair in self.changes.items()
        ]

    @property
    def hash_short(self) -> str:
        return self.hash[:HASH_SHOWN]


@dataclass(frozen=True)
class Page:
    """`following` is the key to go on with, None on the last page."""

    lines: list[Line]
    following: int | None


def history_of(subject_type: str, subject_id, *, limit: int = HISTORY_SIZE) -> list[Line]:
    """What was done to one record, the newest first. Whether the reader may see the record is the caller's matter."""
    return [_line(event) for event in AuditEvent.objects.about(subject_type, subject_id).newest_first()[:limit]]


def page_of(events, *, before: int | None = None, size: int = PAGE_SIZE) -> Page:
    """By keyset, without counting. Two queries at most, however long the chain."""
    found = [_line(event) for event in events.before(before).newest_first()[: size + 1]]
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def line_of(events, pk: int) -> Line | None:
    event = events.filter(pk=pk).select_related("auditlink").first()
    return _line(event) if event else None


def _line(event: AuditEvent) -> Line:
    link = _link_of(event)
    return Line(
        pk=event.pk,
        at=event.at,
        branch=event.branch,
        actor=event.actor,
        actor_name=event.actor_name,
        action=event.action,
        sentence=sentence(event),
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        subject_label=event.subject_label,
        changes=event.changes,
        touched=event.touched,
        seq=link.seq if link else None,
        hash=bytes(link.hash).hex() if link else "",
    )


def _link_of(event):
    try:
        return event.auditlink
    except ObjectDoesNotExist:
        return None
