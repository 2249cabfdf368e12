"""The list of what was handed over leaves the site: on paper, numbered, or as a workbook."""

from django.db import transaction
from django.db.models import Max

from tellerdesk.audit.services import record
from tellerdesk.staff.models import Staff
from tiering.models import HandOver, HandOverCopy


@transaction.atomic
def print_list_again(*, hand_over: HandOver, by: Staff) -> HandOverCopy:
    """Counts a reprint (补打 n); two at once get different numbers."""
    HandOver.objects.select_for_update(of=["self"]).get(pk=hand_over.pk)
    last = hand_over.copies.aggregate(last=Max("number"))["last"] or 0
    copy = HandOverCopy.objects.create(hand_over=hand_over, number=last + 1, staff=by)
    detail = {"number": hand_over.number, "copy": copy.number}
    record("tiering.hand_over_printed", subject=hand_over, by=by, detail=detail)
    return copy


@transaction.atomic
def note_export(*, hand_over: HandOver, by: Staff) -> None:
    detail = {"rows": hand_over.rows.handed().count(), "number": hand_over.number}
    record("tiering.hand_over_exported", subject=hand_over, by=by, detail=detail)
