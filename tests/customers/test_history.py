"""The history of a customer as people read it: who changed what on whose approval, who looked, checks, receipts."""

import html
import io

import pytest
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from customers.models import Amendment, Look
from customers.selectors.history import asked_of, every_line, history_page
from customers.selectors.history_events import differences
from customers.selectors.timeline import Key
from customers.services import amend_customer, approve, look_up, print_again, reject
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.sentences import field_label, readable
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff, sign_in
from tests.tiering.standing import make_owner, make_standing

pytestmark = pytest.mark.django_db
MOBILE = "13912345678"


@pytest.fixture(autouse=True)
def _today(business_date, settings):
    settings.AUTHENTICATION_BACKENDS = [
        each for each in settings.AUTHENTICATION_BACKENDS if each != "training.backends.QualificationBackend"
    ]
    return business_date


@pytest.fixture
def maker():
    return make_staff("maker", name="程小满")


@pytest.fixture
def checker():
    return make_staff("checker", position="supervisor", name="方砚")


@pytest.fixture
def customer(maker):
    return make_customer(by=maker, number=make_resident_number())


def change(customer, by, *, reason="换号", **changes) -> Amendment:
    customer.refresh_from_db()
    return amend_customer(customer=customer, changes=changes, in_person=True, reason=reason, by=by)


def lines(customer, **conditions):
    return history_page(asked_of(customer, **conditions)).lines


def page(response) -> str:
    return html.unescape(response.content.decode())


def seen(client, customer, query="") -> str:
    response = client.get(f"/customers/{customer.customer_number}/history/{query}")
    assert response.status_code == 200
    return page(response)


def test_a_change_is_told_with_maker_checker_reason_and_both_values(customer, maker, checker):
    amendment = change(customer, maker, mobile=MOBILE)
    approve(amendment=amendment, by=checker)
    [line] = [each for each in lines(customer) if each.action == "customers.amendment_approved"]
    assert (line.approval.maker, line.approval.checker, line.approval.reason) == ("程小满", "方砚", "换号")
    assert (line.approval.kind, line.approval.status) == ("amendment", "applied")
    assert [(each.label, each.before, each.after) for each in line.differences] == [
        ("手机号", "139****0128", "139****5678")
    ]


def test_a_request_that_waits_or_was_returned_shows_what_was_asked_for(customer, maker, checker):
    amendment = change(customer, maker, mobile=MOBILE)
    [line] = [each for each in lines(customer) if each.action == "customers.amendment_requested"]
    assert (line.asked_for, line.approval.waits, line.differences[0].after) == (True, True, "139****5678")
    reject(amendment=amendment, reason="号码有误", by=checker)
    [line] = [each for each in lines(customer) if each.action == "customers.amendment_rejected"]
    assert (line.approval.status, line.approval.decision_reason) == ("rejected", "号码有误")


def test_an_opening_says_that_nobody_had_to_approve_it(client, customer, maker):
    words = seen(sign_in(maker, client), customer)
    assert "无须复核" in words
    [line] = [each for each in lines(customer) if each.action == "customers.opened"]
    assert (line.approval.maker, line.approval.checker) == ("程小满", "")


def test_fields_and_values_are_in_the_readers_words(customer, maker, checker):
    change(customer, maker, occupation="retired", reason="退休")
    [line] = [each for each in lines(customer) if each.action == "customers.amended"]
    assert [(each.label, each.before, each.after) for each in line.differences] == [
        ("职业", "农林牧渔人员", "离退休人员")
    ]
    assert "职业" in line.sentence


def test_fields_that_the_customers_own_row_does_not_have(customer):
    changes = {
        "document_type": ["resident_id", "temporary_resident_id"],
        "document_number": ["110105********002X", "110105********0038"],
        "valid_until": ["2030-01-01", None],
        "long_term": [False, True],
        "nationality": ["CHN", "USA"],
        "name": ["顾青禾", "顾青和"],
    }
    assert [(each.label, each.before, each.after) for each in differences(changes, in_full=False)] == [
        ("证件类型", "居民身份证", "临时居民身份证"),
        ("证件号码", "110105********002X", "110105********0038"),
        ("到期日", "2030-01-01", "—"),
        ("长期", "否", "是"),
        ("国籍", "CHN 中国", "USA 美国"),
        ("姓名", "顾青禾", "顾青和"),
    ]


