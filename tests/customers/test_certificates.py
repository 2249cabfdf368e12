"""联网核查结果证明: who gets one, what stands on it, and that every print is on record."""

import pytest

from customers.enums import CheckDecision
from customers.models import Certificate
from customers.rules.corroboration import Evidence
from customers.services import issue_certificate
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tests.customers.checks import TODAY, decided, held
from tests.factories import make_branch, make_check, make_entity, make_resident_number, make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]


@pytest.fixture
def teller():
    return make_staff("teller1")


def issued(client, check):
    return client.post(f"/customers/checks/{check.pk}/certificate/", follow=True)


def test_name_and_number_stand_in_clear_once(teller):
    check, client = held(by=teller), sign_in(teller)
    answer = issued(client, check)
    page, certificate = answer.content.decode(), Certificate.objects.get()
    grouped = f"<span>{check.number[:6]}</span><span>{check.number[6:14]}</span><span>{check.number[14:]}</span>"
    assert answer.redirect_chain[-1][0] == f"/customers/certificates/{certificate.pk}/"
    assert (grouped in page, check.name in page) == (True, True)
    for words in ("联网核查结果证明", "杭城农村商业银行", "城东支行", certificate.number, "2 个工作日", "号码存在"):
        assert words in page
    again = client.get(f"/customers/certificates/{certificate.pk}/").content.decode()
    assert (grouped in again, check.name in again, check.number_masked in again) == (False, False, True)


def test_each_print_is_one_of_its_own(teller):
    check, client = held(by=teller), sign_in(teller)
    issued(client, check)
    page = issued(client, check).content.decode()
    numbers = [each.number for each in Certificate.objects.order_by("pk")]
    assert len(set(numbers)) == 2
    assert all(number in page for number in numbers)
    events = AuditEvent.objects.filter(action="customers.certificate_issued").order_by("pk")
    assert [event.detail["certificate"] for event in events] == numbers
    assert check.number not in str([event.detail for event in events])


@pytest.mark.parametrize("sequence", [900, 901])
def test_before_any_decision(teller, sequence):
    check = make_check(make_resident_number(sequence=sequence), by=teller)
    assert issue_certificate(check=check, by=teller).number.startswith("001-20261124-")


def test_a_photo_that_differs_has_one_once_it_is_found(teller):
    evidence = Evidence(photo_matches=False)
    check = decided(CheckDecision.HOLD_PENDING_POLICE, by=teller, sequence=907, evidence=evidence)
    assert "持证人是否为证件本人" in issued(sign_in(teller), check).content.decode()


@pytest.mark.parametrize("sequence", [None, 902, 903, 904, 905])
def test_others_get_none(teller, sequence):
    check = make_check(make_resident_number(sequence=sequence), by=teller)
    client = sign_in(teller)
    answer = client.post(f"/api/v1/identity-checks/{check.pk}/certificates/")
    assert (answer.status_code, answer.json()["code"]) == (409, "certificate_not_due")
    assert issued(client, check).status_code == 409
    assert Certificate.objects.count() == 0


def test_the_interface_issues_one_more_each_time(teller):
    check = held(by=teller)
    address = f"/api/v1/identity-checks/{check.pk}/certificates/"
    first, second = (sign_in(teller).post(address) for _ in range(2))
    assert (first.status_code, first.json()["document_number"]) == (201, check.number)
    assert (first.json()["name"], first.json()["finding"]) == (check.name, "name_mismatch")
    assert first.json()["number"] != second.json()["number"]
    assert sign_in(teller).delete(address).status_code == 405


def test_of_another_branch_or_entity_there_is_none(teller):
    check = held(by=teller)
    certificate = issue_certificate(check=check, by=teller)
    elsewhere = make_staff(branch=make_branch("002", name="运河支行"))
    foreign = make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    for stranger in (elsewhere, foreign):
        client = sign_in(stranger)
        assert client.get(f"/customers/certificates/{certificate.pk}/").status_code == 404
        assert client.post(f"/customers/checks/{check.pk}/certificate/").status_code == 404
        assert client.post(f"/api/v1/identity-checks/{check.pk}/certificates/").status_code == 404


def test_a_colleague_of_the_branch_issues_it_and_the_auditor_reads_it_masked(teller):
    check = held(by=teller)
    issued(sign_in(make_staff()), check)
    auditor = make_staff(position="auditor", branch=make_branch("000"))
    page = sign_in(auditor).get(f"/customers/certificates/{Certificate.objects.get().pk}/").content.decode()
    assert (check.number_masked in page, check.name in page) == (True, False)
    assert sign_in(auditor).post(f"/customers/checks/{check.pk}/certificate/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_seals_hold(teller):
    issue_certificate(check=held(by=teller), by=teller)
    assert verify().faults == []
