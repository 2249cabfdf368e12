"""1005 over HTTP: a renewal, another document, a further one; and the reader's line in the number field."""

import html
import json
import re
from datetime import date

import pytest

from customers.enums import AmendmentStatus, CheckDecision
from customers.models import Amendment, Customer, Draft, IdentityCheck, Look, Receipt
from customers.services import approve
from customers.services.drafting import keep_draft
from tests.customers.pages import logged_in, mark_of
from tests.factories import make_customer, make_resident_number, make_staff

pytestmark = pytest.mark.django_db
PERIOD = {"valid_from": "2026-11-01", "valid_until": "2046-11-01"}


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller(client):
    return logged_in(client)


@pytest.fixture
def number():
    return make_resident_number()


@pytest.fixture
def customer(teller, number):
    return make_customer(by=teller, number=number)


def page(response) -> str:
    return html.unescape(response.content.decode())


def address(customer) -> str:
    return f"/customers/{customer.customer_number}/renew/"


def on_the_counter(customer, **fields) -> dict:
    document = customer.documents.primary().get()
    kept = {name: getattr(customer, name) for name in ("name", "nationality", "sex")}
    return {
        **kept, "use": "renew", "document_type": document.document_type, "document_number": document.number,
        "birth_date": f"{customer.birth_date}", "version": customer.version, "business": "amend_customer",
        "reason": "证件到期换证", **PERIOD, **fields,
    }  # fmt: skip


def checked(client, typed: dict) -> dict:
    """As pressing the check's button does."""
    client.post("/customers/open/check/?check=run", typed)
    return typed | {"identity_check": IdentityCheck.objects.latest("pk").pk, "photo_matches": "true"}


def renew(client, customer, **fields):
    typed = checked(client, on_the_counter(customer, **fields))
    return client.post(address(customer), typed)


def test_the_page_knows_the_customer_and_asks_for_the_new_period(client, customer, number):
    words = page(client.get(address(customer)))
    assert f'value="{number}"' in words
    assert 'value="顾青禾"' in words
    assert 'value="2040-01-01"' not in words
    assert 'name="business" value="amend_customer"' in words


def test_a_renewal_waits_for_a_second_person_with_a_receipt(client, customer):
    answer = renew(client, customer)
    amendment = Amendment.objects.get()
    assert answer.headers["Location"] == f"/customers/receipts/{Receipt.objects.latest('pk').pk}/"
    assert (amendment.status, amendment.in_person) == (AmendmentStatus.PENDING_REVIEW, True)
    assert set(amendment.changes) == {"valid_from", "valid_until"}
    approve(amendment=amendment, by=make_staff(position="supervisor"))
    assert customer.documents.get().valid_until == date(2046, 11, 1)


def test_a_new_name_comes_by_the_document(client, customer):
    renew(client, customer, name="顾青苗", reason="改名")
    assert Amendment.objects.get().changes["name"] == ["顾青禾", "顾青苗"]


def test_a_change_without_a_check_says_so_beside_the_check(client, customer):
    words = page(client.post(address(customer), on_the_counter(customer)))
    assert 'href="#id_identity_check"' in words
    assert Amendment.objects.count() == 0


def test_a_check_of_something_else_is_void(client, customer):
    typed = checked(client, on_the_counter(customer)) | {"name": "顾青苗"}
    assert 'href="#id_identity_check"' in page(client.post(address(customer), typed))


def test_a_mismatch_is_held_with_its_draft_or_refused(client, teller):
    customer = make_customer(by=teller, number=make_resident_number(sequence=101))
    other = make_resident_number(sequence=900)
    typed = checked(client, on_the_counter(customer, document_number=other, birth_date="", sex=""))
    held = client.post(address(customer), typed | {"decision": CheckDecision.HOLD_PENDING_POLICE})
    assert held.headers["Location"] == f"/customers/{customer.customer_number}/"
    assert Draft.objects.get(transaction_code="1005").about == customer.customer_number


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"valid_until": "2046-13-01"}, "valid_until"),
        ({"valid_until": ""}, "valid_until"),
        ({"valid_from": "2027-01-01"}, "valid_from"),
        ({"document_number": "110105194912310021"}, "document_number"),
        ({"document_type": "passport"}, "document_type"),
        ({"nationality": "XYZ"}, "nationality"),
        ({"reason": " "}, "reason"),
        ({"reason": "\x00"}, "reason"),
        ({"name": "顾\x00"}, "name"),
        ({"birth_date": "1985-13-01"}, "birth_date"),
    ],
)
def test_what_is_wrong_is_by_its_field_and_what_was_typed_stays(client, customer, fields, field):
    words = page(client.post(address(customer), on_the_counter(customer, issuing_authority="杭州市公安局", **fields)))
    assert f'href="#id_{field}"' in words
    assert 'value="杭州市公安局"' in words


