import pytest

from customers.errors import AgentNotAllowed, InPersonRequired, NeedsChecker, NotAmendable, Stale
from customers.models import Customer
from customers.rules.agents import AgentParticulars
from customers.services import amend_customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.errors import FieldErrors
from tests.factories import make_branch, make_customer, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


def change(customer, changes, *, by=None, in_person=True, **options):
    return amend_customer(
        customer=customer,
        changes=changes,
        in_person=in_person,
        reason="客户申请",
        by=by or customer.opened_by,
        **options,
    )


def test_an_address_is_changed_at_once_by_any_branch():
    customer = make_customer()
    elsewhere = make_staff(branch=make_branch("002", name="城西支行"))
    amendment = change(customer, {"address": "杭州市新样例路2号"}, by=elsewhere, in_person=False)
    customer.refresh_from_db()
    assert (customer.address, customer.version, customer.home_branch.code) == ("杭州市新样例路2号", 2, "001")
    assert amendment.changes == {"address": ["浙江省杭州市样例路1号", "杭州市新样例路2号"]}
    assert AuditEvent.objects.filter(action="customers.amended").count() == 1
    assert amendment.receipts.count() == 1


@pytest.mark.parametrize("field", ["mobile", "name", "birth_date", "document_number", "nationality", "valid_until"])
def test_what_needs_a_checker_says_so(field):
    values = {
        "mobile": "13900000999",
        "name": "顾青苗",
        "birth_date": "1985-03-13",
        "nationality": "HKG",
        "valid_until": "2041-01-01",
    }
    changes = (
        {field: values.get(field)}
        if field != "document_number"
        else {
            "document_type": "resident_id",
            "document_number": make_resident_number(),
        }
    )
    customer = make_customer()
    with pytest.raises(NeedsChecker):
        change(customer, changes)
    assert Customer.objects.get().version == 1


def test_a_cheque_account_holder_comes_in_person_and_never_by_agent():
    customer = make_customer(has_cheque_account=True)
    agent = AgentParticulars("许安", "resident_id", make_resident_number(), "13900000129", "spouse", "出差", "授权书")
    with pytest.raises(InPersonRequired):
        change(customer, {"address": "新样例路"}, in_person=False)
    with pytest.raises(AgentNotAllowed):
        change(customer, {"address": "新样例路"}, in_person=False, agent=agent)
    with pytest.raises(NeedsChecker):
        change(customer, {"address": "新样例路"})


def test_no_agent_changes_a_mobile():
    agent = AgentParticulars("许安", "resident_id", make_resident_number(), "13900000129", "spouse", "出差", "授权书")
    with pytest.raises(AgentNotAllowed):
        change(make_customer(), {"mobile": "13900000999"}, in_person=False, agent=agent)


def test_somebody_elses_change_in_between_is_seen():
    customer = make_customer()
    change(customer, {"address": "甲路1号"}, version=1)
    with pytest.raises(Stale):
        change(customer, {"address": "乙路1号"}, version=1)
    assert Customer.objects.get().address == "甲路1号"


def test_a_closed_customer_is_not_changed():
    customer = make_customer()
    Customer.objects.update(status="closed")
    with pytest.raises(NotAmendable):
        change(customer, {"address": "甲路1号"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"customer_number": "123456"}, "not_changeable"),
        ({"shoe_size": "42"}, "unknown_field"),
        ({"address": "浙江省杭州市样例路1号"}, "unchanged"),
        ({"email": "nobody"}, "format"),
        ({"address": 5}, "wrong_value"),
        ({"address": ""}, "address_required"),
    ],
)
def test_wrong_changes_are_named_by_field(changes, code):
    with pytest.raises(FieldErrors) as refused:
        change(make_customer(), changes)
    assert [code for found in refused.value.errors.values() for code, _ in found] == [code]
