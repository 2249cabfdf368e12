"""1011: what checks have left owed, whose it is, and the way that settles each."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from customers.enums import CheckDecision
from customers.models import IdentityCheck
from customers.rules.corroboration import Evidence
from customers.selectors.owed_checks import owed_count, owed_page, owed_seen_by
from customers.services import decide_check
from tellerdesk.audit.models import AuditEvent
from tests.customers.checks import TODAY, deferred, followed_up, held, refused
from tests.factories import (
    make_branch,
    make_check,
    make_customer,
    make_entity,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
LIST, API = "/customers/checks/owed/", "/api/v1/identity-checks/owed/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]


@pytest.fixture
def teller():
    return make_staff("teller1")


def due(check: IdentityCheck, days: int) -> IdentityCheck:
    """Owed since or until so many days from today."""
    IdentityCheck.objects.filter(pk=check.pk).update(follow_up_due_on=TODAY + timedelta(days=days))
    return check


def seen(staff, **chosen) -> list[int]:
    return [line.check_id for line in owed_page(owed_seen_by(staff, **chosen), after=None)[0]]


def text(client, address=LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_by_due_day_the_overdue_first_and_marked(teller):
    late, today, later = (due(followed_up(by=teller), days) for days in (-3, 0, 2))
    lines, _ = owed_page(owed_seen_by(teller), after=None)
    assert [line.check_id for line in lines] == [late.pk, today.pk, later.pk]
    assert [(line.is_overdue, line.days) for line in lines] == [(True, 3), (False, 0), (False, 2)]
    page = text(sign_in(teller))
    assert page.index("逾期 3 天") < page.index("今日")


def test_four_kinds_and_their_filter(teller):
    made = {
        "deferred_check": deferred(by=teller),
        "follow_up": followed_up(by=teller),
        "police_answer": held(by=teller),
        "police_report": refused(by=teller),
    }
    assert {kind: seen(teller, kind=kind) for kind in made} == {kind: [check.pk] for kind, check in made.items()}
    assert len(seen(teller)) == 4
    assert seen(teller, overdue=True) == []
    due(made["follow_up"], -1)
    assert seen(teller, overdue=True) == [made["follow_up"].pk]
    assert seen(teller, kind="police_answer", overdue=True) == []


def test_each_line_leads_to_the_way_that_settles_it(teller):
    customer = deferred(by=teller).customer
    loose, waiting, reported = followed_up(by=teller), held(by=teller), refused(by=teller)
    page = text(sign_in(teller))
    assert f'href="/customers/{customer.customer_number}/check/"' in page
    assert f'href="/customers/checks/{loose.pk}/"' in page
    assert f'href="/customers/checks/{waiting.pk}/#receipt"' in page
    assert f'href="/customers/checks/{reported.pk}/#report"' in page


def test_names_and_numbers_are_masked(teller):
    check = followed_up(by=teller)
    page = text(sign_in(teller))
    assert "顾*禾" in page
    assert "顾青禾" not in page
    assert check.number not in page
    assert check.number_masked in page


def test_whose_it_is(teller):
    other_branch = make_branch("002", name="运河支行")
    stranger = make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    mine, colleague_s = followed_up(by=teller), followed_up(by=make_staff())
    far, foreign = followed_up(by=make_staff(branch=other_branch)), followed_up(by=stranger)
    branch, entity = {mine.pk, colleague_s.pk}, {mine.pk, colleague_s.pk, far.pk}
    head = make_branch("000")
    assert set(seen(teller)) == {mine.pk}
    assert set(seen(make_staff(position="supervisor"))) == branch
    assert set(seen(make_staff(position="branch_manager"))) == branch
    assert set(seen(make_staff(position="head_office", branch=head))) == entity
    assert set(seen(make_staff(position="auditor", branch=head))) == entity
    assert seen(stranger) == [foreign.pk]


def test_the_spine_counts_for_those_who_answer_for_a_branch(teller):
    followed_up(by=teller)
    followed_up(by=make_staff())
    assert [owed_count(make_staff(position=each)) for each in ("teller", "supervisor", "branch_manager")] == [0, 2, 2]


def test_pages_by_key_of_equal_due_days(teller):
    made = [followed_up(by=teller).pk for _ in range(5)]
    found, after = [], None
    while True:
        lines, after = owed_page(owed_seen_by(teller), after=after, size=2)
        found += [line.check_id for line in lines]
        if after is None:
            break
    assert found == made


@pytest.mark.parametrize("after", ["", "x", "2026-11-24", "2026-13-01.1", "2026-11-24.x", "1.1", "\0.1", "9" * 40])
def test_a_key_that_is_none_begins_anew(teller, after):
    check = followed_up(by=teller)
    assert owed_page(owed_seen_by(teller), after=after)[0][0].check_id == check.pk
    assert sign_in(teller).get(LIST, {"after": after, "kind": after}).status_code == 200


def test_the_interface_tells_the_same(teller):
    check = due(followed_up(by=teller), -1)
    body = sign_in(teller).get(API).json()
    assert body["next"] is None
    line = body["results"][0]
    assert (line["identity_check"], line["kind"], line["is_overdue"]) == (check.pk, "follow_up", True)
    assert (line["name"], line["document_number"], line["teller"]) == ("顾*禾", check.number_masked, "teller1")
    assert line["due_on"] == "2026-11-23"


@pytest.mark.parametrize("query", ["kind=perhaps", "overdue=perhaps", "after=1", "after=2026-11-24.x", "kind=%00"])
def test_the_interface_refuses_what_it_does_not_know(teller, query):
    answer = sign_in(teller).get(f"{API}?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.split("=")[0]])


def test_a_key_of_no_day_begins_anew_in_the_interface(teller):
    followed_up(by=teller)
    assert len(sign_in(teller).get(f"{API}?after=2026-13-99.1").json()["results"]) == 1


def test_excel_says_who_when_and_which(teller):
    check = due(followed_up(by=teller), -4)
    held(by=teller)
    answer = sign_in(teller).post(f"{LIST}export/?kind=follow_up&overdue=on")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    facts = {row[0]: row[1] for row in rows[:7] if row[0]}
    assert facts["筛选"] == "进一步核实，仅逾期"
    assert facts["导出人"] == "许知微 teller1"
    assert rows[-1][1] == 4
    assert rows[-1][5] == check.number_masked
    event = AuditEvent.objects.get(action="customers.owed_exported")
    assert (event.detail["rows"], event.actor) == (1, "teller1")


def test_a_recheck_settles_what_nobody_became_a_customer_for(teller):
    number = make_resident_number(sequence=900)
    first = make_check(number, by=teller)
    decide_check(check=first, decision=CheckDecision.PROCEED_AND_FOLLOW_UP, evidence=Evidence(), by=teller)
    client = sign_in(teller)
    page = client.post(f"/customers/checks/{first.pk}/again/").content.decode()
    assert number in page
    assert AuditEvent.objects.filter(action="customers.check_taken_up").count() == 1
    later = make_check(number, by=teller, business="recheck")
    genuine = Evidence(reader_genuine=True)
    decide_check(check=later, decision=CheckDecision.PROCEED, evidence=genuine, by=teller)
    assert seen(teller) == []
    assert AuditEvent.objects.filter(action="customers.owed_settled").count() == 1


def test_a_recheck_of_a_customer_leaves_the_police_their_report(teller):
    report = refused(by=teller)
    later = make_check(report.number, by=teller, business="recheck")
    receipt = Evidence(police_receipt="回执1")
    decide_check(check=later, decision=CheckDecision.PROCEED, evidence=receipt, by=teller)
    assert seen(teller) == [report.pk]


def test_the_number_of_queries_does_not_grow(teller, django_assert_max_num_queries):
    client = sign_in(teller)
    client.get(LIST)
    for _ in range(12):
        followed_up(by=teller)
    make_customer(by=teller)
    with django_assert_max_num_queries(12):
        client.get(LIST)
