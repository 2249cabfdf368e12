from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.hashers import identify_hasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tellerdesk.audit.models import AuditEvent
from tellerdesk.staff.models import Staff
from tests.factories import PASSWORD, make_staff

pytestmark = pytest.mark.django_db
LOGIN, TOKEN = "/accounts/login/", "/api/v1/auth/token/"
WRONG = "not-the-password"
FAILURES = 5


@pytest.fixture
def teller():
    return make_staff("teller")


def log_in(client, password=PASSWORD, username="teller", **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def ask_token(client, password=PASSWORD, username="teller"):
    return client.post(TOKEN, {"username": username, "password": password}, content_type="application/json")


def actions(username="teller"):
    return list(AuditEvent.objects.filter(actor=username).order_by("pk").values_list("action", flat=True))


def test_passwords_are_argon2(teller):
    assert identify_hasher(teller.password).algorithm == "argon2"


def test_the_right_password_logs_in_and_is_recorded(client, teller):
    assert log_in(client)["Location"] == "/"
    assert client.get("/accounts/settings/").status_code == 200
    assert actions() == ["staff.logged_in"]


def test_the_username_may_be_typed_in_capitals(client, teller):
    assert log_in(client, username="TELLER").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/staff/?q=a", "/staff/?q=a"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_back_within_the_site_and_nowhere_else(client, teller, wanted, led_to):
    assert log_in(client, next=wanted)["Location"] == led_to


def test_a_page_asked_for_without_a_login_is_kept_as_next(client, teller):
    assert client.get("/accounts/tokens/?a=1")["Location"] == "/accounts/login/?next=/accounts/tokens/%3Fa%3D1"


def test_a_wrong_password_says_nothing_about_which_was_wrong(client, teller):
    wrong_password = log_in(client, WRONG).content.decode()
    unknown_name = log_in(client, WRONG, username="nobody").content.decode()
    assert "工号或密码不对。" in wrong_password
    assert "工号或密码不对。" in unknown_name


def test_a_failed_login_is_recorded_in_the_chain_of_whose_name_was_typed(client, teller):
    log_in(client, WRONG)
    event = AuditEvent.objects.get(action="staff.login_failed")
    assert (event.actor, event.entity, event.branch, event.detail) == ("teller", "HZ", "001", {"username": "teller"})


def test_what_is_nobodys_name_is_not_kept(client, teller):
    log_in(client, WRONG, username="a-password-in-the-wrong-field")
    assert AuditEvent.objects.filter(action="staff.login_failed").count() == 0


def test_logging_out_ends_the_session_and_is_recorded(client, teller):
    log_in(client)
    client.post("/accounts/logout/")
    assert client.get("/accounts/settings/").status_code == 302
    assert actions() == ["staff.logged_in", "staff.logged_out"]


def test_a_link_does_not_log_out(client, teller):
    log_in(client)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.get("/accounts/settings/").status_code == 200


def test_five_failures_lock_the_page_even_for_the_right_password(client, teller):
    for _ in range(FAILURES):
        locked = log_in(client, WRONG)
    assert locked.status_code == 429
    refused = log_in(client)
    assert refused.status_code == 429
    assert "请 15 分钟后再试" in refused.content.decode()
    assert client.get("/accounts/settings/").status_code == 302


def test_five_failures_lock_the_api(client, teller):
    answers = [ask_token(client, WRONG) for _ in range(FAILURES - 1)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "wrong_credentials")}
    ask_token(client, WRONG)
    locked = ask_token(client)
    assert (locked.status_code, locked.json()["code"]) == (429, "locked")
    assert 0 < locked.json()["retry_after"] <= 15 * 60
    assert locked["Retry-After"] == str(locked.json()["retry_after"])


def test_a_locked_name_that_does_not_exist_answers_the_same(client, teller):
    for _ in range(FAILURES):
        ask_token(client, WRONG, username="nobody")
    assert ask_token(client, username="nobody").status_code == 429


def test_the_lock_is_of_one_name_only(client, teller):
    make_staff("other")
    for _ in range(FAILURES):
        log_in(client, WRONG)
    assert log_in(client, username="other").status_code == 302


