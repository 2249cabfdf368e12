"""What is only for trying out does not pass for a bank's counter."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.checks import run_checks

from customers.production import gateway_errors
from tellerdesk.production import Unfit, refuse_unfit

LIVE = "customers.live_check.LiveGateway"


@pytest.fixture(autouse=True)
def _without_samples(monkeypatch):
    monkeypatch.setenv("DEMO", "0")


def ids():
    return [error.id for error in gateway_errors()]


def test_the_simulator_serves_for_trying_out(settings):
    refuse_unfit()
    assert ids() == []


def test_production_refuses_the_simulator(settings):
    settings.PRODUCTION = True
    assert ids() == ["customers.E002"]
    with pytest.raises(Unfit, match="TELLERDESK_ALLOW_SIMULATOR"):
        refuse_unfit()


def test_unless_it_is_allowed_in_so_many_words(settings):
    settings.PRODUCTION = settings.ALLOW_SIMULATOR = True
    refuse_unfit()


def test_production_takes_a_live_gateway(settings):
    settings.PRODUCTION, settings.IDENTITY_GATEWAY = True, LIVE
    settings.GATEWAY_URL = "https://gateway.example.bank/identity-checks"
    refuse_unfit()


@pytest.mark.parametrize("url", ["", "http://gateway.example.bank/", "gateway.example.bank"])
def test_a_live_gateway_without_a_safe_address_is_refused_anywhere(settings, url):
    settings.IDENTITY_GATEWAY, settings.GATEWAY_URL = LIVE, url
    assert ids() == ["customers.E001"]


def test_a_gateway_that_is_none_is_refused(settings):
    settings.IDENTITY_GATEWAY = "customers.no_such.Gateway"
    assert ids() == ["customers.E001"]


def test_production_refuses_sample_data(settings, monkeypatch):
    settings.PRODUCTION = settings.ALLOW_SIMULATOR = True
    monkeypatch.delenv("DEMO")
    with pytest.raises(Unfit, match="DEMO=0"):
        refuse_unfit()


def test_every_command_asks(settings):
    settings.PRODUCTION = True
    assert "customers.E002" in [error.id for error in run_checks(tags=["security"])]


@pytest.mark.parametrize("program", [["manage.py", "serve"], ["-c", "import tellerdesk.wsgi"]], ids=["serve", "wsgi"])
def test_the_server_does_not_start(program, tmp_path):
    environment = os.environ | {"TELLERDESK_PRODUCTION": "1", "TELLERDESK_DATA": str(tmp_path), "PORT": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "tellerdesk.settings"
    ended = subprocess.run(
        [sys.executable, *program], cwd=project.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode != 0
    assert "TELLERDESK_ALLOW_SIMULATOR" in ended.stdout + ended.stderr
