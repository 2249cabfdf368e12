"""Whoever owns the tables can switch triggers off and change what is written; verify_audit finds it out."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tellerdesk.audit.models import AuditEvent, AuditLink
from tellerdesk.audit.services import record
from tellerdesk.staff.models import Staff
from tests.factories import make_branch, make_staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def person():
    """Somebody with a few events in the chain HZ:001, and another chain beside it."""
    person = make_staff("victim")
    for _ in range(3):
        record("staff.logged_in", subject=person, by=person)
    bystander = make_staff("bystander", branch=make_branch("002"))
    record("staff.logged_in", subject=bystander, by=bystander)
    return person


@pytest.fixture
def tamper():
    """Runs SQL as the owner with every trigger off, the way an intruder with the owner's password would."""

    def run(statement, *values):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = origin")

    return run


def verdict():
    """Exit code and the words after `broken at`."""
    try:
        call_command("verify_audit", stdout=StringIO(), stderr=StringIO())
    except CommandError as error:
        return error.returncode, str(error)
    return 0, ""


def links():
    return AuditLink.objects.filter(chain="HZ:001").order_by("seq")


def test_an_untouched_base_holds(person):
    assert verdict() == (0, "")


def test_a_changed_event(person, tamper):
    link = links()[2]
    tamper("UPDATE audit_auditevent SET actor = 'somebody' WHERE id = %s", link.event_id)
    assert verdict() == (1, f"broken at HZ:001 {link.seq}: event_changed")


def test_an_event_changed_with_its_trigger_disabled(person):
    link = links()[2]
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET detail = '{\"a\": 1}' WHERE id = %s", [link.event_id])
        cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER USER")
    assert verdict() == (1, f"broken at HZ:001 {link.seq}: event_changed")


def test_a_deleted_event(person, tamper):
    link = links()[1]
    tamper("DELETE FROM audit_auditevent WHERE id = %s", link.event_id)
    assert verdict() == (1, f"broken at HZ:001 {link.seq}: event_missing")


def test_a_deleted_event_and_link_in_the_middle(person, tamper):
    link = links()[1]
    tamper("DELETE FROM audit_auditevent WHERE id = %s", link.event_id)
    tamper("DELETE FROM audit_auditlink WHERE event_id = %s", link.event_id)
    assert verdict() == (1, f"broken at HZ:001 {link.seq + 1}: link_missing")


def test_the_last_event_and_link_deleted(person, tamper):
    link = links().last()
    tamper("DELETE FROM audit_auditevent WHERE id = %s", link.event_id)
    tamper("DELETE FROM audit_auditlink WHERE event_id = %s", link.event_id)
    assert verdict() == (1, f"broken at HZ:001 {link.seq}: end_missing")


def test_a_whole_chain_deleted(person, tamper):
    tamper("DELETE FROM audit_auditevent WHERE branch = '001'")
    tamper("DELETE FROM audit_auditlink WHERE chain = 'HZ:001'")
    assert verdict() == (1, "broken at HZ:001 1: end_missing")


def test_the_head_of_a_chain_deleted(person, tamper):
    last = links().last().seq
    tamper("DELETE FROM audit_auditchain WHERE chain = 'HZ:001'")
    assert verdict() == (1, f"broken at HZ:001 {last + 1}: end_unknown")


def test_a_link_with_a_hash_of_its_own(person, tamper):
    link = links()[1]
    tamper("UPDATE audit_auditlink SET hash = sha256('x') WHERE event_id = %s", link.event_id)
    assert verdict() == (1, f"broken at HZ:001 {link.seq}: event_changed")


def test_two_events_that_changed_places(person, tamper):
    one, two = links()[1], links()[2]
    tamper("UPDATE audit_auditlink SET seq = seq + 1000 WHERE event_id = %s", one.event_id)
    tamper("UPDATE audit_auditlink SET seq = %s WHERE event_id = %s", one.seq, two.event_id)
    tamper("UPDATE audit_auditlink SET seq = %s WHERE event_id = %s", two.seq, one.event_id)
    assert verdict() == (1, f"broken at HZ:001 {one.seq}: event_changed")


def test_an_event_slipped_in_without_a_link(person, tamper):
    tamper(
        "INSERT INTO audit_auditevent (at, entity, branch, actor, actor_name, action, subject_type, subject_id,"
        " subject_label, detail, changes, touched) SELECT at, entity, branch, actor, actor_name, action, subject_type,"
        " subject_id, subject_label, detail, changes, touched FROM audit_auditevent ORDER BY id LIMIT 1"
    )
    event = AuditEvent.objects.latest("pk")
    code, text = verdict()
    assert (code, text) == (1, f"broken at {event.entity}:{event.branch} -: not_linked")


def test_a_record_changed_without_an_event(person, tamper):
    tamper("UPDATE staff_staff SET name = '别人' WHERE id = %s", person.pk)
    assert verdict() == (1, f"broken at staff.staff:{person.pk}: record_changed")


def test_the_application_role_too_cannot_change_a_record_unseen(person):
    Staff.objects.filter(pk=person.pk).update(is_active=False)
    assert verdict() == (1, f"broken at staff.staff:{person.pk}: record_changed")


def test_a_look_at_the_record_does_not_cover_the_change_up(person, tamper):
    tamper("UPDATE staff_staff SET name = '别人' WHERE id = %s", person.pk)
    record("staff.logged_in", subject=person, by=person)
    assert verdict() == (1, f"broken at staff.staff:{person.pk}: record_changed")


def test_a_record_inserted_without_an_event(person):
    slipped_in = Staff.objects.create(username="ghost", name="无", legal_entity=person.legal_entity)
    assert verdict() == (1, f"broken at staff.staff:{slipped_in.pk}: no_event")


def test_a_deleted_record(person, tamper):
    tamper("DELETE FROM staff_posting WHERE staff_id = %s", person.pk)
    tamper("DELETE FROM staff_staff WHERE id = %s", person.pk)
    code, text = verdict()
    assert (code, text.endswith("record_missing")) == (1, True)


def test_a_seal_changed_to_fit_the_record(person, tamper):
    link = AuditLink.objects.get(event__action="staff.created", event__subject_id=str(person.pk))
    tamper("UPDATE audit_recordseal SET digest = sha256('x') WHERE record = %s", f"staff.staff:{person.pk}")
    assert verdict()[1].startswith(f"broken at {link.chain} {link.seq}: event_changed")
