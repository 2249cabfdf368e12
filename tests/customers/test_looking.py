import pytest

from customers.errors import LookupNotAllowed
from customers.models import Look
from customers.services import look_up
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


def test_found_by_number_and_by_document_from_any_branch():
    number = make_resident_number()
    customer = make_customer(number=number)
    elsewhere = make_staff(branch=make_branch("002", name="城西支行"))
    assert look_up(customer_number=customer.customer_number, by=elsewhere) == customer
    assert look_up(document_type="resident_id", document_number=f" {number.lower()} ", by=elsewhere) == customer


def test_every_look_is_written_down_hit_and_miss_with_the_key_masked():
    number = make_resident_number()
    customer = make_customer(number=number)
    teller = make_staff()
    look_up(document_type="resident_id", document_number=number, reason="客户来电", by=teller)
    look_up(customer_number="999999999999", by=teller)
    looks = list(Look.objects.filter(staff=teller).order_by("pk"))
    assert [each.customer for each in looks] == [customer, None]
    assert looks[0].key == f"resident_id {number[:6]}********{number[-4:]}"
    assert looks[0].reason == "客户来电"


def test_another_legal_entity_finds_nobody():
    customer = make_customer()
    stranger = make_staff(branch=make_branch("101", entity=make_entity("NB", "甬江农村商业银行")))
    assert look_up(customer_number=customer.customer_number, by=stranger) is None


def test_a_first_generation_number_finds_whom_it_became():
    customer = make_customer(number="11010519491231002X")
    assert look_up(document_type="resident_id", document_number="110105491231002", by=make_staff()) == customer


def test_the_type_belongs_to_the_key():
    number = make_resident_number()
    make_customer(number=number)
    assert look_up(document_type="driving_licence", document_number=number, by=make_staff()) is None


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"document_number": "11010519491231002X"},
        {"document_type": "resident_id"},
        {"document_type": "passport", "document_number": "11010519491231002X"},
        {"customer_number": "123"},
        {"customer_number": "123456", "document_type": "resident_id", "document_number": "1"},
    ],
)
def test_any_other_key_is_refused(keys):
    with pytest.raises(LookupNotAllowed):
        look_up(**keys, by=make_staff())
    assert Look.objects.count() == 0
