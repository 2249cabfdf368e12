"""The counter's pages ask a small fixed number of questions, however full a file or a bank is."""

import re

import pytest
from django.conf import settings
from django.db import connection

from customers.models import Customer, IdentityDocument
from customers.models.sealed_number import SealedNumber, number_digest
from customers.services.looking import reachable
from tellerdesk.audit.models import AuditEvent
from tests.factories import make_customer, make_qualified, make_resident_number, make_staff
from tests.tiering.standing import make_owner, make_standing

pytestmark = pytest.mark.django_db
FORMER_NUMBERS = ("E12345678", "E23456789")
BY_NUMBER = BY_DOCUMENT = 9  # session, person, gate, postings; the customer; the look; session written in a savepoint
FILE_AFTER_LOOK_UP = 23  # the same four; customer; twelve for what the file shows, three for the tier; session
FILE_BY_ADDRESS = 21  # the look is written, the session is not
INTERFACE = 13  # no session is written; the file without its history


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller(client):
    staff = make_qualified(make_staff())
    client.force_login(staff, backend="tellerdesk.staff.backends.PositionBackend")
    client.get("/commands/")  # the keys of the vault, the first touch of the login
    return staff


@pytest.fixture(params=["alone", "with three papers", "in a tier with two owners", "among fifty"])
def number(request, teller):
    """Of a customer, whose file or whose bank is more or less full."""
    number = make_resident_number()
    customer = make_customer(by=teller, number=number)
    if request.param == "with three papers":
        add_papers(customer)
    if request.param == "in a tier with two owners":
        make_owner(make_standing(customer, owner=teller), make_staff(), is_primary=False)
    if request.param == "among fifty":
        for _ in range(49):
            make_customer(by=teller)
    return number


def add_papers(customer: Customer) -> None:
    for former in FORMER_NUMBERS:
        columns = SealedNumber.columns("chinese_passport", former)
        entity = customer.legal_entity
        IdentityDocument.objects.create(legal_entity=entity, customer=customer, role="historic", **columns)


def test_look_up_and_file(client, number, django_assert_num_queries):
    document = {"document_type": "resident_id", "document_number": number}
    with django_assert_num_queries(BY_DOCUMENT):
        address = client.post("/customers/", document).headers["Location"]
    with django_assert_num_queries(FILE_AFTER_LOOK_UP):
        assert client.get(address).status_code == 200
    with django_assert_num_queries(FILE_BY_ADDRESS):
        assert client.get(address).status_code == 200
    with django_assert_num_queries(BY_NUMBER):
        assert client.post("/customers/", {"customer_number": address.split("/")[2]}).headers["Location"] == address


def test_the_interface(client, number, django_assert_num_queries):
    with django_assert_num_queries(INTERFACE):
        assert client.get(f"/api/v1/customers/?document_type=resident_id&document_number={number}").status_code == 200


ENOUGH = 3000  # rows
# Whatever the statistics of the moment say: a table is read whole only where no index serves, and then the test fails.
INDEXES_ONLY = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_indexonlyscan = off"


MANY_EVENTS = """
INSERT INTO audit_auditevent (at, entity, branch, actor, actor_name, action, subject_type, subject_id, subject_label,
  detail, changes, touched)
SELECT now(), 'HZ', '001', 'crowd', 'crowd', 'staff.posted', 'staff.posting', n::text, '', '{}', '{}', '{}'
FROM generate_series(1, %s) n
"""


def gather_statistics(cursor, tables: str) -> None:
    """Of the rows that are there: the background gathers its own whenever it likes."""
    cursor.execute("SET LOCAL ROLE NONE")
    cursor.execute(f"ANALYZE {tables}")
    cursor.execute(f"SET LOCAL ROLE {settings.APPLICATION_ROLE}")


def plan_of(rows) -> str:
    with connection.cursor() as cursor:
        gather_statistics(cursor, "customers_customer, customers_identitydocument")
        cursor.execute(INDEXES_ONLY)
    return rows.explain()


def fill(teller) -> None:
    """Rows without sense or event."""
    model = make_customer(by=teller)
    values = {field.attname: getattr(model, field.attname) for field in Customer._meta.fields if field.name != "id"}
    crowd = [Customer(**values | {"customer_number": f"{1_000_000 + place}"}) for place in range(ENOUGH)]
    papers = SealedNumber.columns("resident_id", make_resident_number())
    Customer.objects.bulk_create(crowd)
    IdentityDocument.objects.bulk_create(
        IdentityDocument(
            legal_entity_id=teller.legal_entity_id, customer=each, **papers | {"number_digest": digest(place)}
        )
        for place, each in enumerate(crowd)
    )


def digest(place: int) -> bytes:
    return number_digest("resident_id", str(place))


def test_a_number_is_found_by_its_index(teller):
    fill(teller)
    plan = plan_of(reachable(teller).numbered("1000005"))
    assert "Index Scan using customer_number_once on customers_customer" in plan
    assert "Seq Scan on customers" not in plan


def test_a_document_is_found_by_its_index(teller):
    fill(teller)
    plan = plan_of(reachable(teller).holding("resident_id", digest(5)))
    whole = (
        "Index Cond: ((legal_entity_id = {}) AND ((document_type)::text = 'resident_id'::text) AND (number_digest = "
    )
    assert "document_by_number" in plan
    assert whole.format(teller.legal_entity_id) in plan
    assert "Seq Scan on customers" not in plan


def test_the_history_of_one_is_never_sought_by_walking_all_events_backwards(teller):
    """A limit makes the planner think of it; here it is led into temptation, for want of a million rows."""
    with connection.cursor() as cursor:
        cursor.execute(MANY_EVENTS, [ENOUGH])
        gather_statistics(cursor, "audit_auditevent, audit_recordseal")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = AuditEvent.objects.about("staff.staff", teller.pk).newest_first()[:6].explain()
    assert "audit_by_touched" in plan
    assert "audit_by_subject" in plan
    assert "record_seal_once" in plan
    by_ids_found = r"Index Cond: \(id = ANY \((\(InitPlan|\$0)"  # as PostgreSQL writes it from 17 on, and before
    assert re.search(by_ids_found, plan)
    assert "Backward" not in plan
