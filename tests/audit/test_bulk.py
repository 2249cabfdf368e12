"""Many records under one event: as well held as one by one."""

import pytest
from django.db import connections, transaction
from psycopg2 import sql

from tellerdesk.audit.bulk import Records, broken_records, record_many
from tellerdesk.audit.models import AuditEvent, RecordSeal
from tellerdesk.audit.selectors import history_of
from tellerdesk.audit.verification import verify
from tellerdesk.staff.models import Branch
from tests.factories import make_branch, make_staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
ALL = Records("staff.branch", sql.SQL("SELECT id FROM staff_branch"))


@pytest.fixture
def by():
    for code in ("001", "002", "003"):
        make_branch(code)
    return make_staff(branch=make_branch("001"))


def renamed(by, records=(ALL,)):
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE staff_branch SET name = name || '.'")
        return record_many("staff.branches_renamed", subject=by, records=records, by=by, detail={"why": "test"})


def test_one_event_seals_them_all(by):
    event = renamed(by)
    found = AuditEvent.objects.get(pk=event.pk)
    assert (found.detail["sealed"], found.detail["why"], len(found.detail["digest"])) == (4, "test", 64)
    assert found.touched == [f"staff.staff:{by.pk}"]
    assert RecordSeal.objects.filter(event=event, record__startswith="staff.branch:").count() == 4
    assert verify().faults == []


def test_without_it_the_change_is_seen(by):
    renamed(by, records=())
    assert {fault.kind for fault in verify().faults} == {"record_changed"}


def test_a_seal_changed_afterwards_breaks_the_chain(by):
    event = renamed(by)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_recordseal DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_recordseal WHERE event_id = %s AND record LIKE 'staff.branch:%%'", [event.pk])
        cursor.execute("ALTER TABLE audit_recordseal ENABLE TRIGGER USER")
    assert "event_changed" in {fault.kind for fault in verify().faults}


def test_the_history_of_each_tells_of_it(by):
    renamed(by)
    for branch in Branch.objects.all():
        assert history_of("staff.branch", branch.pk)[0].action == "staff.branches_renamed"


def test_nothing_of_it_stays_without_the_transaction(by):
    before = AuditEvent.objects.count()
    with transaction.atomic(using="owner"):
        record_many("staff.branches_renamed", subject=by, records=[ALL], by=by)
        transaction.set_rollback(True, using="owner")
    assert (AuditEvent.objects.count(), verify().faults) == (before, [])


def test_who_asks_before_sees_what_the_audit_does_not_know(by):
    assert broken_records(ALL) == []
    branch = Branch.objects.get(code="002")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE staff_branch SET name = 'x' WHERE id = %s", [branch.pk])
    assert broken_records(ALL) == [f"staff.branch:{branch.pk}"]
    assert broken_records(Records("staff.branch", sql.SQL("SELECT id FROM staff_branch WHERE code = '001'"))) == []
