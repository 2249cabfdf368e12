from datetime import date

import pytest

from customers.errors import (
    AgentNotAllowed,
    CheckMismatch,
    CustomerExists,
    DocumentExpired,
    InPersonRequired,
    NotAmendable,
    NotWithdrawable,
    RequestPending,
)
from customers.models import Customer
from customers.rules.agents import AgentParticulars
from customers.services import amend_customer, approve, ask_for_standing, look_up, reject, withdraw
from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.errors import AlreadyDecided, FieldErrors, Stale
from tests.factories import make_branch, make_check, make_customer, make_resident_number, make_staff

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


def approved(amendment, *, by=None):
    return approve(amendment=amendment, by=by or make_staff(position="supervisor"))


def fresh_check(customer, *, number, name="顾青禾", document_type="resident_id"):
    check = make_check(number, by=customer.opened_by, name=name, document_type=document_type, business="amend_customer")
    return check.pk


@pytest.mark.parametrize(
    ("field", "value"),
    [("mobile", "13900000999"), ("risk_level", "high"), ("settled_abroad", True), ("has_cheque_account", True)],
)
def test_what_needs_a_checker_waits_and_is_then_applied(field, value):
    customer = make_customer()
    before = getattr(customer, field)
    amendment = change(customer, {field: value, "phone": "0571-87654321"})
    customer.refresh_from_db()
    assert (amendment.status, getattr(customer, field), customer.phone, customer.version) == (
        "pending_review", before, "", 1,
    )  # fmt: skip
    approved(amendment)
    customer.refresh_from_db()
    assert (getattr(customer, field), customer.phone, customer.version) == (value, "0571-87654321", 2)
    event = AuditEvent.objects.get(action="customers.amendment_approved")
    assert event.changes == amendment.changes == {field: [before, value], "phone": ["", "0571-87654321"]}


def test_a_returned_change_changes_nothing():
    customer = make_customer()
    amendment = change(customer, {"mobile": "13900000999"})
    reject(amendment=amendment, reason="手机号未核实", by=make_staff(position="supervisor"))
    customer.refresh_from_db()
    assert (customer.mobile, customer.status, customer.version) == ("13900000128", "active", 1)
    assert change(customer, {"mobile": "13900000998"}).status == "pending_review"


def test_one_open_request_for_each_customer():
    customer = make_customer()
    first = change(customer, {"mobile": "13900000999"})
    with pytest.raises(RequestPending) as refused:
        change(customer, {"mobile": "13900000998"})
    assert refused.value.context["id"] == first.pk
    withdraw(amendment=first, by=customer.opened_by)
    assert change(customer, {"mobile": "13900000998"}).status == "pending_review"


def test_a_request_that_somebody_overtook_cannot_be_applied():
    customer = make_customer()
    amendment = change(customer, {"mobile": "13900000999"})
    change(customer, {"address": "新样例路9号"})
    with pytest.raises(Stale):
        approved(amendment)
    customer.refresh_from_db()
    amendment.refresh_from_db()
    assert (customer.mobile, amendment.status) == ("13900000128", "pending_review")


def test_only_the_maker_withdraws_and_only_what_waits():
    customer = make_customer()
    amendment = change(customer, {"mobile": "13900000999"})
    with pytest.raises(NotWithdrawable):
        withdraw(amendment=amendment, by=make_staff(position="supervisor"))
    approved(amendment)
    with pytest.raises(AlreadyDecided):
        withdraw(amendment=amendment, by=customer.opened_by)


def test_a_renewal_takes_the_person_a_fresh_check_and_a_checker():
    number = make_resident_number()
    customer = make_customer(number=number)
    renewed = {"valid_from": "2025-01-01", "valid_until": "2045-01-01"}
    with pytest.raises(InPersonRequired):
        change(customer, renewed, in_person=False)
    with pytest.raises(FieldErrors) as refused:
        change(customer, renewed)
    assert list(refused.value.errors) == ["identity_check"]
    amendment = change(customer, renewed, check_id=fresh_check(customer, number=number))
    approved(amendment)
    document = customer.documents.get()
    assert (document.role, document.valid_until, document.number) == ("primary", date(2045, 1, 1), number)
    assert amendment.changes["valid_until"] == ["2040-01-01", "2045-01-01"]


def test_a_check_of_somebody_else_carries_no_renewal():
    customer = make_customer()
    check = fresh_check(customer, number=make_resident_number())
    with pytest.raises(CheckMismatch):
        change(customer, {"valid_until": "2045-01-01"}, check_id=check)


