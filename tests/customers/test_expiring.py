"""1012: whose document runs out, within the lists one may see."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from customers.jobs.propose_suspensions import propose_suspensions
from customers.models import Customer, IdentityDocument
from customers.models.sealed_number import SealedNumber
from customers.selectors.expiring import Asked, counts, every_line, page, window, within_reach
from tellerdesk.audit.models import AuditEvent
from tests.customers.test_query_counts import plan_of
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff, sign_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
DAYS = (-200, -91, -90, -1, 0, 7, 8, 30, 31, 90, 91)


@pytest.fixture(autouse=True)
def _today(business_date, settings):
    gate = "training.backends.QualificationBackend"
    settings.AUTHENTICATION_BACKENDS = [each for each in settings.AUTHENTICATION_BACKENDS if each != gate]


@pytest.fixture
def teller():
    return make_staff()


def running_out(days: int, *, by) -> Customer:
    customer = make_customer(by=by)
    customer.documents.update(valid_until=TODAY + timedelta(days=days))
    return customer


@pytest.fixture
def bank(teller):
    """One customer of the teller's for each of DAYS."""
    return [running_out(days, by=teller) for days in DAYS]


def days_in(asked: Asked) -> list[int]:
    return [line.days_left for line in every_line(asked)]


@pytest.mark.parametrize(
    ("within", "days"),
    [
        ("7", [0, 7]),
        ("30", [0, 7, 8, 30]),
        ("90", [0, 7, 8, 30, 31, 90]),
        ("expired", [-90, -1]),
        ("over", [-200, -91]),
    ],
)
def test_the_windows_with_their_first_and_last_days(bank, teller, within, days):
    asked = Asked(teller, TODAY, within)
    assert days_in(asked) == days
    assert counts(asked)[within] == len(days)


def test_pages_go_on_by_key_also_over_equal_days(teller):
    for _ in range(5):
        running_out(3, by=teller)
    seen, after, asked = [], "", Asked(teller, TODAY, "7")
    while after is not None:
        lines, after = page(asked, after, size=2)
        seen += [line.customer_number for line in lines]
    assert (len(seen), len(set(seen))) == (5, 5)


def test_whose_lists_show_whom(teller):
    mine = running_out(3, by=teller)
    colleagues = running_out(3, by=make_staff())
    elsewhere = running_out(3, by=make_staff(branch=make_branch("002", name="城西支行")))
    abroad = make_branch("101", entity=make_entity("LX", "临溪农村信用社"))
    running_out(3, by=make_staff(branch=abroad))
    head = make_branch("000")

    def seen(staff, branch=""):
        return {line.customer_number for line in every_line(Asked(staff, TODAY, "7", branch))}

    own, branch = {mine.customer_number}, {mine.customer_number, colleagues.customer_number}
    everything = branch | {elsewhere.customer_number}
    assert seen(teller) == own
    assert seen(make_staff(position="branch_manager")) == branch
    assert seen(make_staff(position="deputy_president", branch=head)) == everything
    assert seen(make_staff(position="auditor", branch=head)) == everything
    assert seen(make_staff(position="auditor", branch=head), "002") == {elsewhere.customer_number}
    assert seen(make_staff(position="branch_manager"), "002") == set()


def test_who_is_beyond_grace_and_not_proposed_yet_is_told_to_be(teller):
    running_out(-91, by=teller), running_out(-90, by=teller)
    suspended = running_out(-92, by=teller)
    Customer.objects.filter(pk=suspended.pk).update(status="suspended")
    lines = [*every_line(Asked(teller, TODAY, "over")), *every_line(Asked(teller, TODAY, "expired"))]
    assert [(line.days_left, line.is_due) for line in lines] == [(-92, False), (-91, True), (-90, False)]
    propose_suspensions(day=TODAY)
    [line] = [line for line in every_line(Asked(teller, TODAY, "over")) if line.status == "active"]
    assert (line.is_due, line.proposed_by_system) == (False, True)


def test_closed_and_merged_customers_are_not_reminded_of(teller):
    customer = running_out(3, by=teller)
    Customer.objects.filter(pk=customer.pk).update(status="closed")
    assert days_in(Asked(teller, TODAY, "7")) == []


def test_the_page_is_masked_and_asks_few_questions(client, teller, bank, django_assert_max_num_queries):
    sign_in(teller, client)
    client.get("/customers/expiring/")
    with django_assert_max_num_queries(12):
        words = client.get("/customers/expiring/?within=over").content.decode()
    assert "顾青禾" not in words
    assert "顾*禾" in words
    assert words.count("/renew/") >= 2


@pytest.mark.parametrize(
    "query",
    ["within=x", "within=\x00", "branch=\x00", "branch=" + "9" * 500, "after=20261341.1", "after=x", "after=\x00.1"],
)
def test_an_address_of_nonsense_is_a_list(client, teller, bank, query):
    sign_in(teller, client)
    assert client.get("/customers/expiring/?" + query.replace("\x00", "%00")).status_code == 200


def test_the_interface(client, teller, bank):
    sign_in(teller, client)
    body = client.get("/api/v1/customers/expiring/?within=30").json()
    assert [each["days_left"] for each in body["results"]] == [0, 7, 8, 30]
    assert (body["next"], body["counts"]) == (None, {"7": 2, "30": 4, "90": 6, "expired": 2, "over": 2})
    assert set(body["results"][0]["name"]) & {"*"}
    for query in ("within=31", "after=abc", "branch=%00", "branch=" + "9" * 50):
        answer = client.get(f"/api/v1/customers/expiring/?{query}")
        assert (answer.status_code, list(answer.json().get("errors", {}))) == (400, [query.split("=")[0]]), query
    assert client.post("/api/v1/customers/expiring/").status_code == 405


def test_the_workbook_says_who_took_it_and_the_audit_too(client, teller, bank):
    sign_in(teller, client)
    answer = client.post("/customers/expiring/export/?within=90")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    cells = workbook.get_sheet_by_index(0).to_python()
    assert any(teller.username in str(cell) for row in cells for cell in row)
    assert len([row for row in cells if row[0] in {each.customer_number for each in bank}]) == 6
    assert not any("顾青禾" in str(cell) for row in cells for cell in row)
    event = AuditEvent.objects.get(action="customers.list_exported")
    assert (event.detail["list"], event.detail["rows"], event.actor) == ("expiring", 6, teller.username)


def test_the_list_is_read_by_its_index(teller):
    model = make_customer(by=teller)
    values = {field.attname: getattr(model, field.attname) for field in Customer._meta.fields if field.name != "id"}
    crowd = Customer.objects.bulk_create(
        Customer(**values | {"customer_number": f"{2_000_000 + place}"}) for place in range(2000)
    )
    columns = SealedNumber.columns("resident_id", make_resident_number())
    IdentityDocument.objects.bulk_create(
        IdentityDocument(
            legal_entity_id=teller.legal_entity_id, customer=each, valid_until=TODAY + timedelta(days=place), **columns
        )
        for place, each in enumerate(crowd)
    )
    asked = Asked(teller, TODAY, "30")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
    rows = within_reach(asked).filter(window(asked, "30"))
    assert "Index Scan using document_by_expiry" in plan_of(rows.order_by("valid_until", "pk")[:51])
