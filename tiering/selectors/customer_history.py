"""Tiers and owners of a customer as lines of the customer's history (customers.history_sources).

What people did to one customer is told by the audit event; here stands what the night did, and what was done to many
customers at once.
"""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from customers.enums import HistoryKind
from customers.selectors.timeline import HistoryAsked, HistoryLine
from tellerdesk.audit.sentences import actor_name
from tellerdesk.core.templatetags.display import day, fen
from tellerdesk.staff.enums import Position
from tiering.enums import OwnerEnd, OwnerReason, Tier
from tiering.messages import reason_text, tier_label
from tiering.models import OwnerAssignment, TierMove
from tiering.selectors.standing import Figures

BY_A_PERSON = (
    OwnerEnd.REPLACED, OwnerEnd.MERGED, OwnerEnd.UNMERGED, OwnerEnd.UPGRADE_CHOICE, OwnerEnd.HANDED_OVER,
    OwnerEnd.HAND_OVER_UNDONE,
)  # fmt: skip
OF_MANY = (OwnerReason.ADOPTED,)
SYSTEM = "system"


def tier_lines(asked: HistoryAsked) -> list[HistoryLine]:
    """升降, at the moment the night that found it ended."""
    moves = TierMove.objects.filter(customer__in=asked.numbers).select_related("run", "branch")
    return asked.picked(_move(move, asked) for move in moves)


def _move(move: TierMove, asked: HistoryAsked) -> HistoryLine:
    run = move.run
    steps = {"before": tier_label(move.from_tier), "after": tier_label(move.to_tier)}
    rises = move.to_tier > move.from_tier
    return HistoryLine(
        at=run.finished_at or run.queued_at,
        pk=move.pk,
        kind=HistoryKind.STANDING,
        sentence=(_("The tier rose: %(before)s → %(after)s") if rises else _("The tier fell: %(before)s → %(after)s"))
        % steps,
        username=SYSTEM,
        person=actor_name(SYSTEM),
        branch=move.branch.code,
        action="tier_rose" if rises else "tier_fell",
        about=asked.about(move.customer_id),
        changes={"tier": [Tier(move.from_tier).code, Tier(move.to_tier).code]},
        facts=_facts(
            (_("As of"), day(move.as_of)),
            (_("Assets (yuan)"), f"{fen(move.from_aum)} → {fen(move.to_aum)}" if move.from_tier else fen(move.to_aum)),
            (_("Why in scope"), reason_text(move.reasons, Figures.of(move))),
        ),
    )


def owner_lines(asked: HistoryAsked) -> list[HistoryLine]:
    """Owners the night dealt, those it ended, and those who came with a batch."""
    rows = OwnerAssignment.objects.filter(customer__in=asked.numbers).select_related("owner", "by")
    lines = []
    for row in rows:
        lines += [_began(row, asked)] if row.by_id is None or row.reason in OF_MANY else []
        lines += [_ended(row, asked)] if row.until and row.end_reason not in BY_A_PERSON else []
    return asked.picked(lines)


def _began(row: OwnerAssignment, asked: HistoryAsked) -> HistoryLine:
    words = _("%(owner)s became the owner") if row.is_primary else _("%(owner)s became a co-owner")
    reason = row.note or str(row.get_reason_display())
    return _owner_line(row, asked, row.recorded_at, 2 * row.pk, words, reason, "owner_began", by=row.by)


def _ended(row: OwnerAssignment, asked: HistoryAsked) -> HistoryLine:
    """At the end of the day: the hour is not kept."""
    at = timezone.make_aware(datetime.combine(max(row.until, row.since), time.max))
    words = _("%(owner)s is no longer the owner") if row.is_primary else _("%(owner)s is no longer a co-owner")
    return _owner_line(row, asked, at, 2 * row.pk + 1, words, str(row.get_end_reason_display()), "owner_ended")


def _owner_line(row: OwnerAssignment, asked: HistoryAsked, at, pk: int, words: str, reason: str, action: str, by=None):
    return HistoryLine(
        at=at,
        pk=pk,
        kind=HistoryKind.STANDING,
        sentence=words % {"owner": f"{row.owner.name} {row.owner.username}"},
        username=by.username if by else SYSTEM,
        person=by.name if by else actor_name(SYSTEM),
        action=action,
        reason=reason,
        about=asked.about(row.customer_id),
        facts=_facts((_("Position"), str(Position(row.position).label)), (_("Since"), day(row.since))),
    )


def _facts(*pairs) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), str(words)) for label, words in pairs if words)
