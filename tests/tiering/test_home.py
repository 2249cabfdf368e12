"""The first page away from the counter: every figure is the length of its list, whatever the position."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import Customer
from tests.factories import make_staff, sign_in
from tests.tiering.bank import TODAY, make_bank
from tests.tiering.standing import make_owner
from tests.training.makers import make_course
from tiering.models import OwnerAssignment, Referral, TierAssignment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LINK = re.compile(r'<a class="list-link" href="(/tiering/(?:customers|upgrades)/\?[^"]+)">([^<]+)</a>')


@pytest.fixture
def bank(settings):
    settings.BUSINESS_DATE = TODAY
    return make_bank()


def text(client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_says_what_the_lists_behind_it_hold(bank):
    for who, most in (("advisor", 3), ("president", 4), ("auditor", 4)):
        client = sign_in(bank.staff[who])
        links = {(unescape(href), number) for href, number in LINK.findall(text(client))}
        assert len(links) >= most, who
        for href, number in links:
            assert re.search(rf"共 {number} 户|{number} 户", text(client, href)), (who, href, number)


def test_an_advisor_counts_his_own_and_an_overseer_everybody(bank):
    advisor = sign_in(bank.staff["advisor"]).get("/").context["glance"]
    auditor = sign_in(bank.staff["auditor"]).get("/").context["glance"]
    assert (advisor.owner, advisor.is_of_own, auditor.is_of_own) == ("advisor", True, False)
    assert 0 < advisor.all.customers < auditor.all.customers


def test_nobodys_board_and_first_page_say_what_comes_next_and_no_noughts(bank):
    client = sign_in(make_staff("consultant", position="wealth_consultant", branch=bank.branches["000"]))
    for address in ("/", "/tiering/"):
        page = text(client, address)
        assert ("您名下暂无客户" in page, "stats" in page) == (True, False), address
    assert "您名下暂无客户" not in text(sign_in(bank.staff["advisor"]), "/tiering/")


def test_a_specialist_finds_whom_owners_refer_to_him(bank):
    consultant = make_staff("consultant", position="wealth_consultant", branch=bank.branches["000"])
    client, number = sign_in(consultant), bank.customers["private"]
    Referral.objects.create(
        legal_entity=bank.entity, customer=Customer.objects.get(customer_number=number), specialist=consultant,
        position="wealth_consultant", since=TODAY, note="家族信托", referred_by=bank.staff["wealth"],
    )  # fmt: skip
    page = text(client)
    assert (f"/tiering/customers/{number}/" in page, "您名下暂无客户" in page) == (True, False)


def test_an_auditor_finds_the_newest_events_with_their_place_in_the_chain(bank):
    client = sign_in(bank.staff["auditor"])
    shown = client.get("/").context["events"]
    assert [bool(line.seq) for line in shown] == [True] * 6
    assert f"{shown[0].branch}-{shown[0].seq}" in text(client)


def test_the_first_page_asks_as_much_for_one_customer_as_for_many(bank):
    advisor = bank.staff["advisor"]
    client = sign_in(advisor)
    text(client)
    with CaptureQueriesContext(connection) as few:
        text(client)
    owned = OwnerAssignment.objects.current().filter(owner=advisor).values("customer")
    for standing in TierAssignment.objects.filter(branch__code="001", tier__gt=0).exclude(customer__in=owned):
        make_owner(standing, advisor, position="financial_advisor", is_primary=False)
    with CaptureQueriesContext(connection) as many:
        text(client)
    assert client.get("/").context["glance"].all.customers > 5
    assert len(many) == len(few)


def test_a_course_that_opens_nothing_for_the_position_is_not_asked_of_it(bank):
    course = make_course()
    assert course.title in text(sign_in(bank.staff["manager"]))
    page = text(sign_in(bank.staff["auditor"]))
    assert (course.title in page, "您的岗位无需通过课程考试即可办理业务" in page) == (False, True)
