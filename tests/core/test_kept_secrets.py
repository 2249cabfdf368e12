import base64

import pytest

from tellerdesk.core.kept_secrets import demo_password, keep, kept_now, kept_secret, put_in_place


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TELLERDESK_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("TELLERDESK_DEMO_PASSWORD", raising=False)
    return tmp_path / "data"


def test_a_secret_is_made_once(folder):
    assert kept_secret("secret-key") == kept_secret("secret-key")
    assert len(kept_secret("secret-key")) >= 50


def test_the_master_key_is_one_aes_key():
    assert len(base64.b64decode(kept_secret("master-key"), validate=True)) == 32


def test_nobody_else_reads_it(folder):
    kept_secret("master-key")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [("master-key", 0o600)]


def test_a_secret_that_is_there_is_left(folder):
    folder.mkdir()
    (folder / "master-key").write_text("from the vault\n")
    assert kept_secret("master-key") == "from the vault"


def test_the_demo_password_of_the_environment_is_not_kept(folder, monkeypatch):
    monkeypatch.setenv("TELLERDESK_DEMO_PASSWORD", "secret")
    assert demo_password() == "secret"
    assert not folder.exists()


def test_nothing_is_kept_under_a_name_nobody_used():
    assert kept_now("master-key.new") == ""


def test_what_was_kept_first_stays():
    assert keep("master-key.new", "first") == "first"
    assert keep("master-key.new", "second") == kept_now("master-key.new") == "first"


def test_a_secret_takes_the_place_of_another(folder):
    former, new = kept_secret("master-key"), keep("master-key.new", "new")
    put_in_place("master-key.new", of="master-key", former="master-key.until-today")
    assert (kept_now("master-key"), kept_now("master-key.until-today"), kept_now("master-key.new")) == (new, former, "")
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
