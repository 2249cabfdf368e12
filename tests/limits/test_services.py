"""Two persons, one open change of each setting, and the value that holds from the moment of approval."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connections, transaction

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.errors import AlreadyDecided, DomainError, FieldErrors, SamePerson, Stale
from tellerdesk.limits.errors import ChangePending, NotWithdrawable
from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.registry import LIMITS
from tellerdesk.limits.selectors import limit_line, value, values
from tellerdesk.limits.services import approve_limit, ask_for_limit, reject_limit, withdraw_limit
from tellerdesk.staff.models import Branch
from tests.factories import make_branch, make_entity, make_limit, make_staff

GRACE = "expiry_grace_days"
pytestmark = pytest.mark.django_db


def head_office(entity=None):
    branch = Branch.objects.get(legal_entity=entity or make_entity(), code="000")
    return make_staff(position="head_office", branch=branch)


@pytest.fixture
def maker():
    return head_office()


@pytest.fixture
def checker():
    return head_office()


def asked(by, value=60, **changes):
    return ask_for_limit(**{"name": GRACE, "value": value, "reason": "监管意见", "by": by, **changes})


def in_force(staff) -> int:
    return value(GRACE, staff.legal_entity_id)


def test_without_a_change_the_default_holds(maker):
    assert in_force(maker) == LIMITS[GRACE].default == 90


def test_a_change_holds_from_its_approval_on(maker, checker):
    change = asked(maker)
    assert in_force(maker) == 90
    approve_limit(change=change, by=checker)
    assert in_force(maker) == 60
    make_limit(GRACE, 45)
    assert in_force(maker) == 45


def test_several_by_one_query(maker, django_assert_num_queries):
    make_limit(GRACE, 60)
    with django_assert_num_queries(1):
        found = values(maker.legal_entity_id, GRACE, "expiring_days")
    assert found == {GRACE: 60, "expiring_days": 90}


def test_another_legal_entity_keeps_its_own(maker):
    other = make_entity("NB", "甬江农村商业银行")
    make_limit(GRACE, 60)
    assert value(GRACE, other.pk) == 90


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"value": 366}, "value", "out_of_range"),
        ({"value": -1}, "value", "out_of_range"),
        ({"value": 90}, "value", "unchanged"),
        ({"reason": " "}, "reason", "required"),
        ({"reason": "由" * 201}, "reason", "length"),
        ({"reason": "a\x00b"}, "reason", "format"),
        ({"reason": "a\ud800b"}, "reason", "format"),
        ({"reason": "a\nb"}, "reason", "format"),
    ],
)
def test_what_cannot_be_asked_for(maker, changes, field, code):
    with pytest.raises(FieldErrors) as refused:
        asked(maker, **changes)
    assert [(name, found[0][0]) for name, found in refused.value.errors.items()] == [(field, code)]
    assert not LimitChange.objects.exists()


def test_both_ends_are_allowed(maker, checker):
    approve_limit(change=asked(maker, value=0), by=checker)
    approve_limit(change=asked(maker, value=365), by=checker)
    assert in_force(maker) == 365


def test_one_open_change_of_each_setting(maker, checker):
    waiting = asked(maker)
    with pytest.raises(ChangePending) as refused:
        asked(checker, value=30)
    assert refused.value.context == {"id": waiting.pk}
    asked(checker, name="expiring_days", value=30)


def test_the_maker_never_decides(maker):
    change = asked(maker)
    for act in (
        lambda: approve_limit(change=change, by=maker),
        lambda: reject_limit(change=change, reason="x", by=maker),
    ):
        with pytest.raises(SamePerson):
            act()
    assert in_force(maker) == 90


def test_the_database_refuses_one_person_as_well(maker):
    change = asked(maker)
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChange.objects.filter(pk=change.pk).update(status="applied", checker=maker)
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChange.objects.filter(pk=change.pk).update(status="applied")


def test_what_was_asked_for_never_changes_and_stays(maker):
    change = asked(maker)
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChange.objects.filter(pk=change.pk).update(after=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitChange.objects.filter(pk=change.pk)._raw_delete("default")


def test_a_returned_change_says_why_and_changes_nothing(maker, checker):
    change = reject_limit(change=asked(maker), reason="依据不足", by=checker)
    assert (change.status, change.decision_reason, in_force(maker)) == ("rejected", "依据不足", 90)
    with pytest.raises(AlreadyDecided):
        approve_limit(change=change, by=checker)
    asked(maker)


def test_only_the_maker_withdraws(maker, checker):
    change = asked(maker)
    with pytest.raises(NotWithdrawable):
        withdraw_limit(change=change, by=checker)
    assert withdraw_limit(change=change, by=maker).status == "withdrawn"
    with pytest.raises(AlreadyDecided):
        withdraw_limit(change=change, by=maker)


def test_a_value_that_moved_meanwhile_is_not_overwritten(maker, checker, monkeypatch):
    change = asked(maker)
    newer = LIMITS[GRACE]
    monkeypatch.setitem(LIMITS, GRACE, type(newer)(**vars(newer) | {"default": 120}))
    with pytest.raises(Stale) as refused:
        approve_limit(change=change, by=checker)
    assert refused.value.context == {"value": 120}


def test_what_is_no_longer_allowed_is_not_put_in_force(maker, checker, monkeypatch):
    change = asked(maker)
    newer = LIMITS[GRACE]
    monkeypatch.setitem(LIMITS, GRACE, type(newer)(**vars(newer) | {"least": 80}))
    with pytest.raises(Stale):
        approve_limit(change=change, by=checker)


def test_the_audit_tells_it(maker, checker):
    change = approve_limit(change=asked(maker), by=checker)
    told = AuditEvent.objects.filter(subject_type="limits.limitchange", subject_id=str(change.pk)).order_by("pk")
    assert [(event.action, event.actor) for event in told] == [
        ("limits.change_requested", maker.username),
        ("limits.change_approved", checker.username),
    ]
    assert told[1].changes == {"value": [90, 60]}


def test_the_table_knows_the_change_that_made_a_value_and_the_one_that_waits(maker, django_assert_num_queries):
    made = make_limit(GRACE, 60)
    waiting = asked(maker, value=30)
    with django_assert_num_queries(2):
        line = limit_line(GRACE, maker.legal_entity_id)
    assert (line.value, line.last, line.pending) == (60, made, waiting)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_at_once_are_one_approval():
    make_branch()
    maker, checkers = head_office(), [head_office(), head_office()]
    change, start = asked(maker), Barrier(2)

    def approve(by):
        start.wait(30)
        try:
            return approve_limit(change=change, by=by).status
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, checkers)) == ["already_decided", "applied"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_every_step_is_sealed():
    maker, checker = head_office(), head_office()
    approve_limit(change=asked(maker), by=checker)
    reject_limit(change=asked(maker, value=50), reason="依据不足", by=checker)
    withdraw_limit(change=asked(maker, value=40), by=maker)
    assert verify().faults == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE limits_limitchange SET decision_reason = 'x' WHERE status = 'rejected'")
    assert [fault.kind for fault in verify().faults] == ["record_changed"]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_asking_at_once_are_one_change():
    makers, start = [head_office(), head_office()], Barrier(2)

    def ask(by):
        start.wait(30)
        try:
            return asked(by).status
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, makers)) == ["pending", "request_pending"]
    assert verify().faults == []
