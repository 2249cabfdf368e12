"""A new digest key: nobody is lost, nobody comes in twice, before, during and after, and whenever it is killed."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.apps import apps
from django.db import OperationalError, connections, models, transaction
from django.test import Client

from customers.jobs import import_customers
from customers.models import Customer, IdentityCheck, IdentityDocument, IdentityKey
from customers.models.sealed_number import SealedNumber
from customers.services import resume_import
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.rotation import digest as changing
from tellerdesk.rotation.models import NewDigest
from tellerdesk.rotation.tables import NUMBERS, TABLES
from tellerdesk.vault.models import DataKey
from tellerdesk.vault.services import digest, keyring
from tests.core.processes import wait_until
from tests.customers.import_files import csv, head_office, line, sent
from tests.factories import (
    make_check,
    make_customer,
    make_particulars,
    make_qualified,
    make_resident_number,
    make_staff,
)
from tests.rotation.running import TODAY, held, killed_where_it_needs, make_bank, read_only, refused, rotate, start
from tests.tiering.jobs.stopped_nights import kill_where_it_needs, somebody_waits_for

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def digests() -> dict[str, set[bytes]]:
    return {
        table.label: {
            bytes(each) for column in table.digests for each in table.model.objects.values_list(column, flat=True)
        }
        for table in TABLES
    }


def key_in_force() -> DataKey:
    return DataKey.objects.in_force().filter(purpose="digest").latest("pk")


def marks() -> set[bytes]:
    return {each[:4] for found in digests().values() for each in found}


def test_every_table_with_numbers_or_digests_is_known():
    sealed = {model for model in apps.get_models() if issubclass(model, SealedNumber)}
    assert {table.model for table in NUMBERS} == sealed
    digested = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, models.BinaryField) and field.name.endswith("_digest")
    }
    assert {(table.model, column) for table in TABLES for column in table.digests} == digested


def test_the_database_guards_every_table_with_digests():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'digests_are_current'")
        guarded = {name for (name,) in cursor.fetchall()}
    assert guarded == {table.model._meta.db_table for table in TABLES}


def test_everything_is_made_anew_and_everybody_found(bank):
    before, former = digests(), key_in_force()
    assert bank.everybody_is_found()
    assert "is in force" in rotate("digest")
    after = digests()
    assert key_in_force().pk > former.pk
    assert marks() == {key_in_force().pk.to_bytes(4, "big")}
    assert {label: len(found) for label, found in after.items()} == {
        label: len(found) for label, found in before.items()
    }
    assert not any(before[label] & after[label] for label in after)
    assert bank.everybody_is_found()
    assert not NewDigest.objects.exists()
    assert verify().faults == []


def test_who_was_a_customer_before_is_one_after(bank):
    rotate("digest")
    teller = make_qualified(bank.teller)
    check = make_check(bank.number, by=teller)
    client = Client()
    client.force_login(teller, backend="tellerdesk.staff.backends.PositionBackend")
    status, body = opened(client, bank.number, check)
    assert (status, body["code"]) == (409, "customer_exists")
    assert body["context"] == {"customer_number": bank.customer.customer_number}


def test_every_legal_entity_is_told(bank):
    rotate("digest")
    told = AuditEvent.objects.filter(action="rotation.digest_changed")
    assert sorted(told.values_list("entity", flat=True)) == ["HZ", "NB"]
    assert {event.detail["rows"] for event in told} == {told[0].detail["rows"]}
    assert all(event.detail["sealed"] for event in told)


def test_guards_stand_again_afterwards(bank):
    rotate("digest")
    for statement in (
        "UPDATE customers_identitydocument SET number_digest = number_digest || '\\x00'",
        "UPDATE customers_identitykey SET key_digest = key_digest || '\\x00'",
        "DELETE FROM customers_agent",
        "TRUNCATE customers_identitykey",
    ):
        with pytest.raises(Exception, match="never changes|annot|permanent"), transaction.atomic(using="owner"):
            connections["owner"].cursor().execute(statement)


@pytest.mark.parametrize("table", ["customers_agent", "rotation_newdigest", "audit_recordseal", "vault_datakey"])
def test_killed_anywhere_it_goes_on(bank, table):
    """While it works things out, beside the rows, at the seals, and at the key itself."""
    before = digests()
    killed_where_it_needs(table, "digest")
    assert digests() == before
    assert bank.everybody_is_found()
    rotate("digest")
    assert marks() == {key_in_force().pk.to_bytes(4, "big")}
    assert bank.everybody_is_found()
    assert key_in_force() == DataKey.objects.filter(purpose="digest").latest("pk")
    assert verify().faults == []


def test_killed_while_everything_is_replaced_nothing_is(bank):
    """The rows are replaced when it writes the seals: the server takes all of it back."""
    before, former = digests(), key_in_force()
    with read_only("audit_recordseal"):
        kill_where_it_needs("audit_recordseal", start("rotate_keys", "digest"))
    wait_until(lambda: not somebody_waits_for("audit_recordseal"))
    assert (digests(), key_in_force()) == (before, former)
    assert NewDigest.objects.exists()
    assert bank.everybody_is_found()
    make_customer(by=bank.teller)
    rotate("digest")
    assert verify().faults == []


def test_who_writes_is_not_disturbed_the_change_gives_way(bank):
    with transaction.atomic():
        digest("x")
        process = start("rotate_keys", "digest")
        wait_until(lambda: NewDigest.objects.exists() or process.poll() is not None)
        late = make_customer(by=bank.teller)
        assert process.poll() is None
    said, wrong = process.communicate(timeout=120)
    assert (process.returncode, wrong) == (0, "")
    assert bytes(late.keys.get().key_digest)[:4] == key_in_force().pk.to_bytes(4, "big")
    assert verify().faults == []


def test_what_comes_in_meanwhile_is_found_as_well(bank):
    """Opened between what was worked out and the switch, by a counter that still has the former key."""
    with held("customers_agent"):
        process = start("rotate_keys", "digest")
        wait_until(lambda: somebody_waits_for("customers_agent") or process.poll() is not None)
        number = make_resident_number()
        late = make_customer(by=bank.teller, number=number)
        assert bank.everybody_is_found()
    assert process.wait(timeout=120) == 0
    process.communicate()
    assert bank.found(number=number) == late.pk
    assert bank.everybody_is_found()
    assert verify().faults == []


def test_two_counters_open_one_person_during_the_change():
    """Their digests are asked for while the gate is closed: they wait, and then one of them is first."""
    tellers = [make_qualified(make_staff()) for _ in range(2)]
    number = make_resident_number()
    checks = [make_check(number, by=teller) for teller in tellers]
    clients = [Client(raise_request_exception=False) for _ in tellers]
    for client, teller in zip(clients, tellers, strict=True):
        client.force_login(teller, backend="tellerdesk.staff.backends.PositionBackend")
    former, ready = key_in_force(), Barrier(3)

    def send(client, check):
        try:
            ready.wait(30)
            return opened(client, number, check)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        with read_only("audit_recordseal"):
            process = start("rotate_keys", "digest")
            wait_until(lambda: somebody_waits_for("audit_recordseal") or process.poll() is not None)
            assert process.poll() is None
            answers = [pool.submit(send, *each) for each in zip(clients, checks, strict=True)]
            ready.wait(30)
            wait_until(lambda: counters_waiting() == 2)
        assert process.wait(timeout=120) == 0
        process.communicate()
        statuses = sorted(answer.result()[0] for answer in answers)
    assert statuses == [201, 409]
    assert key_in_force().pk > former.pk
    assert [model.objects.count() for model in (Customer, IdentityKey, IdentityDocument)] == [1, 1, 1]
    assert IdentityCheck.objects.filter(customer=None).count() == 1
    assert verify().faults == []


def test_a_look_up_during_the_switch_finds_by_the_old_key_and_after_it_by_the_new(bank):
    with read_only("audit_recordseal"):
        process = start("rotate_keys", "digest")
        wait_until(lambda: somebody_waits_for("audit_recordseal") or process.poll() is not None)
        assert bank.everybody_is_found()
    assert process.wait(timeout=120) == 0
    process.communicate()
    assert bank.everybody_is_found()


def test_what_was_done_behind_the_audits_back_is_not_covered_up(bank):
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE customers_identitydocument SET valid_until = '2099-01-01'")
    before = digests()
    assert "verify_audit" in refused("digest")
    assert digests() == before
    assert {fault.kind for fault in verify().faults} == {"record_changed"}


def test_a_digest_that_is_not_that_of_its_number_stops_it(bank):
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE customers_agent DISABLE TRIGGER USER")
        cursor.execute("UPDATE customers_agent SET number_digest = number_digest || '\\x00'")
        cursor.execute("ALTER TABLE customers_agent ENABLE TRIGGER USER")
    assert "customers.agent" in refused("digest")


def test_a_key_without_a_number_stops_it(bank):
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE customers_identitykey DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE customers_identitykey SET key_digest = key_digest || '\\x00' WHERE customer_id = %s",
            [bank.customer.pk],
        )
        cursor.execute("ALTER TABLE customers_identitykey ENABLE TRIGGER USER")
    before = digests()
    assert "customers.identitykey" in refused("digest")
    assert digests() == before


def test_an_import_from_before_the_change_stops_and_is_taken_up_again(monkeypatch):
    by, former = head_office(), keyring()
    run = sent(csv(line(), line()), by=by)
    changing.rotate_digest(lambda step: None)
    with monkeypatch.context() as patch:
        patch.setattr(import_customers, "keyring", lambda: former)
        with pytest.raises(OperationalError, match="former key"):
            import_customers.run_import(run.pk)
    run.refresh_from_db()
    assert (run.error_code, Customer.objects.count()) == ("interrupted", 0)
    resume_import(run=run, by=by)
    import_customers.run_import(run.pk)
    assert Customer.objects.count() == 2
    assert verify().faults == []


def test_one_change_at_a_time(bank):
    with held("customers_agent"):
        process = start("rotate_keys", "digest")
        wait_until(lambda: somebody_waits_for("customers_agent") or process.poll() is not None)
        assert "another change" in refused("digest")
        assert "another change" in refused("master")
    assert process.wait(timeout=120) == 0
    process.communicate()


def test_again_and_again(bank, monkeypatch):
    """In this process, in chunks of two rows: what is known of the keys follows."""
    monkeypatch.setattr(changing, "CHUNK", 2)
    for _ in range(3):
        changing.rotate_digest(lambda step: None)
        assert bank.everybody_is_found()
        make_customer(by=bank.teller)
    assert verify().faults == []


def opened(client, number, check):
    entered = vars(make_particulars(number)) | {"identity_check": check.pk, "birth_date": None}
    body = json.dumps({name: value for name, value in entered.items() if value not in ("", None)}, default=str)
    answer = client.post("/api/v1/customers/", body, content_type="application/json")
    return answer.status_code, answer.json()


def counters_waiting() -> int:
    """For the gate or for a table that is being replaced; the change itself waits for the seals."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation IS DISTINCT FROM 'audit_recordseal'::regclass"
        )
        return cursor.fetchone()[0]
