"""A new master key: whatever moment it is killed at, what is kept opens the table; run again, it ends."""

import base64
import os
import shutil

import pytest
from django.conf import settings as django_settings

from customers.models import IdentityDocument
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.kept_secrets import kept_now
from tellerdesk.rotation import master as changing
from tellerdesk.rotation.errors import RotationRefused
from tellerdesk.vault import services as vault
from tellerdesk.vault.errors import MasterKeyWrong
from tellerdesk.vault.master import candidates, new_master, opened, wrap
from tellerdesk.vault.models import DataKey
from tests.factories import make_customer, make_resident_number, make_staff
from tests.rotation.running import TODAY

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FILE, NEW = "master-key", "master-key.new"


class Killed(BaseException):
    """What no `except Exception` stops."""


@pytest.fixture
def folder(tmp_path, monkeypatch, settings):
    """A data folder with a copy of the master key; the wrapped keys are put back afterwards for the tests to come."""
    settings.BUSINESS_DATE = TODAY
    shutil.copy(django_settings.DATA_FOLDER / FILE, tmp_path / FILE)
    wrapped, master = dict(DataKey.objects.values_list("pk", "wrapped")), kept_now(FILE)
    monkeypatch.setenv("TELLERDESK_DATA", str(tmp_path))
    forget()
    yield tmp_path
    for key in DataKey.objects.all():
        former = wrapped[key.pk] if key.pk in wrapped else wrap(opened(key.wrapped)[0], master)
        DataKey.objects.using("owner").filter(pk=key.pk).update(wrapped=former)
    forget()


@pytest.fixture
def number():
    return make_resident_number()


@pytest.fixture
def document(folder, number):
    return make_customer(by=make_staff(), number=number).documents.get()


def forget() -> None:
    """As a process that has just started."""
    for remembered in (vault._key, vault._cipher, vault._keyring):
        remembered.cache_clear()


def started_anew(settings) -> None:
    settings.MASTER_KEY = kept_now(FILE)
    forget()


def rotated() -> list[str]:
    said = []
    changing.rotate_master(said.append)
    return said


def reads(document) -> str:
    return IdentityDocument.objects.get(pk=document.pk).number


def opened_by() -> set[str]:
    return {opened(key.wrapped)[1] for key in DataKey.objects.all()}


def test_every_key_is_wrapped_anew_and_the_file_replaced(folder, document, number, settings):
    former = kept_now(FILE)
    rotated()
    assert opened_by() == {kept_now(FILE)} != {former}
    assert kept_now(NEW) == ""
    [kept] = folder.glob("master-key.until-*")
    assert kept.read_text().strip() == former
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    started_anew(settings)
    assert reads(document) == number
    assert set(AuditEvent.objects.filter(action="rotation.master_changed").values_list("entity", flat=True)) == {"HZ"}
    assert verify().faults == []


def test_a_process_that_was_running_reads_on_and_makes_keys(document, number):
    """It still has the former key in its settings, and nothing in its memory."""
    rotated()
    forget()
    assert reads(document) == number
    assert opened(vault.make_key("seal", using="owner").wrapped)[1] == kept_now(FILE)


@pytest.mark.parametrize(
    ("step", "file_is"),
    [("wrap_anew", "former"), ("replace_file", "former"), ("put_in_place", "former"), ("os.replace", "former")],
)
def test_killed_before_a_step_both_keys_are_there_and_it_goes_on(
    folder, document, number, settings, monkeypatch, step, file_is
):
    def killed(*_arguments, **_named):
        raise Killed

    former = kept_now(FILE)
    with monkeypatch.context() as patch:
        if step == "os.replace":
            patch.setattr(os, "replace", killed)
        else:
            patch.setattr(changing, step, killed)
        with pytest.raises(Killed):
            rotated()
    assert kept_now(FILE) == former
    new = kept_now(NEW)
    started_anew(settings)
    assert reads(document) == number
    rotated()
    assert (kept_now(FILE), kept_now(NEW), opened_by()) == (new, "", {new})
    started_anew(settings)
    assert reads(document) == number
    assert AuditEvent.objects.filter(action="rotation.master_changed").count() == 1
    assert verify().faults == []


def test_a_transaction_that_fails_wraps_nothing(document, number, monkeypatch):
    former = opened_by()
    with monkeypatch.context() as patch:
        patch.setattr(changing, "tell_all", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotated()
    assert opened_by() == former
    forget()
    assert reads(document) == number


def test_a_key_given_by_the_environment_is_taken(folder, document, number, settings):
    settings.NEW_MASTER_KEY = new_master()
    rotated()
    assert kept_now(FILE) == settings.NEW_MASTER_KEY
    started_anew(settings)
    assert reads(document) == number


def test_where_the_environment_keeps_it_files_are_left_alone(folder, document, number, settings):
    settings.MASTER_KEY_IS_KEPT, settings.NEW_MASTER_KEY = False, new_master()
    former = kept_now(FILE)
    assert any("TELLERDESK_MASTER_KEY" in step for step in rotated())
    assert (kept_now(FILE), kept_now(NEW), opened_by()) == (former, "", {settings.NEW_MASTER_KEY})
    settings.MASTER_KEY, settings.NEW_MASTER_KEY = settings.NEW_MASTER_KEY, ""
    forget()
    assert reads(document) == number


@pytest.mark.parametrize("given", ["", "no key", base64.b64encode(b"short").decode()])
def test_what_is_no_key_is_refused(folder, settings, given):
    settings.MASTER_KEY_IS_KEPT, settings.NEW_MASTER_KEY = False, given
    former = {bytes(wrapped) for wrapped in DataKey.objects.values_list("wrapped", flat=True)}
    with pytest.raises(RotationRefused):
        rotated()
    assert {bytes(wrapped) for wrapped in DataKey.objects.values_list("wrapped", flat=True)} == former


def test_a_change_that_was_begun_with_another_key_is_not_mixed_up(folder, settings):
    (folder / NEW).write_text(new_master())
    settings.NEW_MASTER_KEY = new_master()
    with pytest.raises(RotationRefused, match=NEW):
        rotated()


def test_a_wrong_master_key_is_said(folder, settings):
    settings.MASTER_KEY = new_master()
    (folder / FILE).write_text(settings.MASTER_KEY)
    with pytest.raises(RotationRefused, match="opens"):
        rotated()
    with pytest.raises(MasterKeyWrong):
        opened(DataKey.objects.latest("pk").wrapped)


def test_candidates_are_told_once_each(folder, settings):
    settings.NEW_MASTER_KEY = kept_now(FILE)
    assert candidates() == [kept_now(FILE)]
