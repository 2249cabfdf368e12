"""The sample duplicates: opened as at the counter, one pair merged, one waiting, the others found by the search."""

from datetime import date

import pytest

from customers.models import Amendment, Customer, DuplicatePair
from customers.services import look_up
from tellerdesk.audit.verification import verify
from tellerdesk.demo.accounts import load_accounts
from tellerdesk.demo.customers import load_customers
from tellerdesk.demo.duplicates import load_duplicates, seek_duplicates
from tellerdesk.staff.models import Staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


def test_branch_001_has_duplicates_in_every_state():
    lines = []
    load_accounts()
    load_customers(count=250, progress=list)
    load_duplicates(progress=lines.append)
    seek_duplicates(progress=lines.append)
    merged = Customer.objects.get(status="merged")
    teller = Staff.objects.get(username="teller")
    assert look_up(customer_number=merged.customer_number, by=teller) == merged.merged_into
    waiting = Amendment.objects.pending().get(kind="merge")
    assert waiting.branch == teller.branch
    found = {pair.grounds[0] for pair in DuplicatePair.objects.filter(strength__gte=70)}
    assert found >= {"number_digit:17", "near_name"}
    assert len(lines) == 3
    assert verify().faults == []


def test_without_sample_accounts_nothing_is_written():
    load_duplicates(progress=list)
    assert Customer.objects.count() == 0
