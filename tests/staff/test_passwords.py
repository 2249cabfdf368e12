import pytest
from django.test import Client

from tellerdesk.audit.models import AuditEvent
from tellerdesk.staff.errors import AnotherEntity, OwnAccount, PasswordWrong, StaffInactive
from tellerdesk.staff.services import accounts
from tellerdesk.staff.services.tokens import issue_token
from tests.factories import PASSWORD, make_branch, make_entity, make_staff

pytestmark = pytest.mark.django_db
NEW = "a-better-one-42"
CHANGE = "/accounts/password/"


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_branch("000"))


@pytest.fixture
def teller():
    return make_staff("teller")


def logged_in(username="teller", password=PASSWORD):
    client = Client()
    client.post("/accounts/login/", {"username": username, "password": password})
    return client


def is_in(client):
    return client.get("/accounts/settings/").status_code == 200


def token_works(key):
    return Client().get("/api/v1/auth/me/", headers={"Authorization": f"Token {key}"}).status_code == 200


def change(client, present=PASSWORD, new=NEW, again=NEW):
    return client.post(CHANGE, {"present": present, "new": new, "again": again})


def test_changing_it_ends_every_other_login_and_token_and_keeps_this_one(teller):
    here, elsewhere, key = logged_in(), logged_in(), issue_token(by=teller).key
    assert change(here).status_code == 302
    assert (is_in(here), is_in(elsewhere), token_works(key)) == (True, False, False)
    assert is_in(logged_in(password=NEW))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"present": "wrong"}, "present"),
        ({"new": "short", "again": "short"}, "new"),
        ({"new": "12345678901", "again": "12345678901"}, "new"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"again": "something-else-1"}, "again"),
        ({"new": ""}, "new"),
    ],
)
def test_a_change_is_refused_by_field(teller, typed, field):
    answer = change(logged_in(), **typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert is_in(logged_in())


def test_the_service_asks_for_the_present_password(teller):
    with pytest.raises(PasswordWrong):
        accounts.change_password(present="wrong", new=NEW, by=teller)


def test_a_reset_ends_logins_and_tokens_and_leads_to_the_change_and_nowhere_else(head, teller):
    before, key = logged_in(), issue_token(by=teller).key
    given = accounts.reset_password(staff=teller, by=head).password
    assert (is_in(before), token_works(key)) == (False, False)
    client = logged_in(password=given)
    assert [client.get(page)["Location"] for page in ("/", "/accounts/settings/", "/accounts/tokens/")] == [CHANGE] * 3
    assert client.get(CHANGE).status_code == 200
    assert change(client, present=given)["Location"] == "/"
    assert is_in(client)


def test_until_the_change_the_api_is_shut(head, teller):
    given = accounts.reset_password(staff=teller, by=head).password
    typed = {"username": "teller", "password": given}
    refused = Client().post("/api/v1/auth/token/", typed, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    by_page = logged_in(password=given).get("/api/v1/auth/me/")
    assert (by_page.status_code, by_page.json()["code"]) == (403, "password_change_required")


def test_the_page_shows_the_new_password_once_and_never_caches_it(head, teller):
    client = logged_in("head")
    page = client.post("/staff/people/teller/password/")
    given = page.context["made"].password
    assert given in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert is_in(logged_in(password=given)) is False  # led to the change first
    assert given not in client.get("/staff/people/teller/").content.decode()


def test_no_event_holds_a_password(head, teller):
    given = accounts.reset_password(staff=teller, by=head).password
    written = " ".join(f"{event.detail} {event.changes} {event.subject_label}" for event in AuditEvent.objects.all())
    assert given not in written


def test_nobody_resets_his_own(head):
    with pytest.raises(OwnAccount):
        accounts.reset_password(staff=head, by=head)


def test_not_of_a_deactivated_person(head, teller):
    accounts.deactivate_staff(staff=teller, reason="离职", by=head)
    with pytest.raises(StaffInactive):
        accounts.reset_password(staff=teller, by=head)


def test_not_of_another_legal_entity(head):
    stranger = make_staff("stranger", branch=make_branch("101", entity=make_entity("LX", "临溪农信")))
    with pytest.raises(AnotherEntity):
        accounts.reset_password(staff=stranger, by=head)
    assert logged_in("head").post("/staff/people/stranger/password/").status_code == 404
