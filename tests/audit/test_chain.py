"""Commits are real here: the chain is linked when they happen, by the application role's own transactions."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from tellerdesk.audit.models import AuditChain, AuditEvent, AuditLink, RecordSeal
from tellerdesk.audit.services import record
from tellerdesk.audit.verification import verify
from tellerdesk.staff.models import Staff
from tests.factories import make_branch, make_staff

WRITERS, EVENTS_EACH = 32, 3
MANY = 60

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_event_is_linked_into_the_chain_of_its_branch():
    staff = make_staff("chained", branch=make_branch("007"))
    event = record("staff.logged_in", subject=staff, by=staff)
    link = AuditLink.objects.get(event=event)
    assert (link.chain, link.seq, bytes(link.previous)) == ("HZ:007", 1, b"")
    assert AuditChain.objects.get(chain="HZ:007").hash == link.hash


def test_a_transaction_that_fails_leaves_no_event_and_no_link():
    staff = make_staff("undecided")
    events, links = AuditEvent.objects.count(), AuditLink.objects.count()
    with transaction.atomic():
        record("staff.logged_in", subject=staff, by=staff)
        transaction.set_rollback(True)
    assert (AuditEvent.objects.count(), AuditLink.objects.count()) == (events, links)


def test_thirty_two_writers_make_one_chain_without_a_fork():
    people = [make_staff(f"writer{number}") for number in range(WRITERS)]
    before = AuditLink.objects.filter(chain="HZ:001").count()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(_write, people))
    numbers = list(AuditLink.objects.filter(chain="HZ:001").order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, before + WRITERS * EVENTS_EACH + 1))
    assert verify().faults == []


def test_many_events_of_one_transaction_are_linked_in_their_order_and_write_the_head_once():
    one, other = make_staff("one"), make_staff("other", branch=make_branch("002"))
    with transaction.atomic(), connection.cursor() as cursor:
        Staff.objects.filter(pk=one.pk).update(name="方砚")
        events = [record("staff.settings_changed", subject=one, by=by) for by in (one, other) * MANY]
        with transaction.atomic():
            record("staff.settings_changed", subject=one, by=one)
            transaction.set_rollback(True)
        before = heads_written(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert heads_written(cursor) - before == 2  # of two chains
        events += [record("staff.settings_changed", subject=one, by=one)]
    linked = AuditLink.objects.filter(event__in=events)
    by_seq = linked.filter(chain="HZ:001").order_by("seq").values_list("event", flat=True)
    assert list(by_seq) == [event.pk for event in events[::2]]
    assert linked.filter(chain="HZ:002").count() == MANY
    assert RecordSeal.objects.filter(event__in=events, record=f"staff.staff:{one.pk}").count() == len(events)
    assert verify().faults == []


def test_a_look_seals_nothing():
    staff = make_staff("looked-at")
    seals = RecordSeal.objects.count()
    record("staff.logged_in", subject=staff, by=staff)
    assert RecordSeal.objects.count() == seals


def test_writing_the_row_in_a_savepoint_seals_it_all_the_same():
    staff = make_staff("saved")
    with transaction.atomic():
        with transaction.atomic():
            Staff.objects.filter(pk=staff.pk).update(name="方砚")
        record("staff.settings_changed", subject=staff, by=staff)
    assert verify().faults == []


@pytest.mark.parametrize("table", ["audit_auditlink", "audit_auditchain", "audit_recordseal", "audit_sealedtable"])
def test_the_application_role_writes_no_links_heads_or_seals_itself(table):
    make_staff("writer")
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")


@pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET actor = 'x'", "DELETE FROM audit_auditevent"])
def test_the_application_role_neither_changes_nor_removes_an_event(statement):
    make_staff("writer")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


def heads_written(cursor) -> int:
    cursor.execute("SELECT pg_stat_get_xact_tuples_updated('audit_auditchain'::regclass)")
    return cursor.fetchone()[0]


def _write(staff):
    """Changes the person's row in a savepoint, as services within services do, and records it."""
    try:
        for number in range(EVENTS_EACH):
            with transaction.atomic():
                with transaction.atomic():
                    Staff.objects.filter(pk=staff.pk).update(name=f"方砚{number}")
                record("staff.settings_changed", subject=staff, by=staff)
    finally:
        connection.close()