def test_tries_at_a_locked_login_are_not_recorded_again(client, teller):
    for _ in range(FAILURES + 3):
        log_in(client, WRONG)
    assert actions().count("staff.login_failed") == FAILURES


def test_the_lock_ends_after_fifteen_minutes(client, teller):
    for _ in range(FAILURES):
        log_in(client, WRONG)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert log_in(client).status_code == 302


def test_minutes_left_are_counted_from_the_last_failure(client, teller):
    for _ in range(FAILURES):
        ask_token(client, WRONG)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))
    assert 4 * 60 < ask_token(client).json()["retry_after"] <= 5 * 60


@pytest.mark.parametrize("succeed", [log_in, ask_token])
def test_a_success_forgets_the_failures(client, teller, succeed):
    for _ in range(FAILURES - 1):
        ask_token(client, WRONG)
    succeed(Client())
    assert [ask_token(Client(), WRONG).status_code for _ in range(FAILURES - 1)] == [401] * (FAILURES - 1)


def test_an_idle_login_ends_after_the_persons_own_minutes(client, teller):
    Staff.objects.filter(pk=teller.pk).update(idle_minutes=5)
    log_in(client)
    client.get("/accounts/settings/")
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(minutes=4, seconds=50) < left <= timedelta(minutes=5)


def test_work_moves_the_end_on(client, teller):
    log_in(client)
    client.get("/accounts/settings/")
    session = client.session
    session["seen"] -= 31
    session.set_expiry(60)
    session.save()
    client.get("/accounts/settings/")
    assert Session.objects.get().expire_date - timezone.now() > timedelta(minutes=14)


def test_after_the_end_the_login_page_says_so_and_leads_back(client, teller):
    log_in(client)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    led_to = client.get("/accounts/tokens/")["Location"]
    assert led_to == "/accounts/login/?next=/accounts/tokens/"
    page = client.get(led_to).content.decode()
    assert "登录已过期" in page
    assert '<input type="hidden" name="next" value="/accounts/tokens/">' in page


def test_a_first_visit_and_a_logout_say_nothing_of_an_end(client, teller):
    assert "登录已过期" not in client.get(LOGIN).content.decode()
    log_in(client)
    client.post("/accounts/logout/")
    assert "登录已过期" not in client.get(LOGIN).content.decode()


def test_a_part_of_a_page_sends_the_whole_window_to_the_login(client, teller):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/open/"}
    answer = client.get("/accounts/tokens/", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accounts/login/?next=%2Fcustomers%2Fopen%2F")


def test_cookies_are_out_of_reach_of_scripts(client, teller):
    """All but the CSRF token's, which scripts send back."""
    client.get(LOGIN)
    log_in(client)
    cookies = {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in client.cookies.items()}
    assert cookies.pop("csrftoken") == ("", "Lax")
    assert cookies == dict.fromkeys(["django_language", "logged_in", "sessionid"], (True, "Lax"))


def test_every_page_carries_the_content_security_policy(client, teller):
    policy = client.get(LOGIN)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_login_page_needs_its_token(teller):
    assert log_in(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        {"next": "/"},
        {"username": "teller"},
        {"username": "tel\0ler", "password": PASSWORD},
        {"username": "😀" * 200, "password": PASSWORD},
        {"username": "teller", "password": "x" * 10_000_000},
    ],
)
def test_nonsense_is_refused_by_field(client, teller, typed):
    answer = client.post(LOGIN, typed)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)


def test_no_password_and_no_typed_name_reaches_the_log(client, teller, caplog):
    for _ in range(FAILURES + 1):
        log_in(client, WRONG)
    log_in(client, WRONG, username="a-password-in-the-wrong-field")
    assert [text for text in (WRONG, "a-password-in-the-wrong-field", "teller") if text in caplog.text] == []


def test_the_table_of_failures_keeps_no_password(client, teller):
    log_in(client, WRONG)
    attempt = AccessAttempt.objects.get()
    assert WRONG not in f"{attempt.post_data} {attempt.get_data} {attempt.path_info}"


def test_language_follows_the_person(client):
    make_staff("reader", language="en")
    assert log_in(client, username="reader").cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert "Personal settings" in client.get("/accounts/settings/").content.decode()
