"""9003: the working days, read by the counter, taken over from a file by head office, counted by every due day."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from customers.enums import CheckDecision
from customers.models import CalendarDay
from customers.rules.calendar_file import Line
from customers.rules.corroboration import Evidence
from customers.selectors.check_panel import check_panel
from customers.selectors.work_calendar import calendar_of
from customers.services.keeping_calendar import keep_calendar
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.demo.holidays import CALENDAR, calendar_lines
from tests.customers.checks import deferred, followed_up, held, refused
from tests.factories import make_branch, make_check, make_entity, make_resident_number, make_staff, sign_in

pytestmark = pytest.mark.django_db
PAGE, API = "/customers/calendar/", "/api/v1/calendar/"
NATIONAL = "日期,类型,名称\n2026-10-01,休,国庆节\n2026-10-10,班,国庆节调休\n"


@pytest.fixture(autouse=True)
def _before_the_national_holiday(settings):
    settings.BUSINESS_DATE = date(2026, 9, 30)
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[1:]


@pytest.fixture
def head():
    make_branch()
    return make_staff("head1", position="head_office", branch=make_branch("000"))


def file(content, name="日历.csv"):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def sent(head, content, address=API):
    return sign_in(head).post(address, {"file": file(content)})


def on_file() -> list[tuple]:
    return [(f"{row.day}", row.is_working, row.name) for row in CalendarDay.objects.order_by("day")]


NATIONAL_DAYS = [("2026-10-01", False, "国庆节"), ("2026-10-10", True, "国庆节调休")]


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, days = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["日期", "类型", "名称"])
        for row, (day, kind, name) in enumerate([(1, "休", "国庆节"), (10, "班", "国庆节调休")], 1):
            sheet.write_datetime(row, 0, date(2026, 10, day), days)
            sheet.write_row(row, 1, [kind, name])
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        NATIONAL.encode(),
        NATIONAL.encode("utf-8-sig"),
        NATIONAL.encode("gb18030"),
        NATIONAL.replace(",", "\t").replace("休", "holiday", 1).encode(),
        "day,kind,name\n20261001,holiday,国庆节\n2026/10/10,working,国庆节调休\n".encode(),
        workbook(),
    ],
    ids=["utf-8", "bom", "gb18030", "tabs", "english", "xlsx"],
)
def test_a_file_however_offices_write_it(head, content):
    answer = sent(head, content)
    assert (answer.status_code, answer.json()) == (200, {"lines": 2, "changed": 2})
    assert on_file() == NATIONAL_DAYS


def test_the_same_file_twice_changes_nothing(head):
    sent(head, NATIONAL)
    assert sent(head, NATIONAL).json() == {"lines": 2, "changed": 0}
    assert AuditEvent.objects.filter(action="customers.calendar_changed").count() == 1


def test_a_later_file_corrects_and_leaves_the_rest(head):
    sent(head, NATIONAL)
    assert sent(head, "日期,类型\n2026-10-01,班\n").json() == {"lines": 1, "changed": 1}
    assert on_file() == [("2026-10-01", True, ""), NATIONAL_DAYS[1]]


def test_the_page_opens_the_year_that_was_taken_over(head):
    lines = "日期,类型,名称\n2026-12-31,休,元旦\n2027-01-01,休,元旦\n2027-01-02,休,元旦\n"
    answer = sign_in(head).post(f"{PAGE}?year=2026", {"file": file(lines)})
    assert answer.headers["Location"] == f"{PAGE}?year=2027"


@pytest.mark.parametrize(
    ("content", "codes", "lines"),
    [
        ("日期,类型\n2026-10-01,休\n2026-02-30,休\n2026-10-02,半天\n", ["not_a_day", "unknown_kind"], [3, 4]),
        ("日期,类型\n2026-10-01,休\n2026-10-01,班\n", ["day_twice"], [3]),
        ("日期,类型\n2026-10-01,休\n2026-10-02\n", ["missing_column"], [3]),
        ('日期,类型,名称\n2026-10-01,休,"国庆\n', ["broken_quotes"], [2]),
        ("日期,名称\n2026-10-01,国庆\n", ["missing_column"], []),
        ("无,关\n1,2\n", ["not_a_table"], []),
        ("日期,类型\n", ["empty_file"], []),
        ("", ["empty_file"], []),
        (b"PK\x03\x04 no workbook", ["broken_workbook"], []),
        ("日期,类型\n" + "2026-10-01,休\n" * 2001, ["too_many_lines"], []),
        (b"\xe6\x97\xa5\xe6\x9c\x9f\0,\xff\n", ["wrong_encoding"], []),
    ],
)
def test_a_bad_file_counts_for_nothing_and_says_where(head, content, codes, lines):
    answer = sent(head, content)
    assert answer.status_code == 400
    found = answer.json()["errors"]["file"]
    assert [each["code"] for each in found] == codes
    assert all(f"第 {line} 行" in each["message"] for line, each in zip(lines, found, strict=False))
    assert on_file() == []
    assert not AuditEvent.objects.filter(action="customers.calendar_changed").exists()


def test_one_event_names_days_and_file(head):
    sent(head, NATIONAL)
    event = AuditEvent.objects.get(action="customers.calendar_changed")
    assert (event.actor, event.detail["days"]) == ("head1", 2)
    assert (event.detail["first"], event.detail["last"]) == ("2026-10-01", "2026-10-10")
    assert len(event.detail["file_sha256"]) == 64


@pytest.mark.django_db(transaction=True)
def test_the_seals_hold(head):
    sent(head, NATIONAL)
    sent(head, "日期,类型\n2026-10-01,班\n")
    assert verify().faults == []


def test_days_are_never_removed(head):
    sent(head, NATIONAL)
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarDay.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarDay.objects.update(day=date(2030, 1, 1))


def test_the_counter_reads_and_only_head_office_changes(head):
    sent(head, NATIONAL)
    for position in ("teller", "supervisor", "branch_manager", "auditor"):
        client = sign_in(make_staff(position=position))
        assert "国庆节" in client.get(PAGE).content.decode()
        assert client.get(API).json()["days"][0] == {"day": "2026-10-01", "is_working": False, "name": "国庆节"}
        assert client.post(PAGE, {"file": file(NATIONAL)}).status_code == 403
        assert client.post(API, {"file": file(NATIONAL)}).status_code == 403


def test_the_page_takes_a_file_and_says_what_is_wrong(head):
    client = sign_in(head)
    answer = client.post(f"{PAGE}?year=2026", {"file": file(NATIONAL)}, follow=True)
    assert "已读入 2 天，其中新增或变更 2 天" in answer.content.decode()
    answer = client.post(PAGE, {"file": file("日期,类型\n2026-13-01,休\n")})
    assert "第 2 行：日期不存在" in answer.content.decode()
    answer = client.post(PAGE, {"file": file(b"%PDF-1.7\n%\xe2\xe3\n", "日历.pdf")})
    assert "不是 CSV 或 XLSX 表格" in answer.content.decode()
    assert client.post(PAGE, {}).status_code == 200
    assert on_file() == NATIONAL_DAYS


@pytest.mark.parametrize("year", ["2026", "x", "", "99999", "0000", "9999", "-1", "２０２６", "\0"])
def test_any_year_can_be_asked_for(head, year):
    assert sign_in(head).get(PAGE, {"year": year}).status_code == 200


@pytest.mark.parametrize("year", ["x", "1999", "2100", "9" * 30])
def test_the_interface_refuses_other_years(head, year):
    answer = sign_in(head).get(API, {"year": year})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["year"])


@pytest.mark.parametrize("body", [{"file": "text"}, {"file": ""}, {}, {"file": [1]}])
def test_no_file_is_an_error_of_the_field(head, body):
    answer = sign_in(head).post(API, body, "application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


def test_a_template_that_can_be_sent_back(head):
    template = b"".join(sign_in(head).get(f"{PAGE}template/").streaming_content)
    assert sent(head, template).json() == {"lines": 2, "changed": 2}


def test_each_legal_entity_has_its_own(head):
    sent(head, NATIONAL)
    other = make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    assert sign_in(other).get(API, {"year": 2026}).json()["days"] == []
    assert calendar_of(other.legal_entity_id).is_working_day(date(2026, 10, 1))


def test_every_due_day_keeps_the_holidays(head):
    keep_calendar(lines=calendar_lines(), by=head)
    teller = make_staff()
    assert deferred(by=teller).follow_up_due_on == date(2026, 10, 8)
    assert followed_up(by=teller).follow_up_due_on == date(2026, 10, 13)
    assert held(by=teller).follow_up_due_on == date(2026, 10, 9)
    assert refused(by=teller).follow_up_due_on == date(2026, 10, 8)
    check = make_check(make_resident_number(sequence=900), by=teller)
    typed = {"name": check.name, "document_type": "resident_id", "document_number": check.number}
    panel = check_panel(check, **typed, evidence=Evidence(), as_of=date(2026, 9, 30))
    due = {option.decision: option.due_on for option in panel.options}
    assert due[CheckDecision.PROCEED_AND_FOLLOW_UP] == date(2026, 10, 13)


def test_the_calendar_is_one_of_rows(head):
    keep_calendar(lines=[Line(date(2026, 10, 1), False), Line(date(2026, 10, 10), True)], by=head)
    found = calendar_of(head.legal_entity_id)
    days = [date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3), date(2026, 10, 10)]
    assert [found.is_working_day(day) for day in days] == [False, True, False, True]


def test_the_sample_calendar_is_the_notice_of_2026():
    off = [date(2026, 2, 16), date(2026, 5, 5), date(2026, 6, 19), date(2026, 9, 25), date(2026, 10, 7)]
    worked = [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20)]
    assert [CALENDAR.is_working_day(day) for day in off + worked] == [False] * 5 + [True] * 5
    assert len(calendar_lines()) == 39
