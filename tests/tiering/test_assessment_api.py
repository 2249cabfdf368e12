"""A quarter is assessed by the worker, read in everybody's scope, closed, and frozen."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_customer, make_entity, make_staff, sign_in
from tests.tiering.bank import TODAY
from tests.tiering.nights import run_lines
from tests.tiering.quarters import CLOSING, make_assessment, make_quarter_bank, work
from tiering.models import Assessment, AssessmentFigure, OwnerAssignment
from tiering.rules.quarters import parse_quarter

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
URL = "/api/v1/tiering/assessments/"
Q3 = f"{URL}2026Q3/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_quarter_bank()


def as_(bank, who):
    return sign_in(bank.staff[who])


def post(client, address, body=None):
    return client.post(address, body or {}, content_type="application/json")


def test_the_quarter_goes_through_the_queue_and_tells_its_state(bank):
    client = as_(bank, "headoffice")
    assert client.get(Q3).json()["code"] == "not_assessed"
    queued = post(client, f"{Q3}compute/")
    assert (queued.status_code, queued.json()["status"], queued.json()["version"]) == (202, "queued", 1)
    again = post(client, f"{Q3}compute/")
    assert (again.status_code, again.json()["code"]) == (409, "being_assessed")
    work()
    found = client.get(Q3).json()
    told = {name: found[name] for name in ("quarter", "version", "status", "opening", "closing", "incomplete")}
    assert told == {
        "quarter": "2026Q3", "version": 1, "status": "computed", "opening": "2026-06-30", "closing": "2026-09-30",
        "incomplete": "",
    }  # fmt: skip
    assert [each["quarter"] for each in client.get(URL).json()["results"]] == ["2026Q3"]
    actions = AuditEvent.objects.filter(action__startswith="tiering.assessment").values_list("action", flat=True)
    assert list(actions.order_by("pk")) == ["tiering.assessment_queued", "tiering.assessment_computed"]


def test_every_owner_has_five_indicators_with_numerator_and_denominator(bank):
    make_assessment(bank)
    body = as_(bank, "manager").get(Q3).json()
    owners = {each["staff"]: each for each in body["owners"]}
    teller = owners["teller"]
    assert (teller["category"], teller["position"], teller["branch"]) == ("tellers", "teller", "001")
    assert teller["opening_customers"] == 3  # "left", "up and down again", "near the next"
    assert teller["churn_rate"] == {"numerator": 1, "denominator": 3, "pct": "33.33", "rank": 1}
    assert teller["upgrade_rate"] == {"numerator": 0, "denominator": 3, "pct": "0.00", "rank": 1}
    # "entered" was dealt to the teller on the closing day, on which it reached the floor.
    assert teller["customer_growth"] == {
        "new": 1, "left": 1, "net": 0, "denominator": 3, "pct": "0.00", "rank": 1,
    }  # fmt: skip
    assert teller["aum_growth"]["opening"] == "258000.00"
    assert (teller["aum_growth"]["closing"], teller["aum_growth"]["net"]) == ("258000.00", "0.00")
    # Files of this bank name no products, so nobody holds any of the eight categories.
    assert teller["product_coverage"] == {
        "numerator": 0, "denominator": 24, "pct": "0.00", "rank": 1, "per_customer": "0.00",
    }  # fmt: skip
    assert owners["advisor"]["churn_rate"]["numerator"] == 1  # "fell in October", here within the quarter


def test_branches_add_up_to_the_bank_and_show_their_wealthy_customers(bank):
    make_assessment(bank)
    body = as_(bank, "headoffice").get(Q3).json()
    assert [each["branch"] for each in body["branches"]] == ["001", "002"], "of 011 nobody owns anybody"
    for name in ("churn_rate", "upgrade_rate", "product_coverage"):
        for kind in ("numerator", "denominator"):
            assert body["total"][name][kind] == sum(each[name][kind] for each in body["branches"])
            assert body["total"][name][kind] == sum(each[name][kind] for each in body["owners"])
    assert body["branches"][0]["wealthy_customers"] == {"opening": 3, "closing": 3, "net": 0, "pct": "0.00"}
    assert body["branches"][1]["wealthy_customers"] == {"opening": 1, "closing": 1, "net": 0, "pct": "0.00"}


def test_the_customers_behind_a_figure_are_as_many_as_it_says(bank):
    make_assessment(bank)
    client = as_(bank, "manager")
    owners = client.get(Q3).json()["owners"]
    for each in owners:
        for indicator in ("churn_rate", "upgrade_rate"):
            for part in ("numerator", "denominator"):
                query = f"owner={each['staff']}&indicator={indicator}&part={part}"
                rows = client.get(f"{Q3}customers/?{query}").json()["results"]
                assert len(rows) == each[indicator][part], query
        for part in ("new", "left"):
            query = f"owner={each['staff']}&indicator=customer_growth&part={part}"
            rows = client.get(f"{Q3}customers/?{query}").json()["results"]
            assert len(rows) == each["customer_growth"][part], query
        query = f"owner={each['staff']}&indicator=aum_growth"
        rows = client.get(f"{Q3}customers/?{query}").json()["results"]
        assert f"{sum(float(row['closing_aum']) for row in rows):.2f}" == each["aum_growth"]["closing"]
    rows = client.get(f"{Q3}customers/?indicator=churn_rate&owner=teller").json()["results"]
    left = {"customer_number": bank.customers["left"], "name": "欧**娜", "parts": ["opening", "churned", "left"]}
    assert {name: rows[0][name] for name in left} == left


def test_each_sees_the_own_scope_alone(bank):
    make_assessment(bank)
    own = as_(bank, "teller").get(Q3).json()
    assert [each["staff"] for each in own["owners"]] == ["teller"]
    assert own["branches"] == []
    assert own["total"]["opening_customers"] == 3
    assert as_(bank, "teller").get(f"{Q3}customers/?owner=lobby&indicator=churn_rate").status_code == 404
    assert as_(bank, "teller").get(f"{Q3}customers/?indicator=wealthy").status_code == 404
    rows = as_(bank, "teller").get(f"{Q3}customers/?indicator=churn_rate&part=denominator").json()["results"]
    assert len(rows) == 3
    second = as_(bank, "manager2").get(Q3).json()
    assert {each["branch"] for each in second["branches"]} == {"002"}
    assert as_(bank, "manager2").get(f"{Q3}?branch=001").status_code == 404
    assert as_(bank, "manager2").get(f"{Q3}customers/?owner=teller&indicator=churn_rate").status_code == 404
    stranger = make_staff(position="head_office", branch=make_entity("LX", "临溪").branch_set.get(code="000"))
    assert sign_in(stranger).get(Q3).status_code == 404
    assert sign_in(stranger).get(URL).json()["results"] == []


def test_a_closed_quarter_is_frozen_and_a_new_version_is_closed_with_a_reason(bank):
    make_assessment(bank)
    client = as_(bank, "headoffice")
    closed = post(client, f"{Q3}close/", {"version": 1})
    assert (closed.status_code, closed.json()["status"], closed.json()["closed_by"]) == (200, "closed", "headoffice")
    again = post(client, f"{Q3}close/")
    assert (again.status_code, again.json()["context"]["why"]) == (409, "closed")
    before = client.get(Q3).json()
    number = bank.customers["near the next"]
    run_lines(bank.entity, CLOSING, [f"{number},300000.00"])
    assert client.get(Q3).json() == before
    post(client, f"{Q3}compute/")
    work()
    assert client.get(Q3).json()["version"] == 1, "the closed one is shown until another is closed"
    second = client.get(f"{Q3}?version=2").json()
    assert (second["version"], second["status"]) == (2, "computed")
    assert second["total"]["upgrade_rate"]["numerator"] == before["total"]["upgrade_rate"]["numerator"] + 1
    refused = post(client, f"{Q3}close/")
    assert (refused.status_code, "reason" in refused.content.decode()) == (400, True)
    assert post(client, f"{Q3}close/", {"reason": "更正快照", "version": 1}).json()["context"]["why"] == "newer"
    assert post(client, f"{Q3}close/", {"reason": "更正快照"}).json()["version"] == 2
    assert client.get(f"{Q3}?version=1").json() == before | {"version": 1}


def test_what_is_computed_or_closed_cannot_be_changed(bank):
    row = make_assessment(bank, closed=True)
    for change in ("opening_on = '2026-01-01'", "closed_at = NULL", "status = 'queued'", "close_reason = 'y'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tiering_assessment SET {change} WHERE id = %s", [row.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        AssessmentFigure.objects.filter(assessment=row).update(churned=0)
    with pytest.raises(DatabaseError), transaction.atomic(using="owner"):
        AssessmentFigure.objects.using("owner").filter(assessment=row).update(churned=0)


@pytest.mark.parametrize(
    ("quarter", "why", "days"),
    [("2026Q4", "running", ("2026-06-30", "2026-09-30")), ("2026Q2", "opening_missing", (None, "2026-06-30"))],
)
def test_an_incomplete_quarter_says_why_and_is_not_closed(bank, quarter, why, days):
    client = as_(bank, "headoffice")
    make_assessment(bank, parse_quarter(quarter))
    found = client.get(f"{URL}{quarter}/").json()
    assert (found["incomplete"], found["status"]) == (why, "computed")
    assert found["incomplete_message"]
    refused = post(client, f"{URL}{quarter}/close/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_closable")
    assert refused.json()["context"]["why"] == "incomplete"
    assert found["opening"] == (days[1] if quarter == "2026Q4" else None)
    listed = client.get(f"{URL}{quarter}/customers/?indicator=churn_rate&part=denominator")
    assert (listed.status_code, listed.json()["results"]) == (200, [])


def test_the_running_quarter_is_computed_up_to_its_newest_day(bank):
    run_lines(bank.entity, date(2026, 11, 23), [f"{bank.customers['near the next']},300000.00"])
    make_assessment(bank, parse_quarter("2026Q4"))
    found = as_(bank, "manager").get(f"{URL}2026Q4/").json()
    assert (found["opening"], found["closing"], found["incomplete"]) == ("2026-09-30", "2026-11-23", "running")
    assert found["total"]["upgrade_rate"]["numerator"] == 1


def test_the_end_of_the_quarter_may_be_three_days_early_and_no_more(settings):
    customer = make_customer()
    entity = make_entity()
    run_lines(entity, date(2026, 6, 27), [f"{customer.customer_number},60000.00"])
    run_lines(entity, date(2026, 9, 26), [f"{customer.customer_number},60000.00"])
    bank = type("Bank", (), {"entity": entity})
    assert make_assessment(bank).incomplete == "closing_missing"
    run_lines(entity, date(2026, 9, 29), [f"{customer.customer_number},60000.00"])
    row = make_assessment(bank)
    assert (row.opening_on, row.closing_on, row.incomplete) == (date(2026, 6, 27), date(2026, 9, 29), "")


def test_a_later_owner_keeps_products_and_an_earlier_one_the_upgrade(bank):
    """The rules' case of a customer who rose and chose another owner."""
    standing = OwnerAssignment.objects.get(
        customer__customer_number=bank.customers["rose"], until=None, is_primary=True
    )
    OwnerAssignment.objects.filter(pk=standing.pk).update(until=date(2026, 9, 1), end_reason="replaced")
    OwnerAssignment.objects.create(
        legal_entity=bank.entity, customer_id=standing.customer_id, owner=bank.staff["advisor"],
        position="financial_advisor", is_primary=True, since=date(2026, 9, 1), reason="upgrade_choice",
    )  # fmt: skip
    make_assessment(bank)
    owners = {each["staff"]: each for each in as_(bank, "manager").get(Q3).json()["owners"]}
    assert owners[standing.owner.username]["upgrade_rate"]["numerator"] == 1
    held = as_(bank, "manager").get(f"{Q3}customers/?owner=advisor&indicator=product_coverage").json()["results"]
    assert bank.customers["rose"] in {row["customer_number"] for row in held}


