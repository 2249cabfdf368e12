"""From the certificate to the receipt of the police, in a browser: what the customer carries away and brings back."""

import pytest

from customers.enums import CheckDecision
from customers.models import Certificate, IdentityCheck
from tests.customers.checks import TODAY, deferred, held, refused
from tests.factories import make_qualified, make_resident_number, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def teller():
    return make_qualified(make_staff("teller1"))


def test_every_page_of_the_checks_is_accessible(teller, open_page, log_in, accessible):
    deferred(by=teller)
    check, reported = held(by=teller), refused(by=teller)
    page = open_page()
    log_in(page, teller)
    pages = ("owed/", "", f"{check.pk}/", f"{reported.pk}/")
    found = {}
    for address in [*(f"/customers/checks/{each}" for each in pages), "/customers/calendar/?year=2026"]:
        page.goto(address)
        found[address] = accessible(page)
    page.goto(f"/customers/checks/{check.pk}/")
    page.click("text=出具")
    page.wait_for_url("**/certificates/*/")
    found["certificate"] = accessible(page)
    assert found == dict.fromkeys(found, [])


def test_a_customer_comes_back_from_the_police(teller, open_page, log_in):
    number = make_resident_number(sequence=900)
    page = open_page()
    log_in(page, teller)
    page.goto("/customers/open/")
    page.fill("[name=document_number]", number)
    page.fill("[name=name]", "顾青禾")
    page.press("[name=name]", "Enter")
    page.wait_for_selector("[name=decision][value=hold_pending_police]")
    page.check("[name=decision][value=hold_pending_police]")
    page.press("body", "F9")
    page.wait_for_url(lambda url: "/customers/" not in url)
    check = IdentityCheck.objects.get()
    page.goto("/customers/checks/owed/")
    page.click("text=回执已到")
    page.click("text=出具")
    page.wait_for_url("**/certificates/*/")
    assert Certificate.objects.get().check_record == check
    page.goto(f"/customers/checks/{check.pk}/")
    page.fill("[name=police_receipt]", "杭公核字88号")
    page.press("body", "F9")
    page.wait_for_url("**/customers/open/**")
    page.wait_for_selector("#check [name=decision][value=proceed]:checked")
    for name, value in {"valid_from": "2019-05-20", "valid_until": "2039-05-20", "mobile": "13900000128"}.items():
        page.fill(f"[name={name}]", value)
    page.fill("[name=address]", "浙江省杭州市样例路1号")
    page.select_option("[name=occupation]", "professional")
    page.press("body", "F9")
    page.wait_for_url("**/receipts/*/")
    check.refresh_from_db()
    assert (check.decision, check.police_receipt) == (CheckDecision.PROCEED, "杭公核字88号")
    assert check.customer.customer_number
