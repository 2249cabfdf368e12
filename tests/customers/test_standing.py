"""中止, 恢复, 销户: asked for by the counter, decided by the manager of the home branch or the maker's branch."""

import pytest

from customers.enums import CustomerStatus
from customers.errors import NotAmendable, RequestPending
from customers.selectors.requests import decidable
from customers.services import approve, ask_for_standing, reject
from tellerdesk.core.errors import FieldErrors, NotPermitted, SamePerson
from tests.factories import make_branch, make_customer, make_staff

pytestmark = pytest.mark.django_db


def ask(customer, kind, *, by=None, reason="客户申请"):
    return ask_for_standing(customer=customer, kind=kind, reason=reason, by=by or customer.opened_by)


def test_suspended_reinstated_closed():
    customer, manager = make_customer(), make_staff(position="branch_manager")
    expected = {
        "suspension": CustomerStatus.SUSPENDED,
        "reinstatement": CustomerStatus.ACTIVE,
        "closure": CustomerStatus.CLOSED,
    }
    for kind, status in expected.items():
        amendment = ask(customer, kind)
        assert amendment.status == "pending_review"
        approve(amendment=amendment, by=manager)
        customer.refresh_from_db()
        assert customer.status == status
    assert customer.version == 4
    assert customer.receipts.filter(transaction_code="1010").count() == 3


@pytest.mark.parametrize("kind", ["suspension", "closure"])
def test_a_returned_request_leaves_the_customer_as_he_was(kind):
    customer = make_customer()
    reject(amendment=ask(customer, kind), reason="理由不足", by=make_staff(position="branch_manager"))
    customer.refresh_from_db()
    assert (customer.status, customer.version) == (CustomerStatus.ACTIVE, 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [("active", "reinstatement"), ("suspended", "suspension"), ("closed", "closure"), ("pending_review", "suspension")],
)
def test_only_what_fits_the_present_standing(status, kind):
    customer = make_customer()
    type(customer).objects.update(status=status)
    with pytest.raises(NotAmendable):
        ask(customer, kind)


def test_one_request_at_a_time_and_never_by_its_maker():
    manager = make_staff(position="branch_manager")
    customer = make_customer()
    suspension = ask(customer, "suspension", by=manager)
    with pytest.raises(RequestPending):
        ask(customer, "closure")
    with pytest.raises(SamePerson):
        approve(amendment=suspension, by=manager)


def test_the_manager_of_the_home_branch_decides_on_a_suspension():
    elsewhere = make_branch("002", name="城西支行")
    customer = make_customer()
    request = ask(customer, "suspension", by=make_staff(branch=elsewhere))
    assert request.branch == customer.home_branch
    assert decidable(make_staff(position="branch_manager", branch=elsewhere), request.pk) is None
    with pytest.raises(NotPermitted, match="approve_merge"):
        decidable(make_staff(position="supervisor"), request.pk)
    assert decidable(make_staff(position="branch_manager"), request.pk) == request


def test_a_supervisor_of_the_makers_branch_decides_on_a_closure():
    elsewhere = make_branch("002", name="城西支行")
    request = ask(make_customer(), "closure", by=make_staff(branch=elsewhere))
    assert decidable(make_staff(position="supervisor", branch=elsewhere), request.pk) == request
    assert decidable(make_staff(position="supervisor"), request.pk) is None


@pytest.mark.parametrize("reason", ["x" * 201, "两\n行", "\x00"])
def test_a_reason_that_no_column_takes_is_named(reason):
    with pytest.raises(FieldErrors) as refused:
        ask(make_customer(), "closure", reason=reason)
    assert list(refused.value.errors) == ["reason"]
