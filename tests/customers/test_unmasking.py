"""Lifting the mask of a list: for whom, for a reason, for one page, once, and told in the audit."""

import html

import pytest

from customers.models import IdentityCheck
from customers.services import unmasking
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_check, make_customer, make_resident_number, make_staff, sign_in

pytestmark = pytest.mark.django_db
REGISTER, RECEIPTS = "/customers/checks/", "/customers/receipts/"
WHY = {"reason": "监管检查"}


@pytest.fixture(autouse=True)
def _today(business_date, settings):
    settings.AUTHENTICATION_BACKENDS = [
        each for each in settings.AUTHENTICATION_BACKENDS if each != "training.backends.QualificationBackend"
    ]
    return business_date


@pytest.fixture
def number():
    return make_resident_number()


@pytest.fixture
def checked(number):
    """A check in branch 001, of a customer opened there."""
    return make_customer(number=number, name="欧阳青禾")


@pytest.fixture
def manager(client):
    return sign_in(make_staff("manager", position="branch_manager", name="方砚"), client)


def page(response) -> str:
    return html.unescape(response.content.decode())


def unmaskings():
    return AuditEvent.objects.filter(action="customers.list_unmasked")


def test_a_page_comes_back_in_full_once(manager, checked, number):
    masked = page(manager.get(REGISTER))
    response = manager.post(REGISTER, WHY)
    again = page(manager.get(REGISTER))
    assert ("欧**禾" in masked, "欧阳青禾" in masked, number in masked) == (True, False, False)
    assert ("欧阳青禾" in page(response), number in page(response)) == (True, True)
    assert "登记理由“监管检查”" in page(response)
    assert ("欧阳青禾" in again, number in again) == (False, False)


def test_what_is_in_full_is_stored_nowhere(manager, checked):
    assert "no-store" in manager.post(REGISTER, WHY).headers["Cache-Control"]


def test_the_audit_says_which_list_how_many_and_why_and_no_name(manager, checked, number):
    manager.post(f"{REGISTER}?day=2026-11-24", WHY)
    event = unmaskings().get()
    assert event.detail == {"list": "checks", "filter": "2026-11-24", "rows": 1, "reason": "监管检查"}
    assert (event.actor, event.subject_label) == ("manager", "001 城东支行")
    assert ("欧阳青禾" in str(event.detail), number in str(event.detail)) == (False, False)


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "长" * 201, "😀"])
def test_without_a_reason_that_can_be_kept_the_masks_stay(manager, checked, reason):
    response = manager.post(REGISTER, {"reason": reason})
    assert ("欧**禾" in page(response), "欧阳青禾" in page(response)) == (True, False)
    assert 'id="unmask-error"' in page(response)
    assert unmaskings().count() == 0


@pytest.mark.parametrize("position", ["teller", "auditor"])
def test_whose_position_does_not_include_it_gets_403(client, checked, position):
    reader = sign_in(make_staff(position=position), client)
    assert reader.post(REGISTER, WHY).status_code == 403
    assert "unmask-reason" not in page(reader.get(REGISTER))
    assert unmaskings().count() == 0


def test_a_reason_in_the_address_lifts_nothing(manager, checked):
    words = page(manager.get(f"{REGISTER}?reason=x&unmask=1"))
    assert "欧阳青禾" not in words
    assert unmaskings().count() == 0


def test_rows_that_came_since_are_not_uncovered_with_the_page(manager, checked):
    newest = manager.get(REGISTER).context["veil"].newest
    make_check(make_resident_number(), by=make_staff(), name="钟离未央")
    words = page(manager.post(REGISTER, WHY | {"newest": newest}))
    assert ("欧阳青禾" in words, "钟离未央" in words) == (True, False)
    assert unmaskings().get().detail["rows"] == 1


@pytest.mark.parametrize("newest", ["x", "-1", "9" * 40, "\x00", "٣"])
def test_a_key_that_is_none_counts_as_none(manager, checked, newest):
    assert "欧阳青禾" in page(manager.post(REGISTER, WHY | {"newest": newest}))


def test_another_branch_stays_out_of_the_page(client, checked):
    elsewhere = make_staff(position="branch_manager", branch=make_branch("002", name="湖滨支行"))
    assert "欧阳青禾" not in page(sign_in(elsewhere, client).post(REGISTER, WHY))


def test_so_many_an_hour_and_no_more(manager, checked, monkeypatch):
    monkeypatch.setattr(unmasking, "MOST_AN_HOUR", 2)
    answers = [manager.post(REGISTER, WHY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "欧阳青禾" not in page(answers[2])
    assert unmaskings().count() == 2


def test_an_hour_later_it_goes_on(manager, checked, monkeypatch):
    monkeypatch.setattr(unmasking, "MOST_AN_HOUR", 1)
    manager.post(REGISTER, WHY)
    monkeypatch.setattr(unmasking, "HOUR", unmasking.HOUR * 0)
    assert manager.post(REGISTER, WHY).status_code == 200


def test_receipts_and_own_requests_likewise(client, checked):
    supervisor = sign_in(make_staff("boss", position="supervisor"), client)
    assert "欧阳青禾" in page(supervisor.post(RECEIPTS, WHY))
    assert supervisor.post("/customers/requests/", WHY).status_code == 200
    assert [event.detail["list"] for event in unmaskings().order_by("pk")] == ["receipts", "my_requests"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_fixed_number_of_questions(manager, number, rows, django_assert_num_queries):
    """In full a number is unsealed with a key that is kept: as many questions for three as for one."""
    for _ in range(rows):
        make_customer()
    assert IdentityCheck.objects.count() == rows
    manager.get(REGISTER)
    with django_assert_num_queries(REGISTER_QUERIES):
        manager.get(REGISTER)


REGISTER_QUERIES = 10
