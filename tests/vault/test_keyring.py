import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellerdesk.vault.keyring import Keyring
from tellerdesk.vault.models import DataKey
from tellerdesk.vault.services import digest, keyring, seal, unseal

KEYS = Keyring(1, b"s" * 32, b"d" * 32)


@pytest.mark.django_db
def test_what_a_keyring_seals_the_vault_opens():
    keys = keyring()
    assert unseal(keys.seal("110105194912310025"), keys.seal_key_id) == "110105194912310025"
    assert keys.digest("resident_id:1") == digest("resident_id:1")
    newest = DataKey.objects.in_force().filter(purpose="seal").latest("pk")
    assert seal("x").key_id == keys.seal_key_id == newest.pk


@given(st.text(max_size=40), st.text(max_size=40))
def test_digests_are_equal_for_equal_texts_only(first, second):
    assert (KEYS.digest(first) == KEYS.digest(second)) == (first == second)


@given(st.text(max_size=40))
def test_a_digest_begins_with_the_mark_of_its_key(text):
    marked = Keyring(1, b"s" * 32, b"d" * 32, b"\x00\x00\x00\x07")
    assert marked.digest(text)[:4] == b"\x00\x00\x00\x07"
    assert marked.digest(text)[4:] == KEYS.digest(text)[:28]


def test_equal_texts_look_different_sealed():
    assert KEYS.seal("1") != KEYS.seal("1")


def test_no_key_is_shown():
    assert repr(KEYS) == "Keyring(seal_key_id=1)"