def test_somebody_elses_number_leads_to_them(client, customer, teller):
    other = make_customer(by=teller, number=make_resident_number(born=customer.birth_date))
    number = other.documents.get().number
    typed = on_the_counter(customer, document_number=number, birth_date=f"{other.birth_date}", sex=other.sex)
    words = page(client.post(address(customer), checked(client, typed)))
    assert other.customer_number in words
    assert Amendment.objects.count() == 0


def test_a_further_document_from_the_same_page(client, customer):
    passport = {"use": "further", "document_type": "chinese_passport", "document_number": "E12345678"}
    typed = on_the_counter(customer, **passport, valid_from="2022-01-01", valid_until="2032-01-01")
    client.post(address(customer), typed)
    amendment = Amendment.objects.get()
    assert amendment.changes["auxiliary_document"] == [None, "chinese_passport E******78"]
    supervisor = logged_in(client, position="supervisor")
    words = page(client.get(f"/customers/review/{amendment.pk}/"))
    assert "中国护照 E******78" in words
    approve(amendment=amendment, by=supervisor)
    assert "E******78" in page(client.get(f"/customers/{customer.customer_number}/"))


def test_a_suspended_customer_is_renewed(client, customer):
    Customer.objects.update(status="suspended")
    renew(client, customer)
    assert Amendment.objects.get().status == AmendmentStatus.PENDING_REVIEW


def test_a_stale_page_is_told_and_can_be_sent_again(client, customer):
    typed = checked(client, on_the_counter(customer))
    Customer.objects.update(version=4)
    words = page(client.post(address(customer), typed))
    assert 'name="version" value="4"' in words
    assert Amendment.objects.count() == 0


def test_a_form_of_an_ended_login_is_kept_as_a_draft(client, teller, customer):
    mark = mark_of(teller, "1005", customer.customer_number, address(customer))
    client.logout()
    client.post(address(customer), on_the_counter(customer, typed_by=mark, issuing_authority="杭州市公安局"))
    logged_in(client)
    draft = Draft.objects.get(staff=teller)
    assert (draft.transaction_code, draft.fields["issuing_authority"]) == ("1005", ["杭州市公安局"])


def test_a_draft_shows_again(client, teller, customer):
    fields = {"issuing_authority": ["西湖区公安局"], "document_number": ["x"]}
    keep_draft(transaction_code="1005", about=customer.customer_number, fields=fields, by=teller)
    assert 'value="西湖区公安局"' in page(client.get(address(customer)))


def test_another_legal_entitys_and_nobodys_customer_are_404(client, customer):
    assert client.get("/customers/62031774092600/renew/").status_code == 404


# the number field


def fills(client, text: str, **fields) -> dict:
    typed = {"document_type": "resident_id", "document_number": text, **fields}
    found = re.search(
        r'<script id="fills"[^>]*>(.*?)</script>', client.post("/customers/open/answer/", typed).content.decode()
    )
    return json.loads(found.group(1))


def test_a_readers_line_fills_the_form(client, teller, number):
    line = f"顾青禾|男|汉|{number[6:14]}|杭州市样例路1号|{number}|杭州市公安局西湖分局|20261101|长期"
    found = fills(client, line, document_type="chinese_passport")
    assert found["document_type"] == {"value": "resident_id", "locked": True}
    assert found["document_number"] == {"value": number, "locked": True}
    assert found["name"] == {"value": "顾青禾", "locked": True}
    assert found["address"] == {"value": "杭州市样例路1号", "locked": False}
    assert (found["ethnic_group"]["value"], found["long_term"]["value"]) == ("汉族", "on")
    assert (found["valid_from"]["value"], found["valid_until"]) == ("2026-11-01", {"value": "", "locked": True})
    assert (found["sex"]["locked"], found["birth_date"]["locked"]) == (True, True)


def test_a_reader_that_gives_no_period_leaves_it_alone(client, teller, number):
    record = "顾青禾".ljust(15) + "1" + "01" + number[6:14] + "杭州市样例路1号".ljust(35) + number
    assert fills(client, record).keys() & {"valid_from", "valid_until", "long_term"} == set()


def test_ones_own_number_is_no_surprise_and_still_a_look(client, teller, customer, number):
    typed = {"document_type": "resident_id", "document_number": number}
    own = page(client.post("/customers/open/answer/", typed | {"about": customer.customer_number}))
    other = page(client.post("/customers/open/answer/", typed | {"about": "\x00"}))
    assert ("data-known" in own, "data-known" in other) == (False, True)
    assert Look.objects.filter(customer=customer).count() == 2


def test_all_that_is_missing_is_said_at_once(client, customer):
    typed = on_the_counter(customer, valid_from="", valid_until="", reason="")
    assert {*client.post(address(customer), typed).context["form"].errors} == {"valid_from", "valid_until", "reason"}
