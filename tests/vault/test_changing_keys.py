"""Processes that run while a key changes: who writes holds the key, who looks up asks again after a miss."""

import pytest
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from customers.models import IdentityDocument, IdentityKey
from customers.models.sealed_number import SealedNumber
from tellerdesk.vault.models import DataKey
from tellerdesk.vault.services import digest, keyring, looked_up, make_key, refresh, seal, sealing_key
from tellerdesk.vault.sql import DIGEST_GATE
from tests.factories import make_customer

GATE = "SELECT pg_try_advisory_xact_lock(%s)"


@pytest.fixture
def new_key():
    """Puts a digest key in force as another process does: this one is not told."""

    def make(purpose="digest"):
        refresh()
        return make_key(purpose, in_force_at=timezone.now(), using="owner")

    return make


def gate_is_free() -> bool:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(GATE, [DIGEST_GATE])
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
class TestBetweenTransactions:
    def test_a_miss_is_asked_again_with_the_new_key(self, new_key):
        old = digest("x")
        key = new_key()
        asked = []
        assert looked_up("x", asked.append) is None
        assert asked == [old, digest("x")]
        assert digest("x")[:4] == key.pk.to_bytes(4, "big")

    def test_a_hit_is_not_asked_again(self, new_key, django_assert_num_queries):
        digest("x")
        new_key()
        with django_assert_num_queries(0):
            assert looked_up("x", lambda found: "somebody") == "somebody"

    def test_a_miss_with_the_same_key_costs_one_question(self, django_assert_num_queries):
        refresh()
        digest("x")
        asked = []
        with django_assert_num_queries(1):
            looked_up("x", asked.append)
        assert len(asked) == 1

    def test_who_digests_in_a_transaction_holds_the_key_to_its_end(self):
        assert gate_is_free()
        with transaction.atomic():
            digest("x")
            assert not gate_is_free()
        assert gate_is_free()

    def test_it_is_asked_for_once_in_a_transaction(self, django_assert_num_queries):
        refresh()
        with transaction.atomic(), django_assert_num_queries(1):
            digest("x")
            digest("y")

    def test_a_savepoint_that_is_rolled_back_takes_the_hold_along(self):
        with transaction.atomic():
            with transaction.atomic():
                digest("x")
                transaction.set_rollback(True)
            assert gate_is_free()
            digest("x")
            assert not gate_is_free()

    def test_a_transaction_finds_the_new_key_by_itself(self, new_key):
        old, key = digest("x"), new_key()
        with transaction.atomic():
            assert digest("x")[:4] == key.pk.to_bytes(4, "big")
            assert digest("x") != old

    def test_sealing_of_files_and_imports_take_the_newest_keys(self, new_key):
        key = new_key("seal")
        assert sealing_key()[0] == key.pk
        assert keyring().seal_key_id == key.pk
        assert seal("x").key_id == key.pk

    def test_a_key_in_preparation_is_not_used(self):
        before = keyring()
        make_key("digest", using="owner")
        assert keyring() == before

    def test_the_database_refuses_digests_of_a_former_key(self, new_key):
        customer = make_customer()
        columns = SealedNumber.columns("chinese_passport", "E12345678")
        new_key()
        document = IdentityDocument(legal_entity=customer.legal_entity, customer=customer, role="historic", **columns)
        with pytest.raises(OperationalError, match="former key"):
            document.save()
        key = IdentityKey(legal_entity=customer.legal_entity, customer=customer, key_digest=columns["number_digest"])
        with pytest.raises(OperationalError, match="former key"):
            key.save()

    def test_a_key_of_before_the_marks_is_taken_as_it_is(self, new_key):
        """As an installation has it that is older than the marks."""
        key = new_key()
        DataKey.objects.using("owner").filter(pk=key.pk).update(marks=False)
        assert make_customer().keys.count() == 1
        assert digest("x")[:4] != key.pk.to_bytes(4, "big")
