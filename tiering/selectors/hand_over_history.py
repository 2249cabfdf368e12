"""Hand-overs in the history of a customer: one event covers thousands, so each customer's line comes from its row."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from customers.enums import HistoryKind
from customers.selectors.timeline import HistoryAsked, HistoryLine
from tellerdesk.core.templatetags.display import day
from tiering.models import HandOverRow
from tiering.models.hand_over import CARRIED_OUT

PEOPLE = ("hand_over__leaver", "hand_over__maker", "hand_over__checker", "hand_over__undone_by")


def hand_over_lines(asked: HistoryAsked) -> list[HistoryLine]:
    rows = HandOverRow.objects.handed().filter(customer__in=asked.numbers, hand_over__status__in=CARRIED_OUT)
    lines = []
    for row in rows.select_related("receiver", *PEOPLE):
        lines.append(_handed(row, asked))
        if row.undo:
            lines.append(_undone(row, asked))
    return asked.picked(lines)


def _handed(row: HandOverRow, asked: HistoryAsked) -> HistoryLine:
    done = row.hand_over
    if row.receiver:
        words = _("Handed over from %(leaver)s to %(receiver)s") % _names(row)
    else:
        words = _("Handed over from %(leaver)s to the manager's queue") % _names(row)
    return _line(row, asked, done.decided_at, 2 * row.pk, words, done.checker, done.note, "owner_handed_over")


def _undone(row: HandOverRow, asked: HistoryAsked) -> HistoryLine:
    done = row.hand_over
    words = _("The hand-over was undone: %(outcome)s") % {"outcome": row.get_undo_display()}
    return _line(
        row, asked, done.undone_at, 2 * row.pk + 1, words, done.undone_by, done.undo_reason, "hand_over_undone"
    )


def _line(row: HandOverRow, asked: HistoryAsked, at, pk: int, words: str, by, reason: str, action: str) -> HistoryLine:
    done = row.hand_over
    facts = (
        (_("As owner"), _("owner") if row.is_primary else _("co-owner")),
        (_("Maker"), f"{done.maker.name} {done.maker.username}"),
        (_("Reason of the hand-over"), str(done.get_reason_display())),
        (pgettext("hand-over", "Last day"), day(done.last_day)),
    )
    return HistoryLine(
        at=at,
        pk=pk,
        kind=HistoryKind.STANDING,
        sentence=words,
        username=by.username,
        person=by.name,
        action=action,
        reason=reason,
        about=asked.about(row.customer_id),
        facts=tuple((str(label), str(value)) for label, value in facts),
    )


def _names(row: HandOverRow) -> dict[str, str]:
    people = {"leaver": row.hand_over.leaver, "receiver": row.receiver}
    return {name: f"{each.name} {each.username}" for name, each in people.items() if each}
