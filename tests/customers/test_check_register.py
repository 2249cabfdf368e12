"""核查登记簿: the checks of one of the bank's days, by branch, counted, listed, carried away."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from customers.enums import CheckDecision
from customers.errors import CheckMismatch
from customers.models import IdentityCheck
from customers.selectors.checks import checks_of_day, register_of
from customers.services import open_customer
from tellerdesk.audit.models import AuditEvent
from tests.customers.checks import TODAY, decided, held
from tests.factories import (
    make_branch,
    make_check,
    make_entity,
    make_particulars,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
PAGE, API = "/customers/checks/", "/api/v1/identity-checks/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]


@pytest.fixture
def teller():
    return make_staff("teller1")


@pytest.fixture
def head():
    return make_staff("head1", position="head_office", branch=make_branch("000"))


def number(sequence=None):
    return make_resident_number(sequence=sequence)


def day_of_work(teller):
    make_check(number(), by=teller)
    make_check(number(902), by=teller)
    held(by=teller)
    decided(CheckDecision.PROCEED_AND_FOLLOW_UP, by=teller, sequence=901)
    make_check(number(), by=make_staff("teller2"))


def test_counts_by_answer_decision_source_and_teller(teller):
    day_of_work(teller)
    register = register_of(checks_of_day(teller, TODAY), day=TODAY, branch=None)
    assert register.total == 5
    assert register.outcomes == {"match": 2, "match_no_photo": 1, "name_mismatch": 1, "not_found": 1}
    assert register.decisions == {"": 3, "proceed_and_follow_up": 1, "hold_pending_police": 1}
    assert register.sources == {"simulator": 5}
    assert register.tellers == [("teller1", "许知微", 4), ("teller2", "许知微", 1)]


def test_counts_and_lines_say_the_same_finding(teller, client):
    make_check(number(), by=teller)
    different = make_check(number(), by=teller)
    IdentityCheck.objects.filter(pk=different.pk).update(photo_matches=False)
    client = sign_in(teller, client)
    shown = client.get(PAGE).context
    counts = {"match": 1, "photo_differs": 1}
    assert sorted(check.finding for check in shown["rows"]) == sorted(counts)
    assert shown["register"].outcomes == client.get(API).json()["counts"]["outcomes"] == counts


def test_the_workbook_names_the_one_branch_in_view(teller, client):
    day_of_work(teller)
    answer = sign_in(make_staff(position="supervisor"), client).post("/customers/checks/export/")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    told = {row[0]: row[1] for row in workbook.get_sheet_by_index(0).to_python() if len(row) > 1}
    assert told["网点"] == str(make_branch("001"))


def test_today_is_the_business_date_whatever_the_clock_says(teller):
    check = make_check(number(), by=teller)
    assert check.business_date == TODAY
    assert check.number_masked in sign_in(teller).get(PAGE).content.decode()
    assert sign_in(teller).get(API).json()["results"][0]["id"] == check.pk


def test_another_day(teller, settings):
    settings.BUSINESS_DATE = date(2026, 11, 23)
    check = make_check(number(), by=teller)
    settings.BUSINESS_DATE = TODAY
    client = sign_in(teller)
    assert check.number_masked not in client.get(PAGE).content.decode()
    assert check.number_masked in client.get(PAGE, {"day": "2026-11-23"}).content.decode()
    assert client.get(API, {"day": "2026-11-23"}).json()["counts"]["total"] == 1


def test_a_check_is_of_its_business_day(teller, settings):
    first = number()
    check = make_check(first, by=teller)
    settings.BUSINESS_DATE = date(2026, 11, 25)
    with pytest.raises(CheckMismatch):
        open_customer(check_id=check.pk, particulars=make_particulars(first), by=teller)


def test_head_office_chooses_a_branch(teller, head):
    mine = make_check(number(), by=teller)
    far = make_check(number(), by=make_staff(branch=make_branch("002", name="运河支行")))
    client = sign_in(head)
    assert {each["id"] for each in client.get(API).json()["results"]} == {mine.pk, far.pk}
    body = client.get(API, {"branch": "002"}).json()
    assert (body["branch"], [each["id"] for each in body["results"]]) == ("002", [far.pk])
    page = client.get(PAGE, {"branch": "002"}).content.decode()
    assert '<option value="002" selected>' in page
    assert (far.number_masked in page, mine.number_masked in page) == (True, False)
    assert '<option value="001"' not in sign_in(teller).get(PAGE).content.decode()


@pytest.mark.parametrize("code", ["002", "101", "999", "\0", "0" * 12])
def test_a_branch_beyond_ones_view_is_not_there(teller, code):
    make_branch("002", name="运河支行")
    make_branch("101", entity=make_entity("LX", "临溪农村信用社"))
    client = sign_in(teller)
    assert client.get(PAGE, {"branch": code}).status_code == 404
    assert client.get(API, {"branch": code}).status_code in (400, 404)
    assert client.post(f"{PAGE}export/?branch={code.replace(chr(0), '%00')}").status_code == 404


def test_names_and_numbers_are_masked(teller):
    check = make_check(number(), by=teller)
    body = sign_in(teller).get(API).content.decode() + sign_in(teller).get(PAGE).content.decode()
    assert (check.number in body, "顾青禾" in body, "顾*禾" in body) == (False, False, True)


def test_pages_by_key(teller):
    made = [make_check(number(), by=teller).pk for _ in range(51)]
    body = sign_in(teller).get(API).json()
    assert (len(body["results"]), body["counts"]["total"]) == (50, 51)
    last = sign_in(teller).get(body["next"]).json()
    assert ([each["id"] for each in last["results"]], last["next"]) == ([made[0]], None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("day=2026-02-30", "day"),
        ("day=x", "day"),
        ("after=x", "after"),
        ("after=0", "after"),
        ("branch=" + "1" * 13, "branch"),
    ],
)
def test_the_interface_refuses_what_it_cannot_read(teller, query, field):
    answer = sign_in(teller).get(f"{API}?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert sign_in(teller).get(f"{PAGE}?{query}").status_code in (200, 404)


def test_excel_has_the_counts_and_the_lines(teller):
    day_of_work(teller)
    answer = sign_in(teller).post(f"{PAGE}export/?day=2026-11-24")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    facts = {row[0]: row[1] for row in rows if row[0]}
    assert (facts["核查笔数"], facts["许知微 teller1"], facts["模拟"]) == (5, 4, 5)
    assert facts["导出人"] == "许知微 teller1"
    masked = set(IdentityCheck.objects.values_list("number_masked", flat=True))
    assert {row[2] for row in rows[-5:]} == masked
    event = AuditEvent.objects.get(action="customers.register_exported")
    assert event.detail == {"day": "2026-11-24", "rows": 5}


def test_a_training_administrator_reads_none(head):
    trainer = make_staff(position="training_admin", branch=make_branch("000"))
    assert sign_in(trainer).get(PAGE).status_code == 403
    assert sign_in(trainer).get(API).status_code == 403


def test_the_number_of_queries_does_not_grow(teller, django_assert_max_num_queries):
    client = sign_in(teller)
    client.get(PAGE)
    for _ in range(12):
        make_check(number(), by=teller)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
