import pytest
from django.db import connection
from django.test import Client

from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.business_date import today
from tellerdesk.staff.errors import AnotherEntity, OutOfReach, OwnAccount, StaffActive, StaffInactive, UsernameTaken
from tellerdesk.staff.models import Staff
from tellerdesk.staff.services import accounts
from tellerdesk.staff.services.tokens import issue_token
from tests.factories import PASSWORD, make_branch, make_entity, make_posting, make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_branch("000"))


@pytest.fixture
def manager():
    return make_staff("manager", position="branch_manager")


@pytest.fixture
def elsewhere():
    return make_branch("101", entity=make_entity("LX", "临溪农信"), name="南门分社")


def create(by, **changed):
    given = {"username": "new.one", "name": "林一诺", "branch": make_branch(), "position": "teller", "since": today()}
    return accounts.create_staff(**given | changed, by=by)


def test_a_new_login_has_its_posting_and_a_password_to_be_changed(head):
    made = create(head)
    assert made.staff.check_password(made.password)
    assert (made.staff.must_change_password, made.staff.initials) == (True, "lyn")
    assert [str(posting) for posting in made.staff.postings_now] == ["柜员 001 城东支行"]
    actions = AuditEvent.objects.filter(actor="head").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["staff.created", "staff.posted"]


def test_a_username_is_taken_once_in_the_whole_installation(head, elsewhere):
    make_staff("new.one", branch=elsewhere)
    with pytest.raises(UsernameTaken):
        create(head)


def test_nobody_is_created_in_another_legal_entity(head, elsewhere):
    with pytest.raises(AnotherEntity):
        create(head, branch=elsewhere)
    assert Staff.objects.filter(username="new.one").count() == 0


def test_deactivating_ends_logins_and_tokens_at_once_and_for_good(head):
    teller = make_staff("teller")
    client, key = Client(), issue_token(by=teller).key
    sign_in(teller, client)
    accounts.deactivate_staff(staff=teller, reason="离职", by=head)
    shut = client.get("/accounts/settings/").status_code, me(key)
    accounts.reactivate_staff(staff=teller, reason="返聘", by=head)
    assert (shut, client.get("/accounts/settings/").status_code, me(key)) == ((302, 401), 302, 401)


def test_the_deactivated_cannot_log_in(client, head):
    teller = make_staff("teller")
    accounts.deactivate_staff(staff=teller, reason="离职", by=head)
    answer = client.post("/accounts/login/", {"username": "teller", "password": PASSWORD})
    assert answer.status_code == 200
    token = client.post(
        "/api/v1/auth/token/", {"username": "teller", "password": PASSWORD}, content_type="application/json"
    )
    assert (token.status_code, token.json()["code"]) == (401, "wrong_credentials")


def test_reasons_stand_in_the_sentence(client, head):
    teller = make_staff("teller", name="许知微")
    accounts.deactivate_staff(staff=teller, reason="离职", by=head)
    sign_in(head, client)
    assert "停用 许知微（teller）：离职" in client.get("/staff/people/teller/").content.decode()


def test_nobody_deactivates_himself(head):
    with pytest.raises(OwnAccount):
        accounts.deactivate_staff(staff=head, reason="累了", by=head)


def test_twice_is_refused(head):
    teller = make_staff("teller")
    with pytest.raises(StaffActive):
        accounts.reactivate_staff(staff=teller, reason="返聘", by=head)
    accounts.deactivate_staff(staff=teller, reason="离职", by=head)
    with pytest.raises(StaffInactive):
        accounts.deactivate_staff(staff=teller, reason="离职", by=head)


def test_a_manager_deactivates_who_stands_at_his_branch_alone(manager):
    mine, other = make_staff("mine"), make_staff("other", branch=make_branch("002"))
    both = make_staff("both")
    make_posting(both, position="teller", branch=make_branch("002"))
    accounts.deactivate_staff(staff=mine, reason="离职", by=manager)
    for staff in (other, both):
        with pytest.raises(OutOfReach):
            accounts.deactivate_staff(staff=staff, reason="离职", by=manager)
    assert list(Staff.objects.filter(is_active=False).values_list("username", flat=True)) == ["mine"]


def test_a_managers_further_posting_gives_no_reach_there(manager):
    make_posting(manager, position="teller", branch=make_branch("002"))
    other = make_staff("other", branch=make_branch("002"))
    assert accounts.may_deactivate(other, manager) is False


def test_the_page_offers_and_does_it(client, manager):
    make_staff("mine")
    sign_in(manager, client)
    assert "/staff/people/mine/deactivate/" in client.get("/staff/people/mine/").content.decode()
    client.post("/staff/people/mine/deactivate/", {"reason": "离职"})
    assert Staff.objects.get(username="mine").is_active is False


def test_a_reason_is_asked_for(client, manager):
    make_staff("mine")
    sign_in(manager, client)
    answer = client.post("/staff/people/mine/deactivate/", {"reason": "  "})
    assert list(answer.context["form"].errors) == ["reason"]
    assert Staff.objects.get(username="mine").is_active is True


@pytest.mark.parametrize(
    "statement", ["DELETE FROM staff_staff", "DELETE FROM staff_posting", "TRUNCATE staff_staff CASCADE"]
)
def test_nobody_is_ever_deleted(head, statement):
    with pytest.raises(Exception, match="permission denied|permanent|Cannot delete"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_settings_are_ones_own_and_recorded_where_something_changes(client):
    teller = make_staff("teller")
    sign_in(teller, client)
    same = {"language": "zh-hans", "theme": "system", "enter_moves": "on", "idle_minutes": 15}
    client.post("/accounts/settings/", same)
    assert AuditEvent.objects.filter(action="staff.settings_changed").count() == 0
    client.post("/accounts/settings/", same | {"idle_minutes": 30, "theme": "dark"})
    assert AuditEvent.objects.get(action="staff.settings_changed").changes == {
        "theme": ["system", "dark"],
        "idle_minutes": [15, 30],
    }


@pytest.mark.parametrize("minutes", ["4", "61", "-1", "", "x", "9" * 30])
def test_idle_minutes_have_their_limits(client, minutes):
    sign_in(make_staff("teller"), client)
    typed = {"language": "zh-hans", "theme": "system", "enter_moves": "on", "idle_minutes": minutes}
    assert list(client.post("/accounts/settings/", typed).context["form"].errors) == ["idle_minutes"]


def test_the_switches_work_for_strangers_and_remember_for_staff(client):
    assert (
        client.post("/accounts/language/", {"language": "en", "next": "/accounts/login/"})
        .cookies["django_language"]
        .value
        == "en"
    )
    assert "Log in" in client.get("/accounts/login/").content.decode()
    teller = make_staff("teller")
    sign_in(teller, client)
    client.post("/accounts/theme/", {"theme": "dark"})
    client.post("/accounts/language/", {"language": "klingon"})
    teller.refresh_from_db()
    assert (teller.theme, teller.language) == ("dark", "zh-hans")
    assert 'data-theme="dark"' in client.get("/accounts/settings/").content.decode()


def me(key):
    return Client().get("/api/v1/auth/me/", headers={"Authorization": f"Token {key}"}).status_code