def test_names_and_telephones_in_changes_are_masked_in_the_audit(client, customer, maker, checker):
    approve(amendment=change(customer, maker, mobile=MOBILE), by=checker)
    auditor = sign_in(make_staff(position="auditor", branch=make_branch("000")), client)
    words = page(auditor.get(f"/audit/records/customers.customer/{customer.pk}/"))
    assert ("139****5678" in words, MOBILE in words) == (True, False)
    assert field_label("customers.customer", "document_number") == "证件号码"
    assert readable("customers.customer", "name", "顾青禾") == "顾*禾"


def test_checks_with_result_and_decision(customer):
    [line] = lines(customer, kind="checks")
    assert line.action == "customers.checked"
    assert line.facts == (("业务", "开立客户"), ("结果", "号码与姓名一致，有照片"))


def test_looks_with_their_reason_and_the_key_in_words(client, customer, maker):
    look_up(document_type="resident_id", document_number=customer.documents.get().number, reason="核对地址", by=maker)
    [line] = lines(customer, kind="looks")
    number = customer.documents.get().number
    assert "居民身份证" in line.sentence
    assert (line.reason, number in line.sentence) == ("核对地址", False)


def test_receipts_and_reprints(customer, maker):
    print_again(receipt=customer.receipts.get(), by=maker)
    assert [each.action for each in lines(customer, kind="receipts")] == ["customers.receipt_printed", "receipt"]


def test_owners_and_tiers_stand_in_it(customer, maker):
    make_owner(make_standing(customer), maker)
    [line] = lines(customer, kind="standing")
    assert line.sentence == "程小满 maker 成为维护责任人"


def test_what_happened_to_a_number_merged_into_it(customer, maker):
    absorbed = make_customer(by=maker)
    number = absorbed.customer_number
    absorbed.status, absorbed.merged_into = "merged", customer
    absorbed.save()
    about = {each.about for each in lines(customer) if each.action == "customers.opened"}
    assert about == {"", number}
    assert {each.about for each in lines(customer, kind="receipts")} == {"", number}


def test_by_person_and_period(customer, maker, checker):
    approve(amendment=change(customer, maker, mobile=MOBILE), by=checker)
    assert {each.username for each in lines(customer, person="checker")} == {"checker"}
    today = lines(customer)[0].at.date()
    assert lines(customer, since=today.replace(year=today.year + 1)) == []
    assert lines(customer, until=today.replace(year=today.year - 1)) == []


def test_page_by_page_each_line_once(customer, maker):
    for _ in range(130):
        look_up(customer_number=customer.customer_number, by=maker)
    once = history_page(asked_of(customer), size=10_000).lines
    seen_keys, following, pages = [], "", 0
    while following is not None:
        found = history_page(asked_of(customer, after=following), size=50)
        seen_keys += [(line.kind, line.pk) for line in found.lines]
        following, pages = found.following, pages + 1
    assert seen_keys == [(line.kind, line.pk) for line in once]
    assert (len(set(seen_keys)), pages) == (len(once), 3)
    assert [(line.kind, line.pk) for line in every_line(asked_of(customer), most=20)] == seen_keys[:20]


def test_lines_of_one_instant_are_not_lost_between_pages(customer, maker):
    at = AuditEvent.objects.latest("pk").at
    for _ in range(5):
        Look.objects.create(legal_entity=customer.legal_entity, staff=maker, key="1", customer=customer, at=at)
    found = []
    following = ""
    while following is not None:
        step = history_page(asked_of(customer, after=following), size=1)
        found += [(line.kind, line.pk) for line in step.lines]
        following = step.following
    assert found == [(line.kind, line.pk) for line in history_page(asked_of(customer), size=999).lines]


@pytest.mark.parametrize("text", ["", "x", "1.2", "1.2.3.4", "9" * 40 + ".0.1", "٣.0.1", "-1.0.1", "1.0.1\n"])
def test_a_key_that_is_none_begins_anew(text):
    assert Key.read(text) is None


def test_a_key_is_read_as_it_was_written(customer):
    line = lines(customer)[0]
    key = Key(line.at, 1, 7)
    assert Key.read(str(key)) == key


@pytest.mark.parametrize(
    "query", ["?kind=nothing", "?after=x", "?since=nie", "?person=%00", "?until=2026-02-31", "?person=" + "x" * 900]
)
def test_what_is_no_filter_counts_as_none(client, customer, maker, query):
    assert "开立客户" in seen(sign_in(maker, client), customer, query)


