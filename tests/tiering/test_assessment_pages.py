"""The assessment as people see it: every figure opens so many customers, sheets say who took them, closing needs F9."""

import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tellerdesk.audit.models import AuditEvent
from tests.factories import make_staff, sign_in
from tests.tiering.bank import TODAY
from tests.tiering.quarters import QUARTER, make_assessment, make_quarter_bank, work
from tiering.models import Assessment
from tiering.services.assessing import close_assessment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PAGE = "/tiering/assessments/2026Q3/"
LINK = re.compile(r'<a class="list-link" href="(/tiering/assessments/2026Q3/customers/\?[^"]+)">([0-9,]+)</a>')


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def bank():
    return make_quarter_bank()


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_count_of_the_page_opens_so_many_customers(bank):
    make_assessment(bank)
    shown_in_full = False
    for who, most in (("headoffice", ""), ("manager", ""), ("teller", ""), ("headoffice", "?branch=001&below=0")):
        client = sign_in(bank.staff[who])
        found = {(unescape(href), words) for href, words in LINK.findall(text(client, PAGE + most))}
        assert found, who
        for href, words in found:
            page = text(client, href)
            assert page.count('<th scope="row" class="nowrap">') == int(words), (who, href, words)
            assert "欧阳娜娜" not in page
            if who == "manager" and "欧**娜" in page:
                lifted = client.post(href, {"reason": "监管检查"}).content.decode()
                assert "欧阳娜娜" in lifted
                shown_in_full = True
    assert shown_in_full


def test_a_net_figure_says_how_its_list_comes_to_it(bank):
    make_assessment(bank)
    client = sign_in(bank.staff["headoffice"])
    total = client.get(PAGE).context["report"].total
    net = client.get(f"{PAGE}customers/?indicator=customer_growth").context["net"]
    assert (net.new, net.left) == (total.tally.new_customers, total.tally.left_customers)
    assert (net.customers, net.new > 0) == (total.net_customers, True)
    assert f"新增 {net.new} 户，降出 {net.left} 户" in text(client, f"{PAGE}customers/?indicator=customer_growth")
    assert client.get(f"{PAGE}customers/?indicator=churn_rate").context["net"] is None


def test_who_owned_nobody_is_told_so_in_a_sentence(bank):
    make_assessment(bank)
    client = sign_in(make_staff("consultant", position="wealth_consultant", branch=bank.branches["000"]))
    page = text(client, PAGE)
    assert ("本季度您名下没有客户" in page, "board-five" in page) == (True, False)


def test_head_office_computes_and_closes_on_the_page(bank):
    client = sign_in(bank.staff["headoffice"])
    assert text(client, PAGE).count("compute/") == 1
    client.post(f"{PAGE}compute/")
    assert '<noscript><meta http-equiv="refresh"' in text(client, PAGE)
    part = client.get(PAGE, HTTP_HX_REQUEST="true")
    assert ("hx-get" in part.content.decode(), "<html" in part.content.decode()) == (True, False)
    work()
    assert client.get(PAGE, HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    page = text(client, PAGE)
    assert 'data-key="F9"' in page
    assert client.post(f"{PAGE}close/", {"version": "1"}).status_code == 302
    assert Assessment.objects.get().is_closed
    refused = client.post(f"{PAGE}close/", {"version": "1"})
    assert refused.status_code == 200
    assert 'id="id_reason"' not in text(client, PAGE), "there is nothing left to close"
    assert "close/" not in text(sign_in(bank.staff["manager"]), PAGE)
    for bad in ("a\x00b", "x" * 500, "😀", "\ud800"):
        sent = bad.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert client.post(f"{PAGE}close/", {"reason": sent, "version": "9" * 30}).status_code in (200, 302)
    client.post(f"{PAGE}compute/")
    refused = client.post(f"{PAGE}close/", {"version": "1"}).content.decode()
    assert f'hx-get="{PAGE}"' in refused, "progress is asked for where it can be read"
    work()
    refused = client.post(f"{PAGE}close/", {"version": "2"}).content.decode()
    assert 'id="id_reason_error"' in refused, "said by the page at its field, not by the browser"
    assert 'href="#id_reason"' in refused


def test_sheets_have_numerator_and_denominator_and_are_audited(bank):
    make_assessment(bank, closed=True)
    client = sign_in(bank.staff["manager"])
    answer = client.post(f"{PAGE}export/")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    cells = rows.to_python(skip_empty_area=False)
    teller = next(row for row in cells if "teller" in row)
    assert teller[5:10] == [3, 1, 3, 0.3333, 1]
    behind = client.post(f"{PAGE}customers/export/?indicator=churn_rate&part=denominator&owner=teller")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(behind.streaming_content))).get_sheet_by_index(0)
    cells = rows.to_python(skip_empty_area=False)
    numbers = {cell for row in cells for cell in row}
    assert {bank.customers[name] for name in ("left", "near the next", "up and down again")} <= numbers
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"tiering.assessment_exported", "tiering.assessed_exported", "tiering.assessment_closed"} <= actions


def test_the_board_shows_the_last_closed_quarter_in_two_more_queries(bank):
    client = sign_in(bank.staff["manager"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page = text(client, "/tiering/")
        assert ("board-five" in page) == Assessment.objects.exists()
        return len(found)

    text(client, "/tiering/")
    before = queries()
    make_assessment(bank)
    close_assessment(quarter=QUARTER, by=bank.staff["headoffice"])
    assert queries() <= before + 1, "one asked for the versions before"
    assert "许知微" in text(client, "/tiering/")


def test_pages_beyond_the_own_scope_are_not_there(bank):
    make_assessment(bank)
    other = sign_in(bank.staff["manager2"])
    for address in (PAGE, f"{PAGE}customers/?indicator=churn_rate&branch=001"):
        assert other.get(f"{address}{'&' if '?' in address else '?'}branch=001").status_code == 404
    assert other.post(f"{PAGE}export/?branch=001").status_code == 404
    teller = sign_in(bank.staff["teller"])
    for query in ("indicator=wealthy", "indicator=churn_rate&owner=lobby", "indicator=x", "", "owner=%00"):
        assert teller.get(f"{PAGE}customers/?{query}").status_code == 404, query
        assert teller.post(f"{PAGE}customers/export/?{query}").status_code == 404, query
    for bad in ("2026Q9", "x", "%00", "%F0%9F%98%80"):
        assert teller.get(f"/tiering/assessments/{bad}/").status_code == 404
    assert teller.get(f"{PAGE}?version=77").status_code == 404
