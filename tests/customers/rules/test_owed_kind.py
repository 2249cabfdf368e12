from datetime import date

import pytest

from customers.rules.identity_check import follow_up_due, has_certificate, owed_kind, report_due
from customers.rules.working_days import WorkCalendar

FRIDAY = date(2026, 9, 25)


@pytest.mark.parametrize(
    ("outcome", "decision", "kind"),
    [
        ("unavailable", "proceed_and_follow_up", "deferred_check"),
        ("unavailable", "", "deferred_check"),
        ("name_mismatch", "proceed_and_follow_up", "follow_up"),
        ("not_found", "hold_pending_police", "police_answer"),
        ("unavailable", "hold_pending_police", "police_answer"),
        ("not_found", "refuse", "police_report"),
    ],
)
def test_what_stands_behind_a_due_day(outcome, decision, kind):
    assert owed_kind(outcome, decision) == kind


@pytest.mark.parametrize(
    ("reason", "due"),
    [
        ("forged", date(2026, 9, 28)),
        ("impersonation", date(2026, 9, 28)),
        ("lost_confirmed", None),
        ("invalid_confirmed", None),
    ],
)
def test_what_is_reported_to_the_police(reason, due):
    assert report_due(reason, on=FRIDAY) == due


def test_holidays_move_every_due_day():
    october = [date(2026, 10, day) for day in range(1, 8)]
    calendar = WorkCalendar(holidays=october, exchanged=[date(2026, 10, 10)])
    on = date(2026, 9, 30)
    assert follow_up_due("unavailable", "proceed", on=on, calendar=calendar) == date(2026, 10, 8)
    assert follow_up_due("not_found", "hold_pending_police", on=on, calendar=calendar) == date(2026, 10, 9)
    assert follow_up_due("not_found", "proceed_and_follow_up", on=on, calendar=calendar) == date(2026, 10, 13)
    assert report_due("forged", on=on, calendar=calendar) == date(2026, 10, 8)


@pytest.mark.parametrize("finding", ["name_mismatch", "not_found", "photo_differs"])
def test_these_get_a_certificate(finding):
    assert has_certificate(finding)


@pytest.mark.parametrize("finding", ["match", "match_no_photo", "card_lost", "card_invalid", "unavailable"])
def test_these_do_not(finding):
    assert not has_certificate(finding)