def test_an_expired_document_renews_nothing():
    number = make_resident_number()
    customer = make_customer(number=number)
    with pytest.raises(DocumentExpired):
        change(customer, {"valid_until": "2021-01-01"}, check_id=fresh_check(customer, number=number))


def test_a_new_name_takes_a_check_of_the_new_name():
    number = make_resident_number()
    customer = make_customer(number=number)
    with pytest.raises(CheckMismatch):
        change(customer, {"name": "顾青苗"}, check_id=fresh_check(customer, number=number))
    amendment = change(customer, {"name": "顾青苗"}, check_id=fresh_check(customer, number=number, name="顾青苗"))
    approved(amendment)
    assert Customer.objects.get().name == "顾青苗"


def test_a_corrected_number_replaces_the_document_and_the_old_one_still_finds_the_customer():
    old, new = make_resident_number(), make_resident_number(born=date(1986, 4, 5))
    customer = make_customer(number=old)
    changes = {"document_type": "resident_id", "document_number": new}
    amendment = change(customer, changes, check_id=fresh_check(customer, number=new))
    assert new not in str(amendment.changes)
    assert amendment.changed_number.number == new
    assert "birth_date" in amendment.changes
    approved(amendment)
    customer.refresh_from_db()
    documents = {each.role: each.number for each in customer.documents.all()}
    assert documents == {"primary": new, "historic": old}
    assert customer.birth_date == date.fromisoformat(amendment.changes["birth_date"][1])
    for number in (old, new):
        found = look_up(document_type="resident_id", document_number=number, by=customer.opened_by)
        assert found == customer
    assert customer.keys.count() == 2


def test_a_number_that_is_somebody_elses_is_refused():
    taken = make_resident_number()
    make_customer(number=taken)
    customer = make_customer()
    with pytest.raises(CustomerExists):
        change(customer, {"document_number": taken}, check_id=fresh_check(customer, number=taken))


def test_a_number_taken_meanwhile_is_refused_at_the_approval():
    new = make_resident_number()
    customer = make_customer()
    amendment = change(customer, {"document_number": new}, check_id=fresh_check(customer, number=new))
    other = make_customer(number=new)
    with pytest.raises(CustomerExists) as refused:
        approved(amendment)
    assert refused.value.context["customer_number"] == other.customer_number
    amendment.refresh_from_db()
    assert amendment.status == "pending_review"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"sex": "male"}, "sex", "sex_mismatch"),
        ({"birth_date": "1985-01-01"}, "birth_date", "birth_date_mismatch"),
        ({"nationality": "USA"}, "nationality", "nationality_mismatch"),
        ({"birth_date": None}, "birth_date", "required"),
        ({"document_type": "driving_licence"}, "document_number", "required"),
    ],
)
def test_the_file_must_hold_together(changes, field, code):
    customer = make_customer(number=make_resident_number(sequence=402))
    with pytest.raises(FieldErrors) as refused:
        change(customer, changes)
    assert refused.value.errors[field][0][0] == code


def test_a_suspended_customer_may_renew_the_document_and_nothing_else():
    number = make_resident_number()
    customer = make_customer(number=number)
    manager = make_staff(position="branch_manager")
    approve(
        amendment=ask_for_standing(customer=customer, kind="suspension", reason="证件过期", by=customer.opened_by),
        by=manager,
    )
    with pytest.raises(NotAmendable):
        change(customer, {"address": "新样例路9号"})
    renewed = change(customer, {"valid_until": "2045-01-01"}, check_id=fresh_check(customer, number=number))
    approved(renewed)
    assert customer.documents.get().valid_until == date(2045, 1, 1)


def test_a_cheque_account_holder_comes_in_person_and_never_by_agent():
    customer = make_customer(has_cheque_account=True)
    agent = AgentParticulars("许安", "resident_id", make_resident_number(), "13900000129", "spouse", "出差", "授权书")
    with pytest.raises(InPersonRequired):
        change(customer, {"address": "新样例路"}, in_person=False)
    with pytest.raises(AgentNotAllowed):
        change(customer, {"address": "新样例路"}, in_person=False, agent=agent)
    assert change(customer, {"address": "新样例路"}).status == "pending_review"


def test_the_call_to_the_principal_is_kept_with_the_agent():
    agent = AgentParticulars(
        "许安", "resident_id", make_resident_number(), "13900000129", "entrusted", "出差", "授权书",
        "2026-11-24 10:05 电话 139****0128，本人确认",
    )  # fmt: skip
    amendment = change(make_customer(), {"address": "新样例路7号"}, in_person=False, agent=agent)
    assert amendment.agents.get().call_record == "2026-11-24 10:05 电话 139****0128，本人确认"


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
