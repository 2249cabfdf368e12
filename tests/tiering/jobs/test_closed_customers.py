from datetime import date

import pytest

from customers.enums import CustomerStatus
from customers.models import Customer
from tests.factories import make_customer, make_entity
from tests.tiering.nights import rejects_of, run_lines
from tiering.enums import Tier
from tiering.models import TierAssignment, TierMove

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.mark.parametrize("status", [CustomerStatus.CLOSED, CustomerStatus.MERGED])
def test_whoever_is_no_customer_any_more_leaves_and_is_not_taken_back(status):
    gone, other = make_customer(), make_customer()
    lines = [f"{gone.customer_number},60000", f"{other.customer_number},60000"]
    run_lines(make_entity(), date(2026, 11, 20), lines)
    Customer.objects.filter(pk=gone.pk).update(status=status)
    run = run_lines(make_entity(), date(2026, 11, 23), lines)
    assert (run.accepted, rejects_of(run)) == (1, [(2, "unknown_customer")])
    assert (run.moved_down, run.missing) == (1, 0)
    assert TierAssignment.objects.get(customer=gone).tier == Tier.OUT_OF_SCOPE
    assert list(TierMove.objects.filter(customer=gone).order_by("pk").values_list("to_tier", flat=True)) == [
        Tier.BRANCH_STAFF,
        Tier.OUT_OF_SCOPE,
    ]
