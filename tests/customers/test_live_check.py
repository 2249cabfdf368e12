"""The live gateway takes an answer only for an answer; everything else is the system being away."""

import base64
import json
import socket
from hashlib import sha256

import pytest

from customers import live_check
from customers.citizen_check import TRIES, GatewayUnavailable, ask, gateway
from customers.enums import CheckOutcome
from customers.live_check import LiveGateway
from customers.models import IdentityCheck
from customers.rules.gateway_answer import LARGEST_PHOTO
from tellerdesk.audit.models import AuditEvent
from tests.customers import gateways
from tests.customers.gateways import MATCH, PNG, answers, says
from tests.factories import make_check, make_resident_number, make_staff, sign_in

NUMBER = make_resident_number()
ASKED = {"name": "顾青禾", "number": NUMBER, "document_type": "resident_id", "business": "open_customer", "by": None}


@pytest.fixture(autouse=True)
def _live(settings, monkeypatch):
    settings.IDENTITY_GATEWAY = "customers.live_check.LiveGateway"
    monkeypatch.setattr(live_check, "READ_SECONDS", 0.4)
    monkeypatch.setattr(live_check, "CONNECT_SECONDS", 0.4)


@pytest.fixture
def served(settings):
    """Starts a gateway that behaves as told, and makes it ours."""
    running = []

    def start(behave, **options):
        opened = gateways.gateway(behave, **options)
        server = opened.__enter__()
        running.append(opened)
        settings.GATEWAY_URL = server.url
        return server

    yield start
    for each in running:
        each.__exit__(None, None, None)


def asked(**changes):
    return LiveGateway().check(**(ASKED | changes))


def test_a_right_answer_is_taken(served, settings):
    settings.GATEWAY_TOKEN = "sesame"
    server = served(answers(issuing_authority="杭州市公安局", message="核查成功"))
    found = asked()
    assert (found.outcome, found.matched_name, found.photo) == (CheckOutcome.MATCH, True, PNG)
    assert (found.issuing_authority, found.message, found.source) == ("杭州市公安局", "核查成功", "live")
    assert found.photo_hash == sha256(PNG).hexdigest()
    assert server.headers[0]["Authorization"] == "Bearer sesame"
    assert server.asked[0] == {
        "request_id": found.request_id,
        "name": "顾青禾",
        "number": NUMBER,
        "document_type": "resident_id",
        "business": "open_customer",
        "operator": "",
        "branch": "",
        "attempt": 1,
    }


@pytest.mark.parametrize(
    ("outcome", "matched_name"),
    [
        ("match_no_photo", True),
        ("name_mismatch", False),
        ("not_found", None),
        ("card_lost", None),
        ("card_invalid", True),
        ("not_applicable", None),
    ],
)
def test_every_outcome_of_the_protocol(served, outcome, matched_name):
    served(answers(outcome=outcome, matched_name=matched_name, photo=None))
    assert (asked().outcome, asked().matched_name) == (outcome, matched_name)


NONSENSE = {
    "no JSON": says(b"<html>welcome</html>"),
    "no text": says(b"\xff\xfe\x00"),
    "no object": says(b"[]"),
    "depth": says(b"[" * 100_000),
    "nothing": says(b""),
    "too large": says(b" " * (live_check.LARGEST_ANSWER + 1)),
    "another request": answers(request_id="4711"),
    "no request": answers(request_id=...),
    "unknown outcome": answers(outcome="perhaps"),
    "the teller's own finding": answers(outcome="photo_differs", photo=None),
    "outcome of another type": answers(outcome=["match"]),
    "match but another name": answers(matched_name=False),
    "mismatch but the same name": answers(outcome="name_mismatch", matched_name=True, photo=None),
    "not found but the same name": answers(outcome="not_found", matched_name=True, photo=None),
    "name as a number": answers(matched_name=1),
    "name as a word": answers(matched_name="true"),
    "match without photo": answers(photo=None),
    "photo without match": answers(outcome="card_lost", matched_name=None),
    "photo no text": answers(photo=[1]),
    "photo not base64": answers(photo="???"),
    "photo no image": answers(photo=base64.b64encode(b"GIF89a").decode()),
    "photo a drawing with script": answers(photo=base64.b64encode(b"<svg onload='x'/>").decode()),
    "photo too large": answers(photo=base64.b64encode(PNG + b"0" * LARGEST_PHOTO).decode()),
    "authority no text": answers(issuing_authority={}),
    "authority too long": answers(issuing_authority="局" * 101),
    "NUL": answers(message="a\0b"),
    "redirect": says(b"", 302, Location="http://127.0.0.1:1/"),
    "down": says(b"", 503),
    "created": says(json.dumps(MATCH).encode(), 201),
    "hangs up": gateways.hangs_up,
    "silent": gateways.is_silent,
    "drip-feeds": gateways.drips,
    "drip-feeds its headers": gateways.drips_headers,
}


