"""1001 over HTTP: the number answers, the check decides, errors by field, nothing lost."""

import html
import json
import re

import pytest

from customers.enums import CustomerStatus, Verification
from customers.models import Amendment, Customer, Draft, IdentityCheck, Look, Receipt
from customers.services import keep_draft
from tests.customers.pages import BORN, checked, form, logged_in
from tests.factories import make_customer, make_resident_number, make_staff

pytestmark = pytest.mark.django_db
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.fixture(autouse=True)
def _today(business_date):
    return business_date


@pytest.fixture
def teller(client):
    return logged_in(client)


def page(response) -> str:
    return html.unescape(response.content.decode())


def summary(response) -> list[str]:
    """The lines of the error summary: where each leads, and its words."""
    found = re.search(r"data-errors>.*?</div>", response.content.decode(), re.DOTALL)
    return re.findall(r'<a href="#id_(\w+)">', found[0]) if found else []


def fills(response) -> dict:
    return json.loads(re.search(r'<script id="fills"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)[1])


def answer(client, number, document_type="resident_id"):
    return client.post("/customers/open/answer/", {"document_type": document_type, "document_number": number})


def test_a_right_number_tells_birth_sex_place_and_fills_them(client, teller):
    number = make_resident_number(born=BORN)
    response = answer(client, number)
    words = page(response)
    assert "校验位正确" in words
    assert "浙江省 杭州市 西湖区" in words
    assert "本行社无此客户" in words
    assert fills(response)["birth_date"] == {"value": f"{number[6:10]}-{number[10:12]}-{number[12:14]}", "locked": True}
    assert fills(response)["sex"]["locked"] is True


def test_a_wrong_check_digit_is_said_and_fills_nothing(client, teller):
    number = make_resident_number()
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    response = answer(client, wrong)
    assert "校验位不正确，请重新读卡或核对末位" in page(response)
    assert fills(response)["birth_date"] == {"value": "", "locked": False}


def test_the_wrong_type_names_the_right_one(client, teller):
    words = page(answer(client, "810000199408230021"))
    assert 'data-switch-type="hmt_residence_permit"' in words
    assert "港澳台居民居住证" in words


def test_who_is_a_customer_is_shown_with_the_way_to_the_file_and_logged(client, teller):
    number = make_resident_number()
    customer = make_customer(number=number)
    words = page(answer(client, number))
    look = Look.objects.get(customer=customer)
    assert f"/customers/{customer.customer_number}/" in words
    assert (look.staff, number in look.key) == (teller, False)


def test_another_paper_of_the_same_person_finds_the_customer(client, teller):
    number = make_resident_number()
    customer = make_customer(number=number)
    assert customer.customer_number in page(answer(client, number, "temporary_resident_id"))


def test_the_machine_readable_zone_fills_the_form(client, teller):
    filled = fills(answer(client, MRZ, "resident_id"))
    assert filled["document_type"]["value"] == "foreign_passport"
    assert filled["document_number"]["value"] == "L898902C3"
    assert (filled["name"]["value"], filled["valid_until"]["value"]) == ("ERIKSSON ANNA MARIA", "2012-04-15")


def test_an_unknown_type_is_refused(client, teller):
    assert answer(client, "1", "no_such_type").status_code == 400


def test_the_period_is_suggested_by_age(client, teller):
    typed = form(make_resident_number(born=BORN), valid_from="20190520", valid_until="", birth_date="1991-08-16")
    assert fills(client.post("/customers/open/validity/", typed)) == {
        "valid_until": {"value": "2039-05-20", "locked": False},
        "valid_from": {"value": "2019-05-20", "locked": True},
    }


def test_a_period_that_does_not_fit_is_a_warning_only(client, teller):
    typed = form(make_resident_number(born=BORN), valid_until="2029-05-20", birth_date="1991-08-16")
    assert "有效期与年龄不符" in page(client.post("/customers/open/validity/", typed)).replace("持证人", "")


def test_opens_and_leads_to_the_receipt(client, teller):
    number = make_resident_number()
    keep_draft(transaction_code="1001", fields={"name": ["顾青禾"]}, by=teller)
    response = client.post("/customers/open/", form(number, checked(client, number)))
    customer, receipt = Customer.objects.get(), Receipt.objects.get()
    assert response.headers["Location"] == f"/customers/receipts/{receipt.pk}/"
    assert (customer.status, customer.verification) == (CustomerStatus.ACTIVE, Verification.VERIFIED)
    assert IdentityCheck.objects.get().photo_matches is True
    assert receipt.content["mobile"] == "139****0128"
    assert Draft.objects.count() == 0


def test_every_error_stands_by_its_field_and_nothing_is_lost(client, teller):
    number = make_resident_number()
    check = checked(client, number)
    typed = form(
        number, check, valid_from="2016-08-01", valid_until="2026-08-01", occupation="other", mobile="1390000012",
        birth_date="1991-13-40",
    )  # fmt: skip
    response = client.post("/customers/open/", typed)
    words = page(response)
    assert summary(response) == ["birth_date", "valid_until", "occupation_detail", "mobile"]
    assert "<title>错误：" in words
    assert 'value="1390000012"' in words
    assert f'name="identity_check" value="{check.pk}"' in words
    assert Customer.objects.count() == 0
    assert IdentityCheck.objects.get().decision == ""


def test_without_a_check_the_line_leads_to_its_button(client, teller):
    response = client.post("/customers/open/", form(make_resident_number()))
    assert summary(response) == ["identity_check"]


def test_the_photo_must_be_compared(client, teller):
    number = make_resident_number()
    response = client.post("/customers/open/", form(number, checked(client, number), photo_matches=""))
    assert summary(response) == ["photo_matches_0"]


def test_a_changed_name_voids_the_check(client, teller):
    number = make_resident_number()
    check = checked(client, number)
    panel = page(client.post("/customers/open/check/", form(number, check, name="顾青和")))
    refused = client.post("/customers/open/", form(number, check, name="顾青和"))
    assert "原结果已作废" in panel
    assert f'name="identity_check" value="{check.pk}" data-void' in panel
    assert summary(refused) == ["identity_check"]


def test_a_check_that_still_fits_is_not_made_twice(client, teller):
    number = make_resident_number()
    check = checked(client, number)
    client.post("/customers/open/check/?check=run", form(number, check))
    client.post("/customers/open/check/?check=again", form(number, check))
    assert IdentityCheck.objects.count() == 2


def test_the_photo_is_there_for_its_teller_only(client, teller):
    check = checked(client, make_resident_number())
    photo = client.get(f"/customers/checks/{check.pk}/photo/")
    logged_in(client)
    assert (photo.status_code, photo.headers["Content-Type"]) == (200, "image/svg+xml")
    assert client.get(f"/customers/checks/{check.pk}/photo/").status_code == 404


class TestMismatch:
    @pytest.fixture
    def number(self):
        return make_resident_number(sequence=900)

    def test_the_panel_says_what_is_open_and_why_not(self, client, teller, number):
        words = page(client.post("/customers/open/check/?check=run", form(number)))
        decisions = dict(re.findall(r'name="decision" id="\w+" value="(\w+)" required( disabled)?', words))
        assert "不得仅凭此结果拒绝办理" in words
        assert decisions == {
            "proceed": " disabled",
            "proceed_and_follow_up": "",
            "hold_pending_police": "",
            "refuse": " disabled",
        }

    def test_a_decision_is_asked_for(self, client, teller, number):
        response = client.post("/customers/open/", form(number, checked(client, number)))
        assert summary(response) == ["decision_0"]

    def test_a_closed_decision_is_refused_on_the_server(self, client, teller, number):
        response = client.post("/customers/open/", form(number, checked(client, number), decision="proceed"))
        assert summary(response) == ["decision_0"]
        assert Customer.objects.count() == 0

    def test_first_the_business_then_the_verification(self, client, teller, number):
        client.post("/customers/open/", form(number, checked(client, number), decision="proceed_and_follow_up"))
        assert Customer.objects.get().verification == Verification.FOLLOW_UP

    def test_an_auxiliary_paper_opens_the_way_and_asks_for_review(self, client, teller, number):
        paper = {"auxiliary_type_0": "driving_licence", "auxiliary_number_0": number, "auxiliary_same_name_0": "on"}
        check = checked(client, number)
        client.post("/customers/open/", form(number, check, decision="proceed", **paper))
        customer = Customer.objects.get()
        assert customer.status == CustomerStatus.PENDING_REVIEW
        assert Amendment.objects.get().customer == customer
        assert check.auxiliary_papers.count() == 1

    def test_a_paper_that_cannot_be_read_is_told_by_its_field(self, client, teller, number):
        paper = {"auxiliary_type_0": "driving_licence", "auxiliary_number_0": "123"}
        response = client.post(
            "/customers/open/", form(number, checked(client, number), decision="proceed_and_follow_up", **paper)
        )
        assert summary(response) == ["auxiliary_number_0"]
        assert Customer.objects.count() == 0

    def test_waiting_for_the_police_keeps_the_draft(self, client, teller, number):
        keep_draft(transaction_code="1001", fields={"name": ["顾青禾"]}, by=teller)
        response = client.post(
            "/customers/open/", form(number, checked(client, number), decision="hold_pending_police")
        )
        assert response.headers["Location"] == "/"
        assert (Customer.objects.count(), Draft.objects.count()) == (0, 1)

    def test_a_refusal_goes_to_a_second_person(self, client, teller, number):
        typed = form(
            number, checked(client, number), decision="refuse", reader_genuine="false", refusal_reason="forged"
        )
        response = client.post("/customers/open/", typed)
        assert response.headers["Location"] == "/customers/requests/"
        assert Amendment.objects.get().kind == "refusal"


def test_a_customer_meanwhile_opened_is_named_with_the_way_to_the_file(client, teller):
    number = make_resident_number()
    check = checked(client, number)
    existing = make_customer(number=number, by=make_staff())
    response = client.post("/customers/open/", form(number, check))
    assert summary(response) == ["document_number"]
    assert f"/customers/{existing.customer_number}/" in page(response)


def test_an_agent_is_verified_like_the_customer(client, teller):
    number = make_resident_number()
    typed = form(number, checked(client, number), has_agent="on", agent_name="何棠", agent_document_type="resident_id")
    response = client.post("/customers/open/", typed | {"agent_document_number": number})
    missing = ["agent_relation", "agent_document_number", "agent_mobile", "agent_reason", "agent_authority"]
    assert summary(response) == missing


@pytest.mark.parametrize(
    "nonsense",
    [
        {"name": "\x00"},
        {"name": "😀"},
        {"mobile": "9" * 100_000},
        {"document_type": "no_such_type"},
        {"document_number": "\x00" * 18},
        {"identity_check": "9" * 30},
        {"identity_check": "٣"},
        {"decision": "no_such_decision"},
        {"valid_from": "٢٠١٩-٠٥-٢٠"},
        {"nationality": "XXX"},
        {"has_agent": "on", "agent_document_type": "no_such_type"},
        {"auxiliary_type_0": "no_such_type", "auxiliary_number_0": "1"},
    ],
    ids=str,
)
def test_nonsense_is_answered_by_field(client, teller, nonsense):
    number = make_resident_number(sequence=900)
    response = client.post("/customers/open/", form(number, checked(client, number)) | nonsense)
    assert response.status_code == 200
    assert summary(response) != []
    assert Customer.objects.count() == 0


def test_the_check_panel_takes_nonsense_too(client, teller):
    for path in ("check/?check=run", "validity/"):
        assert client.post(f"/customers/open/{path}", {"document_type": "\x00", "name": "\x00"}).status_code == 200
