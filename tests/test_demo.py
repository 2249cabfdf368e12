"""The sample data: right by the rules, and row for row what the services would have written."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from customers.citizen_check import ask
from customers.enums import AmendmentKind, CustomerStatus, DocumentType, Expiry
from customers.models import Amendment, Customer, IdentityCheck, IdentityDocument, Look, Receipt
from customers.rules.documents import parse_document
from customers.rules.fields import opening_errors, opening_warnings
from customers.rules.identity_check import decisions
from customers.rules.primary import AUXILIARY_ONLY
from customers.rules.validity import expiry, is_expired
from customers.selectors.file import customer_file
from customers.selectors.requests import review_queue
from customers.services import check_identity, decide_check, open_customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.ages import age_on, years_after
from tellerdesk.core.business_date import today
from tellerdesk.demo import doubts, families, residents, visitors
from tellerdesk.demo.customers import counters_of, fill, load_customers, write
from tellerdesk.demo.people import MIX, making_of, people
from tellerdesk.demo.schedule import COUNTERS, give_numbers, refusals
from tellerdesk.demo.visits import Visit
from tellerdesk.staff.models import Staff
from tests.factories import make_branch, make_entity, make_staff

DAY = date(2026, 11, 24)
SAMPLES = 3000
PARITY_KINDS = (
    residents.resident,
    doubts.name_differs,
    doubts.not_found,
    doubts.photo_of_another,
    families.through_an_agent,
)
POSITIONS = {"teller": "teller", "supervisor": "supervisor", "manager": "branch_manager"}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = DAY


@pytest.fixture
def counters(db):
    first, second = make_entity(), make_entity("LX", "临溪农村信用社")
    for code, usernames in COUNTERS.items():
        branch = make_branch(code, entity=second if code == "101" else first)
        for username in usernames:
            make_staff(username, position=POSITIONS[username.rstrip("23")], branch=branch)
    return counters_of(COUNTERS)


def samples(count=SAMPLES):
    return people(making_of(today=DAY, since=years_after(DAY, -4)), count)


def test_every_sample_is_right_by_the_rules_of_its_day():
    faults = []
    for sample in samples():
        entered = sample.particulars
        paper = parse_document(entered.document_type, entered.document_number, today=sample.opened_on)
        completed = entered.completed_from(paper)
        expired = is_expired(completed.valid_until, today=sample.opened_on)
        found = opening_errors(completed, paper, today=sample.opened_on)
        faults += [(entered, found)] if found or expired or opening_warnings(completed, paper) else []
    assert faults == []


def test_every_decision_was_open_to_the_teller():
    closed = []
    for sample in samples():
        entered = sample.particulars
        paper = parse_document(entered.document_type, entered.document_number, today=DAY)
        about = {"document_type": paper.document_type, "business": "open_customer", "by": None}
        answer, _ = ask(name=entered.name, number=paper.normalized, **about)
        checked = {"checked_type": paper.document_type, "checked_number": paper.normalized}
        if sample.decision:
            verdict = decisions(answer.outcome, evidence=sample.evidence, **checked)[sample.decision]
            closed += [] if verdict.allowed else [(entered, answer.outcome, verdict)]
    assert closed == []


def test_no_number_is_given_twice():
    numbers = [(each.particulars.document_type, each.particulars.document_number) for each in samples()]
    assert len(set(numbers)) == len(numbers) == SAMPLES


def test_the_same_day_gives_the_same_people():
    assert samples(80) == samples(80)


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2027, 3, 1), date(2028, 2, 28)])
def test_any_business_date_will_do(day):
    for sample in people(making_of(today=day, since=years_after(day, -4)), 300):
        entered = sample.particulars
        paper = parse_document(entered.document_type, entered.document_number, today=sample.opened_on)
        assert opening_errors(entered.completed_from(paper), paper, today=sample.opened_on) == {}
        assert sample.opened_on < day


@pytest.mark.django_db(transaction=True)
def test_a_small_load_has_every_kind_and_an_unbroken_chain(counters):
    lines = []
    written = load_customers(count=60, progress=lines.append)
    assert written == IdentityCheck.objects.exclude(business="agent").count()
    assert lines == [f"sample customers: {written} of {written}"]
    assert Customer.objects.count() == IdentityDocument.objects.count()
    assert set(IdentityDocument.objects.values_list("document_type", flat=True)) == set(DocumentType) - AUXILIARY_ONLY
    opened = AuditEvent.objects.filter(action__in=("customers.opened", "customers.opening_submitted"))
    assert opened.count() == Customer.objects.count()
    assert verify().faults == []


def test_what_waits_for_the_supervisors(counters):
    load_customers(count=60, progress=list)
    kinds = {code: sorted(review_queue(counters[code].checker).values_list("kind", flat=True)) for code in COUNTERS}
    seven = [AmendmentKind.OPENING] * 5 + [AmendmentKind.REFUSAL] * 2
    assert kinds == {"001": seven, "002": seven, "101": []}
    assert Customer.objects.filter(status=CustomerStatus.PENDING_REVIEW).count() == 10


def test_the_day_has_something_to_show(counters):
    load_customers(count=200, progress=list)
    teller = counters["001"].teller
    assert Receipt.objects.filter(staff=teller, business_date=DAY, transaction_code="1001").count() == 11
    assert Amendment.objects.filter(maker=teller, kind=AmendmentKind.AMENDMENT).count() == 4
    assert Look.objects.filter(staff=teller).count() == 9
    assert Look.objects.filter(staff=teller, customer=None).count() == 1


def test_names_ages_and_papers_are_of_many_kinds(counters):
    load_customers(count=300, progress=list)
    customers = list(Customer.objects.all())
    ages = [age_on(each.birth_date, DAY) for each in customers]
    assert (min(ages) < 16, max(ages) > 60) == (True, True)
    assert any("·" in each.name for each in customers)
    assert any(ord(character) > 0xFFFF for each in customers for character in each.name)
    states = {expiry(until, today=DAY) for until in IdentityDocument.objects.values_list("valid_until", flat=True)}
    assert states == set(Expiry)
    owed = {owed.kind for each in customers for owed in customer_file(each, as_of=DAY).owed}
    assert owed >= {"follow_up", "deferred_check", "auxiliary_copy", "document_expiring", "document_expired"}
    assert Customer.objects.filter(has_cheque_account=True).exists()


def test_three_people_are_customers_of_both_legal_entities(counters):
    load_customers(count=60, progress=list)
    by_key = [bytes(key) for key in Customer.objects.values_list("keys__key_digest", flat=True)]
    assert len(by_key) - len(set(by_key)) == 3


@pytest.mark.parametrize("kind", PARITY_KINDS, ids=lambda kind: kind.__name__)
def test_bulk_rows_are_those_of_the_services(counters, kind):
    sample = kind(making_of(today=DAY, since=DAY - timedelta(days=900)), on=DAY)
    visit = Visit(sample, counters["001"], at=AuditEvent.objects.latest("pk").at, left_waiting=True)
    give_numbers([visit])
    write([visit])
    served = served_opening(sample, by=counters["101"].teller)
    assert columns(visit.customer) == columns(served)
    assert columns(visit.check) == columns(served.checks.get())
    assert columns(visit.document) == columns(served.documents.get())
    assert related(visit.customer) == related(served)
    assert events_about(visit.customer) == events_about(served)


def served_opening(sample, *, by: Staff) -> Customer:
    entered = sample.particulars
    paper = parse_document(entered.document_type, entered.document_number, today=today())
    check = check_identity(name=entered.name, paper=paper, business="open_customer", by=by)
    if sample.decision:
        decide_check(check=check, decision=sample.decision, evidence=sample.evidence, by=by)
    return Customer.objects.get(pk=open_customer(check_id=check.pk, particulars=entered, by=by).customer.pk)


OF_THE_OCCASION = {
    "id", "legal_entity", "branch", "opening_branch", "home_branch", "teller", "maker", "staff", "decided_by",
    "opened_by", "customer", "customer_number", "amendment", "identity_check", "check_record", "number_ciphertext",
    "content", "opened_at", "checked_at", "decided_at", "consumed_at", "recorded_at", "made_at", "at",
}  # fmt: skip


def columns(row) -> dict:
    row = type(row).objects.get(pk=row.pk)
    fields = [field for field in row._meta.fields if field.name not in OF_THE_OCCASION]
    return {field.name: plain(getattr(row, field.attname)) for field in fields}


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def related(customer: Customer) -> list[dict]:
    papers = [paper for check in customer.checks.all() for paper in check.auxiliary_papers.all()]
    requests, agents, receipts = customer.amendments.all(), customer.agents.all(), customer.receipts.all()
    return [columns(row) for row in (*customer.keys.all(), *papers, *requests, *agents, *receipts)]


def events_about(customer: Customer) -> list[tuple]:
    """Of the check and of the customer, each with the tables it touched."""
    subjects = [("customers.identitycheck", customer.checks.get().pk), ("customers.customer", customer.pk)]
    events = [event for kind, pk in subjects for event in AuditEvent.objects.about(kind, pk).order_by("pk")]
    return [(each.action, each.detail, each.changes, [name.split(":")[0] for name in each.touched]) for each in events]


def test_a_refusal_waits_like_one_of_the_services(counters):
    making = making_of(today=DAY, since=DAY - timedelta(days=900))
    visits = [replace(visit, at=AuditEvent.objects.latest("pk").at) for visit in refusals(making, counters["001"])]
    write(visits)
    for visit in visits:
        paper, teller = visit.paper, counters["101"].teller
        check = check_identity(name=visit.particulars.name, paper=paper, business="open_customer", by=teller)
        evidence, reason = visit.sample.evidence, visit.refused_for
        check = decide_check(check=check, decision="refuse", evidence=evidence, reason=reason, by=teller)
        assert columns(visit.check) == columns(check)
        assert columns(visit.request) == columns(check.amendments.get())


def test_every_kind_of_the_mix_can_be_filled(counters):
    making = making_of(today=DAY, since=years_after(DAY, -4))
    for kind in MIX:
        visit = Visit(kind(making), counters["002"], at=AuditEvent.objects.latest("pk").at)
        fill(visit)
        assert visit.customer.status == CustomerStatus.ACTIVE
    assert visitors.settled_abroad in MIX


def test_another_gateway_than_the_simulator_is_never_asked(counters, settings):
    settings.IDENTITY_GATEWAY = "tests.test_demo.LiveGateway"
    assert load_customers(count=60, progress=list) == 0
    assert IdentityCheck.objects.count() == 0


class LiveGateway:
    source = "live"
