"""What managers and auditors read of the counter: decisions, looks, a day's work; page, workbook and interface."""

import html
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from customers.services import amend_customer, approve, exporting, look_up, print_again, reject
from tellerdesk.audit.models import AuditEvent
from tests.factories import (
    make_branch,
    make_customer,
    make_entity,
    make_posting,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
DECIDED, LOOKS, TOTALS = "/customers/lists/decided/", "/customers/looks/", "/customers/lists/decided/day-totals/"
WHY = {"reason": "季度检查"}


@pytest.fixture(autouse=True)
def _today(settings):
    """The courses have tests of their own. The bank's day is the clock's: what is decided now is of today."""
    settings.BUSINESS_DATE = timezone.localdate()
    settings.AUTHENTICATION_BACKENDS = [
        each for each in settings.AUTHENTICATION_BACKENDS if each != "training.backends.QualificationBackend"
    ]


@pytest.fixture
def maker():
    return make_staff("maker", name="程小满")


@pytest.fixture
def checker():
    return make_staff("checker", position="supervisor", name="方砚")


@pytest.fixture
def manager():
    return make_staff("manager", position="branch_manager", name="陆鸣谦")


@pytest.fixture
def elsewhere():
    return make_branch("002", name="湖滨支行")


@pytest.fixture
def customer(maker):
    return make_customer(by=maker, name="欧阳青禾")


def decide(customer, maker, checker, *, mobile="13912345678", returned=""):
    customer.refresh_from_db()
    request = amend_customer(customer=customer, changes={"mobile": mobile}, in_person=True, reason="换号", by=maker)
    if returned:
        return reject(amendment=request, reason=returned, by=checker)
    return approve(amendment=request, by=checker)


def page(response) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def shown(client, address) -> list:
    return client.get(address).context["rows"]


def sheet(answer) -> list[list]:
    assert answer.status_code == 200
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


def table(rows: list[list], first: str) -> list[list]:
    return rows[next(place for place, row in enumerate(rows) if row[0] == first) :]


def export(client, code: str, query: str = "", **sent):
    return client.post(f"/customers/lists/{code}/export/{query}", sent)


# decisions


def test_decisions_with_maker_checker_kind_and_masked_name(client, customer, maker, checker, manager):
    decide(customer, maker, checker)
    decide(customer, maker, checker, mobile="13912345679", returned="号码有误")
    words = page(sign_in(manager, client).get(DECIDED))
    for said in ("程小满", "方砚", "信息变更", "号码有误", "欧**禾"):
        assert said in words
    assert "欧阳青禾" not in words


def test_what_waits_or_needed_nobody_is_not_among_them(client, customer, maker, manager):
    amend_customer(customer=customer, changes={"address": "样例路9号"}, in_person=True, reason="搬家", by=maker)
    amend_customer(customer=customer, changes={"mobile": "13912345678"}, in_person=True, reason="换号", by=maker)
    assert shown(sign_in(manager, client), DECIDED) == []


def test_by_person_kind_state_and_period(client, customer, maker, checker, manager):
    applied = decide(customer, maker, checker)
    returned = decide(customer, maker, checker, mobile="13912345679", returned="号码有误")
    client = sign_in(manager, client)
    tomorrow = timezone.localdate() + timedelta(days=1)
    answers = {
        query: shown(client, f"{DECIDED}?{query}")
        for query in (
            "person=maker", "person=CHECKER", "person=manager", "status=rejected", "status=applied", "kind=merge",
            "kind=amendment", f"since={tomorrow}", f"until={timezone.localdate()}",
        )
    }  # fmt: skip
    both = [returned, applied]
    assert list(answers.values()) == [both, both, [], [returned], [applied], [], both, [], both]


def test_a_manager_reads_the_decisions_of_the_own_branch_alone(client, customer, maker, checker, elsewhere):
    decide(customer, maker, checker)
    other = make_staff(position="branch_manager", branch=elsewhere)
    client = sign_in(other, client)
    assert shown(client, DECIDED) == []
    assert client.get(f"{DECIDED}?branch=001").status_code == 404
    assert export(client, "decided", "?branch=001").status_code == 404


def test_another_legal_entity_is_nowhere(client, customer, maker, checker):
    decide(customer, maker, checker)
    bank = make_entity("NB", "甬城农村商业银行")
    stranger = make_staff(position="head_office", branch=make_branch("101", entity=bank))
    client = sign_in(stranger, client)
    assert shown(client, DECIDED) == []
    assert client.get(f"{LOOKS}maker/").status_code == 404
    assert shown(client, TOTALS) == []


def test_who_sees_several_branches_chooses_one(client, customer, maker, checker, elsewhere):
    decided = decide(customer, maker, checker)
    client = sign_in(make_staff(position="auditor", branch=make_branch("000")), client)
    assert shown(client, f"{DECIDED}?branch=001") == [decided]
    assert shown(client, f"{DECIDED}?branch=002") == []
    assert '<option value="002">' in page(client.get(DECIDED))


def test_page_by_page(client, customer, maker, checker, manager):
    for place in range(51):
        decide(customer, maker, checker, mobile=f"139000001{place:02}")
    client = sign_in(manager, client)
    first = client.get(DECIDED)
    second = shown(client, f"{DECIDED}?after={first.context['following']}")
    assert (len(first.context["rows"]), len(second)) == (50, 1)
    assert "下一页" in page(first)


def test_the_mask_is_lifted_for_a_reason(client, customer, maker, checker, manager):
    decide(customer, maker, checker)
    assert "欧阳青禾" in page(sign_in(manager, client).post(DECIDED, WHY))
    assert AuditEvent.objects.get(action="customers.list_unmasked").detail["list"] == "decided"


@pytest.mark.parametrize("decisions", [1, 3])
def test_a_fixed_number_of_questions(client, customer, maker, checker, manager, decisions, django_assert_num_queries):
    for place in range(decisions):
        decide(customer, maker, checker, mobile=f"139000001{place:02}")
    client = sign_in(manager, client)
    client.get(DECIDED)
    with django_assert_num_queries(8):
        client.get(DECIDED)


@pytest.mark.parametrize(
    "query", ["since=nie", "until=2026-02-31", "branch=%00", "kind=shoe", "status=x", "person=" + "9" * 900, "after=x"]
)
def test_what_is_no_filter_counts_as_none(client, customer, maker, checker, manager, query):
    decide(customer, maker, checker)
    assert len(shown(sign_in(manager, client), f"{DECIDED}?{query}")) == 1


# looks


def test_looks_of_a_person_with_masked_key_and_reason(client, manager, maker):
    number = make_resident_number()
    make_customer(number=number, name="欧阳青禾")
    look_up(document_type="resident_id", document_number=number, reason="核对地址", by=maker)
    look_up(customer_number="999999999999", by=maker)
    words = page(sign_in(manager, client).get(f"{LOOKS}maker/"))
    for said in ("核对地址", f"居民身份证 {number[:6]}********{number[-4:]}", "欧**禾", "查无此客户"):
        assert said in words
    assert (number in words, "欧阳青禾" in words) == (False, False)


def test_a_manager_reads_own_staff_in_the_own_branch_alone(client, manager, maker, elsewhere, customer):
    stranger = make_staff("stranger", branch=elsewhere)
    look_up(customer_number=customer.customer_number, reason="本网点", by=maker)
    maker.posting_set.update(until=timezone.localdate() - timedelta(days=1))
    make_posting(maker, position="teller", branch=elsewhere)
    look_up(customer_number=customer.customer_number, reason="新网点", by=maker)
    client = sign_in(manager, client)
    words = page(client.get(f"{LOOKS}maker/"))
    assert ("本网点" in words, "新网点" in words) == (True, False)
    assert client.get(f"{LOOKS}{stranger.username}/").status_code == 404
    auditor = sign_in(make_staff(position="auditor", branch=make_branch("000")))
    assert "新网点" in page(auditor.get(f"{LOOKS}maker/"))


def test_a_staff_number_leads_to_the_looks_and_an_unknown_one_says_so(client, manager, maker):
    client = sign_in(manager, client)
    assert client.get(f"{LOOKS}?person=Maker").headers["Location"] == f"{LOOKS}maker/"
    assert "没有您可查阅其查询记录的该工号" in page(client.get(f"{LOOKS}?person=nobody"))


def test_staff_are_offered_and_customers_lead_to_their_file(client, manager, maker, customer, elsewhere):
    make_staff("other", branch=elsewhere)
    look_up(customer_number=customer.customer_number, by=maker)
    sign_in(manager, client)
    offered = client.get(LOOKS).content.decode()
    assert '<option value="maker">程小满</option>' in offered
    assert 'list="people"' in offered
    assert 'value="other"' not in offered
    assert f'href="/customers/{customer.customer_number}/"' in client.get(f"{LOOKS}maker/").content.decode()


def test_looks_as_a_workbook(client, manager, maker, customer):
    look_up(customer_number=customer.customer_number, reason="=核对", by=maker)
    rows = sheet(export(sign_in(manager, client), "looks", "?person=maker"))
    lines = table(rows, "时间")
    assert lines[1][1:] == [
        "maker", "001 城东支行", f"客户号 {customer.customer_number}", customer.customer_number, "欧**禾", "=核对",
    ]  # fmt: skip
    event = AuditEvent.objects.get(action="customers.list_exported")
    assert event.detail == {"list": "looks", "filter": "人员 maker", "rows": 1}


@pytest.mark.parametrize("looks", [1, 3])
def test_looks_ask_a_fixed_number_of_questions(client, manager, maker, customer, looks, django_assert_num_queries):
    for _ in range(looks):
        look_up(customer_number=customer.customer_number, by=maker)
    client = sign_in(manager, client)
    client.get(f"{LOOKS}maker/")
    with django_assert_num_queries(9):
        client.get(f"{LOOKS}maker/")


# the day


def test_what_each_did_on_a_day(client, customer, maker, checker, manager):
    decide(customer, maker, checker)
    decide(customer, maker, checker, mobile="13912345679", returned="号码有误")
    print_again(receipt=customer.receipts.first(), by=maker)
    rows = {row.username: row.counts for row in shown(sign_in(manager, client), TOTALS)}
    assert rows == {
        "maker": {"openings": 1, "amendments": 2, "checks": 1, "reprints": 1},
        "checker": {"approved": 1, "returned": 1},
    }


@pytest.mark.parametrize("behind", [-40, 0, 40])
def test_today_is_one_day_in_all_of_them_whatever_the_business_date(client, maker, checker, manager, settings, behind):
    settings.BUSINESS_DATE = timezone.localdate() - timedelta(days=behind)
    decide(make_customer(by=maker), maker, checker)
    client = sign_in(checker, client)
    rows = {row.username: row.counts for row in shown(client, TOTALS)}
    assert rows == {"maker": {"openings": 1, "amendments": 1, "checks": 1}, "checker": {"approved": 1}}
    assert len(shown(client, DECIDED)) == client.get("/customers/review/").context["decided"] == 1


def test_day_totals_of_another_day_and_branch(client, customer, manager, elsewhere):
    client = sign_in(manager, client)
    assert shown(client, f"{TOTALS}?day=2001-01-01") == []
    assert client.get(f"{TOTALS}?branch=002").status_code == 404
    assert "当日无业务" in page(client.get(f"{TOTALS}?day=2001-01-01"))


@pytest.mark.parametrize("tellers", [1, 3])
def test_the_day_asks_a_fixed_number_of_questions(client, manager, tellers, django_assert_num_queries):
    for _ in range(tellers):
        make_customer(by=make_staff())
    client = sign_in(manager, client)
    client.get(TOTALS)
    with django_assert_num_queries(11):
        client.get(TOTALS)


def test_day_totals_as_a_workbook(client, customer, manager):
    lines = table(sheet(export(sign_in(manager, client), "day_totals")), "网点")
    assert lines[0] == ["网点", "工号", "姓名", "开立", "信息变更", "其他交易", "核查记录", "已批准", "已退回", "补打"]
    assert lines[1] == ["001 城东支行", "maker", "程小满", 1, 0, 0, 1, 0, 0, 0]


# workbooks and interface of every list


@pytest.mark.parametrize("code", ["checks", "receipts", "my_requests", "waiting", "decided"])
def test_a_workbook_says_who_when_and_what_and_is_masked(client, customer, maker, checker, manager, code):
    decide(customer, maker, checker)
    reader = maker if code == "my_requests" else manager
    request = amend_customer(
        customer=customer, changes={"mobile": "13912345670"}, in_person=True, reason="换号", version=None, by=maker
    )
    rows = sheet(export(sign_in(reader, client), code))
    told = {row[0]: row[1] for row in rows[1:6]}
    assert request.pk
    assert told["导出人"] == f"{reader.name} {reader.username}"
    assert told["姓名与号码"] == "已遮蔽"
    assert set(told) == {"筛选", "行数", "姓名与号码", "导出人", "导出时间"}
    assert ("欧**禾" in str(rows), "欧阳青禾" in str(rows)) == (True, False)
    event = AuditEvent.objects.get(action="customers.list_exported")
    assert (event.detail["list"], event.detail["rows"]) == (code, told["行数"])


def test_in_full_for_a_reason_and_the_sheet_says_so(client, customer, maker, checker, manager):
    decide(customer, maker, checker)
    rows = sheet(export(sign_in(manager, client), "decided", reason="司法查询"))
    assert ("欧阳青禾" in str(rows), "完整；理由：司法查询" in str(rows)) == (True, True)
    assert AuditEvent.objects.get(action="customers.list_exported_in_full").detail["reason"] == "司法查询"


def test_in_full_is_not_for_every_position(client, customer, maker):
    assert export(sign_in(maker, client), "receipts", reason="好奇").status_code == 403
    assert AuditEvent.objects.filter(action__startswith="customers.list_exported").count() == 0


@pytest.mark.parametrize("reason", ["\x00", "长" * 201, "😀"])
def test_a_reason_that_cannot_be_kept_is_refused(client, customer, manager, reason):
    assert export(sign_in(manager, client), "receipts", reason=reason).status_code == 400


def test_a_list_too_long_for_a_workbook_is_refused(client, customer, manager, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 0)
    assert export(sign_in(manager, client), "receipts").status_code == 409
    assert AuditEvent.objects.filter(action="customers.list_exported").count() == 0


def test_nothing_is_exported_by_get(client, manager):
    assert sign_in(manager, client).get("/customers/lists/receipts/export/").status_code == 405


def test_the_interface_gives_a_list_masked_and_in_full_by_post(client, customer, maker, checker, manager):
    decide(customer, maker, checker)
    client = sign_in(manager, client)
    address = "/api/v1/customers/lists/decided/?person=maker"
    [masked] = client.get(address).json()["results"]
    answer = client.post(address, WHY, content_type="application/json")
    [clear] = answer.json()["results"]
    assert (masked["name"], clear["name"]) == ("欧**禾", "欧阳青禾")
    assert (masked["maker"], masked["checker"], masked["kind"], masked["status"], masked["fields"]) == (
        "maker", "checker", "amendment", "applied", ["mobile"],
    )  # fmt: skip
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(f"{address}&reason=x").json()["results"][0]["name"] == "欧**禾"
    assert AuditEvent.objects.filter(action="customers.list_unmasked").count() == 1


def test_the_interface_goes_on_by_key(client, customer, maker, manager):
    for _ in range(50):
        make_customer(by=maker)
    client = sign_in(manager, client)
    first = client.get("/api/v1/customers/lists/receipts/").json()
    assert (len(first["results"]), len(client.get(first["next"]).json()["results"])) == (50, 1)
    whole = client.post("/api/v1/customers/lists/receipts/", WHY, content_type="application/json").json()
    body = WHY | {"after": int(whole["next"])}
    rest = client.post("/api/v1/customers/lists/receipts/", body, content_type="application/json").json()
    assert (len(whole["results"]), len(rest["results"]), rest["next"]) == (50, 1, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "reason"), ({"reason": ""}, "reason"), ({"reason": 5}, "reason"), ({"reason": "\x00"}, "reason"),
     ({"reason": "x", "after": -1}, "after"), ({"reason": "x", "after": "z"}, "after"), ({"reason": "😀"}, "reason")],
)  # fmt: skip
def test_a_wrong_body_names_its_field(client, manager, body, field):
    answer = sign_in(manager, client).post("/api/v1/customers/lists/receipts/", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("query", ["day=nie", "day=%00", "day=2026-02-31"])
def test_a_wrong_filter_names_its_field(client, manager, query):
    answer = sign_in(manager, client).get(f"/api/v1/customers/lists/receipts/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["day"])