@pytest.mark.parametrize("behave", NONSENSE.values(), ids=NONSENSE.keys())
def test_whatever_is_no_answer_is_the_system_away(served, behave):
    served(behave)
    with pytest.raises(GatewayUnavailable) as refused:
        asked()
    assert NUMBER not in str(refused.value)
    assert "顾青禾" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["", "http://example.invalid/", "ftp://127.0.0.1/", "https://", "http://[", "http://127.0.0.1:99999/"]
)
def test_no_address_is_the_system_away(settings, url):
    settings.GATEWAY_URL = url
    with pytest.raises(GatewayUnavailable):
        asked()


def test_nobody_listens(settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.GATEWAY_URL = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(GatewayUnavailable):
            asked()


def test_a_redirect_is_not_followed(served):
    other = served(answers())
    served(says(b"", 307, Location=other.url))
    with pytest.raises(GatewayUnavailable):
        asked()
    assert other.asked == []


def test_papers_it_does_not_cover_are_never_sent(served):
    server = served(answers())
    assert asked(document_type="chinese_passport", number="E12345678").outcome == CheckOutcome.NOT_APPLICABLE
    assert server.asked == []


def test_over_https_only_who_is_vouched_for_is_believed(served, settings, tmp_path):
    context, authority = gateways.own_certificate(tmp_path)
    server = served(answers(), context=context)
    settings.GATEWAY_URL = server.url.replace("http:", "https:")
    with pytest.raises(GatewayUnavailable):
        asked()
    settings.GATEWAY_CA = authority
    assert asked().outcome == CheckOutcome.MATCH
    assert len(server.asked) == 1


def test_a_certificate_for_another_name_is_refused(served, settings, tmp_path):
    context, authority = gateways.own_certificate(tmp_path)
    server = served(answers(), context=context)
    settings.GATEWAY_CA = authority
    settings.GATEWAY_URL = server.url.replace("http://127.0.0.1", "https://localhost")
    with pytest.raises(GatewayUnavailable):
        asked()


def test_two_retries_with_a_new_request_each(served):
    tries = []

    def behave(handler, question):
        tries.append(question)
        (answers() if len(tries) == TRIES else says(b"", 500))(handler, question)

    served(behave)
    answer, attempts = ask(**ASKED)
    assert (answer.outcome, attempts) == (CheckOutcome.MATCH, TRIES)
    assert [each["attempt"] for each in tries] == [1, 2, 3]
    assert len({each["request_id"] for each in tries}) == TRIES


@pytest.mark.django_db
def test_a_confused_system_is_recorded_and_owed_never_a_500(served, client):
    server = served(answers(matched_name=False))
    teller = make_staff()
    check = make_check(make_resident_number(), by=teller)
    assert (check.outcome, check.source, check.attempts) == ("unavailable", "live", TRIES)
    assert check.message == "nonsense: name contradicts outcome"
    assert {each["operator"] for each in server.asked} == {teller.username}
    assert {each["branch"] for each in server.asked} == {"001"}
    assert AuditEvent.objects.filter(action="customers.checked").count() == 1


@pytest.mark.django_db
def test_the_photo_is_shown_as_what_it_is(served, settings):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]
    served(answers())
    client = sign_in(make_staff())
    typed = {"document_type": "resident_id", "document_number": make_resident_number(), "name": "顾青禾"}
    client.post("/customers/open/check/?check=run", typed)
    check = IdentityCheck.objects.get()
    photo = client.get(f"/customers/checks/{check.pk}/photo/")
    assert (photo.content, photo.headers["Content-Type"]) == (PNG, "image/png")
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert "模拟核查" not in client.get("/customers/open/").content.decode()


def test_it_can_be_chosen_by_its_path():
    assert isinstance(gateway(), LiveGateway)