def test_who_may_not_close_is_refused_and_bad_input_is_no_fault(bank):
    make_assessment(bank)
    for who in ("manager", "teller", "deputy", "auditor"):
        assert post(as_(bank, who), f"{Q3}close/").status_code == 403
        assert post(as_(bank, who), f"{Q3}compute/").status_code == 403
    client = as_(bank, "headoffice")
    for quarter in ("2026Q5", "x", "%00", "９９Q1", "2026Q3'--", "😀", "0000Q1"):
        assert client.get(f"{URL}{quarter}/").status_code == 404, quarter
        assert post(client, f"{URL}{quarter}/compute/").status_code == 404, quarter
    for body in (
        {"reason": ["x"]},
        {"reason": "a\x00b"},
        {"version": "1"},
        {"version": 10**30},
        [1],
        {"reason": "x" * 999},
    ):
        assert post(client, f"{Q3}close/", body).status_code == 400, body
    for query in ("indicator=x", "", "indicator=churn_rate&part=x", "indicator=churn_rate&version=0"):
        assert client.get(f"{Q3}customers/?{query}").status_code == 400, query
    for query in ("owner=%00", "owner=nobody", "part=new", "branch=999", "version=7"):
        assert client.get(f"{Q3}customers/?indicator=churn_rate&{query}").status_code in (400, 404), query
    assert client.get(f"{Q3}customers/?indicator=churn_rate&after=nonsense").status_code == 200
    future = post(client, f"{URL}2027Q1/compute/")
    assert (future.status_code, future.json()["code"]) == (409, "not_begun")


def test_the_command_assesses_and_closes(bank, capsys):
    call_command("assess", "2026Q3", "--legal-entity", "HZ", "--close")
    assert "2026Q3 v1: closed, 2026-06-30 to 2026-09-30" in capsys.readouterr().out
    row = Assessment.objects.get()
    assert (row.computed_by, row.closed_by, row.is_closed) == (None, None, True)
    for words in (("2026Q9", "HZ"), ("2026Q3", "XX"), ("2027Q2", "HZ")):
        with pytest.raises(CommandError):
            call_command("assess", words[0], "--legal-entity", words[1])


def test_reading_takes_the_same_number_of_queries_whatever_the_bank(bank):
    make_assessment(bank)
    counts = []
    for who, query in (("headoffice", ""), ("headoffice", "?branch=011&below=0"), ("headoffice", "")):
        client = as_(bank, who)
        client.get(Q3)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{Q3}{query}").status_code == 200
        counts.append(len(queries))
    make_branch("003")
    make_assessment(bank)
    assert counts[0] == counts[2]
    assert abs(counts[0] - counts[1]) <= 1
