import pytest
from django.test import Client

from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.selectors import value
from tellerdesk.staff.models import Branch
from tests.factories import make_entity, make_limit, make_staff, sign_in

pytestmark = pytest.mark.django_db
PAGE, CHANGE = "/limits/", "/limits/expiry_grace_days/"
ASKED = 7  # session, person, gate, postings; in force, pending, decided lately


def person(position="head_office", name="许知微"):
    branch = Branch.objects.get(legal_entity=make_entity(), code="000")
    return sign_in(make_staff(position=position, branch=branch, name=name), Client(headers={"accept-language": "en"}))


def text(answer) -> str:
    return answer.content.decode()


def asked(client):
    assert client.post(CHANGE, {"value": "60", "reason": "监管意见"}).headers["Location"] == PAGE
    return LimitChange.objects.latest("pk")


def test_the_page_shows_every_limit_and_who_may_change_it():
    page = text(person().get(PAGE))
    assert "expiry_grace_days" in page
    assert "0–365" in page
    assert "expiry_grace_days" not in text(person("auditor").get(PAGE))


def test_asked_for_and_approved():
    maker, checker = person(name="沈砚秋"), person("deputy_president")
    change = asked(maker)
    assert f"/limits/changes/{change.pk}/withdraw/" in text(maker.get(PAGE))
    page = text(checker.get(PAGE))
    assert "沈砚秋" in page
    assert "监管意见" in page
    assert f"/limits/changes/{change.pk}/" in page
    answer = checker.post(f"/limits/changes/{change.pk}/", {"do": "approve"})
    assert answer.headers["Location"] == PAGE
    assert value("expiry_grace_days", change.legal_entity_id) == 60


def test_returned_with_a_reason_only():
    change, checker = asked(person()), person()
    address = f"/limits/changes/{change.pk}/"
    assert checker.post(address, {"do": "reject", "reason": ""}).status_code == 200
    assert LimitChange.objects.get().status == "pending"
    assert checker.post(address, {"do": "reject", "reason": "依据不足"}).status_code == 302
    assert "依据不足" in text(checker.get(PAGE))


def test_the_maker_has_no_button_and_no_way():
    maker = person()
    change = asked(maker)
    address = f"/limits/changes/{change.pk}/"
    assert 'value="approve"' not in text(maker.get(address))
    assert maker.post(address, {"do": "approve"}).status_code == 200
    assert LimitChange.objects.get().status == "pending"


def test_a_decided_change_is_shown_and_not_decided_again():
    change = make_limit("expiry_grace_days", 60)
    checker = person()
    address = f"/limits/changes/{change.pk}/"
    assert 'value="approve"' not in text(checker.get(address))
    assert checker.post(address, {"do": "reject", "reason": "x"}).status_code == 200
    assert LimitChange.objects.get().status == "applied"


@pytest.mark.parametrize("typed", ["", "x", "366", "1e3", "9" * 40, "90", "a\x00"])
def test_what_cannot_be_a_value_is_said_beside_the_field(typed):
    answer = person().post(CHANGE, {"value": typed, "reason": "监管意见"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["value"]
    assert not LimitChange.objects.exists()


def test_value_and_reason_are_refused_at_once():
    answer = person().post(CHANGE, {"value": "99999", "reason": ""})
    assert {*answer.context["form"].errors} == {"value", "reason"}


def test_withdrawn_by_its_maker():
    maker = person()
    change = asked(maker)
    assert maker.post(f"/limits/changes/{change.pk}/withdraw/").headers["Location"] == PAGE
    assert LimitChange.objects.get().status == "withdrawn"


def test_the_table_asks_as_much_however_many_changes_there_are(django_assert_num_queries):
    reader = person("auditor")
    reader.get(PAGE)
    with django_assert_num_queries(ASKED):
        reader.get(PAGE)
    for number in (60, 50, 40):
        make_limit("expiry_grace_days", number)
    with django_assert_num_queries(ASKED):
        reader.get(PAGE)


def test_whoever_may_decide_finds_it_on_the_spine_and_at_home():
    head, deputy = person(), person("deputy_president")
    assert deputy.get("/").context["shell"].waiting == []
    asked(head)
    answer = deputy.get("/")
    [item] = answer.context["shell"].waiting
    assert (item.url, item.count) == (PAGE, 1)
    assert item.waits in text(answer)
    assert head.get("/").context["shell"].waiting == []
