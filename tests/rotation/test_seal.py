"""A new key for sealing; what is sealed already is sealed anew in chunks, and every end leaves it readable."""

import pytest
from django.db import connections, transaction

from customers.models import Agent, AuxiliaryPaper, ChangedNumber, IdentityCheck, IdentityDocument
from customers.services import keep_draft
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.files.storage import forget, keep, open_stored
from tellerdesk.rotation import seal as changing
from tellerdesk.vault.models import DataKey
from tests.factories import make_customer
from tests.rotation.running import PASSPORT, TODAY, killed_where_it_needs, make_bank, refused, rotate

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
NUMBERS = (IdentityDocument, IdentityCheck, AuxiliaryPaper, Agent, ChangedNumber)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_bank()


def in_clear() -> dict:
    return {(model, row.pk): row.number for model in NUMBERS for row in model.objects.all()}


def keys_used() -> set[int]:
    return {row.number_key_id for model in NUMBERS for row in model.objects.all()}


def newest() -> int:
    return DataKey.objects.in_force().filter(purpose="seal").latest("pk").pk


def test_what_is_new_has_the_new_key_and_what_is_old_is_read_as_before(bank):
    before, former = in_clear(), keys_used()
    rotate("seal")
    assert newest() not in former
    assert (in_clear(), keys_used()) == (before, former)
    late = make_customer(by=bank.teller)
    assert late.documents.get().number_key_id == newest()
    assert set(AuditEvent.objects.filter(action="rotation.seal_changed").values_list("entity", flat=True)) == {
        "HZ",
        "NB",
    }
    assert verify().faults == []


def test_sealed_anew_everything_has_the_new_key(bank):
    before = in_clear()
    rotate("seal", "--reseal")
    assert (in_clear(), keys_used()) == (before, {newest()})
    assert bank.everybody_is_found()
    assert bank.customer.documents.get(document_type="chinese_passport").number == PASSPORT
    assert verify().faults == []


def test_drafts_and_files_keep_their_key(bank):
    draft = keep_draft(transaction_code="1001", fields={"name": ["顾青禾"]}, by=bank.teller)
    stored = keep([b"sealed"])
    rotate("seal", "--reseal")
    draft.refresh_from_db()
    assert draft.fields == {"name": ["顾青禾"]}
    with open_stored(stored.name) as file:
        assert file.read() == b"sealed"
    forget(stored.name)


@pytest.mark.parametrize("table", ["customers_identitycheck", "customers_agent", "audit_recordseal"])
def test_killed_anywhere_it_goes_on_with_the_same_key(bank, table):
    before = in_clear()
    killed_where_it_needs(table, "seal", "--reseal")
    assert in_clear() == before
    key = newest()
    rotate("seal", "--reseal", "--go-on")
    assert (newest(), in_clear(), keys_used()) == (key, before, {key})
    assert verify().faults == []


def test_chunk_by_chunk(bank, monkeypatch):
    monkeypatch.setattr(changing, "CHUNK", 1)
    before, said = in_clear(), []
    changing.rotate_seal(said.append, reseal=True)
    assert (in_clear(), keys_used()) == (before, {newest()})
    assert "customers.identitydocument of HZ: 3 sealed anew" in said
    events = AuditEvent.objects.filter(action="rotation.numbers_sealed_anew", entity="HZ")
    assert events.count() == sum(1 for model, _ in before if True) - 2  # the other entity has a document and a check
    assert verify().faults == []


def test_what_was_done_behind_the_audits_back_is_not_covered_up(bank):
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE customers_identitydocument SET valid_until = '2099-01-01' WHERE role = 'historic'")
    assert "verify_audit" in refused("seal", "--reseal")
    assert {fault.kind for fault in verify().faults} == {"record_changed"}


def test_guards_stand_again_afterwards(bank):
    rotate("seal", "--reseal")
    with pytest.raises(Exception, match="annot"), transaction.atomic(using="owner"):
        connections["owner"].cursor().execute("UPDATE customers_agent SET name = 'x'")


@pytest.mark.parametrize("words", [("master", "--reseal"), ("digest", "--go-on"), ("seal", "--go-on"), ("other",)])
def test_words_that_do_not_go_together(words):
    assert refused(*words)
