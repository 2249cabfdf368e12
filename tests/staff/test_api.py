import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from tellerdesk.audit.models import AuditEvent
from tellerdesk.staff.models import ApiToken
from tellerdesk.staff.services.tokens import issue_token
from tests.factories import PASSWORD, make_branch, make_posting, make_staff, sign_in

pytestmark = pytest.mark.django_db
TOKEN, ME = "/api/v1/auth/token/", "/api/v1/auth/me/"


@pytest.fixture
def teller():
    return make_staff("teller", name="许知微")


def ask(body, **headers):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client().post(TOKEN, text, content_type="application/json", headers=headers)


def me(key):
    return Client().get(ME, headers={"Authorization": f"Token {key}"})


def test_a_token_is_valid_for_its_lifetime_and_only_its_digest_is_kept(teller):
    answer = ask({"username": "teller", "password": PASSWORD})
    key, token = answer.json()["token"], ApiToken.objects.get()
    assert answer.status_code == 200
    assert bytes(token.digest) == sha256(key.encode()).digest()
    assert token.expires_at - token.created_at - django_settings.TOKEN_LIFETIME < timedelta(seconds=5)
    assert AuditEvent.objects.filter(action="staff.token_issued", actor="teller").count() == 1
    assert me(key).json()["username"] == "teller"


def test_me_is_who_where_and_what(teller):
    make_posting(teller, position="lobby_manager", branch=make_branch("002"))
    body = me(issue_token(by=teller).key).json()
    assert (body["username"], body["name"], body["legal_entity"], body["branch"]) == ("teller", "许知微", "HZ", "001")
    assert [(each["position"], each["branch"]) for each in body["positions"]] == [
        ("teller", "001"),
        ("lobby_manager", "002"),
    ]
    assert "training.take_course" in body["permissions"]
    assert "customers.open_customer" not in body["permissions"]  # the course is not passed yet


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
    ],
)
def test_expired_and_revoked_are_401(teller, change):
    made = issue_token(by=teller)
    ApiToken.objects.filter(pk=made.token.pk).update(**change)
    answer = me(made.key)
    assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (401, "invalid_token", "Token")


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token x", "Token \xff", "token " + "x" * 5000])
def test_a_malformed_header_is_401(header):
    answer = Client().get(ME, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_another_scheme_is_nobody():
    answer = Client().get(ME, headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_the_login_of_the_page_counts_with_its_csrf_token(teller):
    client = sign_in(teller, Client(enforce_csrf_checks=True))
    assert client.get(ME).status_code == 200
    refused = client.post("/api/v1/documents/parse/", "{}", content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize(
    "body",
    [
        {"username": "teller", "password": "wrong"},
        {"username": "nobody", "password": PASSWORD},
    ],
)
def test_wrong_is_401_without_a_hint(teller, body):
    answer = ask(body)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert answer.json()["message"] == "工号或密码不对。"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["username", "password"]),
        ({"username": "teller"}, ["password"]),
        ({"username": 5, "password": True}, ["username", "password"]),
        ({"username": ["teller"], "password": {"a": 1}}, ["username", "password"]),
        ({"username": None, "password": None}, ["username", "password"]),
        ({"username": "", "password": ""}, ["username", "password"]),
        ({"username": "tel\0ler", "password": "a\0"}, ["username", "password"]),
        ({"username": "x" * 10_000_000, "password": "x" * 3_000_000}, ["username", "password"]),
        ([], ["__all__"]),
        ("3", ["__all__"]),
        ("null", ["__all__"]),
        ('{"username": "\\ud800", "password": "\\ud800"}', ["username", "password"]),
    ],
)
def test_malformed_is_400_by_field(teller, body, fields):
    answer = ask(body)
    assert answer.status_code == 400
    assert (answer.json()["code"], list(answer.json()["errors"])) == ("invalid", fields)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        b"\xff\xfe\x00",
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"username": NaN, "password": "x"}',
        '{"username": ' + "9" * 10_000 + "}",
    ],
)
def test_what_is_no_json_is_400(body):
    answer = ask(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


def test_a_body_of_more_than_16_mb_is_400():
    answer = ask('{"username": "' + "x" * (17 * 1024 * 1024) + '"}')
    assert (answer.status_code, answer.json()["code"]) == (400, "too_large")


def test_messages_follow_accept_language(teller):
    wrong = {"username": "teller", "password": "wrong"}
    english = ask(wrong, **{"Accept-Language": "en-GB,en;q=0.9"}).json()["message"]
    chinese = ask(wrong, **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).json()["message"]
    assert (english, chinese) == ("Username or password is wrong.", "工号或密码不对。")


def test_tokens_are_listed_issued_and_revoked_on_the_page(teller):
    client = sign_in(teller)
    made = client.post("/accounts/tokens/new/", {"purpose": "日终接口"})
    key = made.context["made"].key
    assert key in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    listed = client.get("/accounts/tokens/").content.decode()
    assert ("日终接口" in listed, key in listed) == (True, False)
    client.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert me(key).status_code == 401
    actions = AuditEvent.objects.filter(actor="teller").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["staff.token_issued", "staff.token_revoked"]


def test_nobody_revokes_anothers_token(teller):
    other = issue_token(by=make_staff("other"))
    assert sign_in(teller).post(f"/accounts/tokens/{other.token.pk}/revoke/").status_code == 404
    assert me(other.key).status_code == 200


@pytest.mark.parametrize("purpose", ["", "x" * 61, "a\0b"])
def test_what_a_token_is_for_is_asked(teller, purpose):
    answer = sign_in(teller).post("/accounts/tokens/new/", {"purpose": purpose})
    assert list(answer.context["form"].errors) == ["purpose"]
    assert ApiToken.objects.count() == 0