def test_the_page_prints_with_who_and_when(client, customer, maker):
    words = seen(sign_in(maker, client), customer)
    assert "打印人 程小满 maker" in words
    assert "print-head" in words


# Session, person, gate, postings; the look; numbers merged in; checks and events, their requests, looks, receipts,
# movements, owners; the right to unmask asks nothing more.
HISTORY_QUERIES = 15


@pytest.mark.parametrize("acts", [1, 3])
def test_a_fixed_number_of_questions(client, customer, maker, acts, django_assert_num_queries):
    make_owner(make_standing(customer), maker)
    for place in range(acts):
        change(customer, maker, address=f"样例路{place}号", reason="搬家")
        look_up(customer_number=customer.customer_number, by=maker)
    sign_in(maker, client)
    seen(client, customer)
    with django_assert_num_queries(HISTORY_QUERIES):
        seen(client, customer)


def sheet(answer) -> list[list]:
    assert answer.status_code == 200
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


def exported(client, customer, query="", **sent):
    return client.post(f"/customers/{customer.customer_number}/history/export/{query}", sent)


def test_as_a_workbook_masked(client, customer, maker, checker):
    approve(amendment=change(customer, maker, mobile=MOBILE), by=checker)
    rows = sheet(exported(sign_in(maker, client), customer, "?kind=changes"))
    told = {row[0]: row[1] for row in rows[1:7]}
    assert (told["导出人"], told["筛选"], told["姓名与号码"]) == ("程小满 maker", "变更", "已遮蔽")
    everything = str(rows)
    assert ("139****5678" in everything, MOBILE in everything, "顾青禾" in everything) == (True, False, False)
    event = AuditEvent.objects.get(action="customers.history_exported")
    assert (event.actor, event.detail) == ("maker", {"filter": "变更"})


def test_as_a_workbook_in_full_for_a_reason(client, customer, maker, checker):
    approve(amendment=change(customer, maker, mobile=MOBILE), by=checker)
    rows = sheet(exported(sign_in(checker, client), customer, reason="司法查询"))
    everything = str(rows)
    assert (MOBILE in everything, "顾青禾" in everything, "司法查询" in everything) == (True, True, True)
    assert AuditEvent.objects.get(action="customers.history_exported_in_full").detail["reason"] == "司法查询"


def test_in_full_is_not_for_every_position(client, customer, maker):
    assert exported(sign_in(maker, client), customer, reason="好奇").status_code == 403
    assert AuditEvent.objects.filter(action__startswith="customers.history_exported").count() == 0


def test_another_legal_entity_is_not_there(client, customer):
    stranger = make_staff(branch=make_branch("101", entity=make_entity("NB", "甬城农村商业银行")))
    assert exported(sign_in(stranger, client), customer).status_code == 404


def test_the_interface_gives_the_strands_and_goes_on(client, customer, maker, checker):
    approve(amendment=change(customer, maker, mobile=MOBILE), by=checker)
    for _ in range(60):
        look_up(customer_number=customer.customer_number, reason="核对", by=maker)
    sign_in(maker, client)
    address = f"/api/v1/customers/{customer.customer_number}/history/"
    first = client.get(address).json()
    second = client.get(first["next"]).json()
    assert len(first["looks"]) == 50
    assert first["looks"][1]["reason"] == "核对"
    [approved] = [each for each in second["changes"] if each["action"] == "customers.amendment_approved"]
    assert (approved["staff"], approved["maker"], approved["checker"]) == ("checker", "maker", "checker")
    assert (approved["reason"], approved["kind"], list(approved["changes"])) == ("换号", "amendment", ["mobile"])
    assert second["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [("kind=shoes", "kind"), ("since=x", "since"), ("until=2026-02-30", "until"), ("person=%00", "person")],
)
def test_the_interface_names_the_field_that_is_wrong(client, customer, maker, query, field):
    answer = sign_in(maker, client).get(f"/api/v1/customers/{customer.customer_number}/history/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_the_newest_looks_are_found_by_index_and_not_sorted_out(customer):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    asked = asked_of(customer, after=str(Key(timezone.now(), 1, 7)))
    plan = asked.newest(asked.of_customer(Look.objects.all())).explain()
    assert "Index Scan using look_by_customer" in plan
    assert "Sort" not in plan
