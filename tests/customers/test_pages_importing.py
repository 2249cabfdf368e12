"""1009 as a page: sent, watched, imported after the dry run, and nothing in clear on it."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from customers.jobs.import_customers import run_import
from customers.jobs.import_reading import FILE_COLUMNS
from customers.models import Customer, CustomerImport
from tellerdesk.files.runs import SILENT_AFTER
from tellerdesk.files.tables import Table
from tests.customers.import_files import csv, head_office, imported, line, sent
from tests.factories import make_resident_number, sign_in
from tests.files.sources import of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LIST = "/customers/imports/"


@pytest.fixture(autouse=True)
def _surroundings(business_date, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def by():
    return head_office()


@pytest.fixture
def page(by):
    return sign_in(by)


def text_of(page, address, **headers):
    answer = page.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def send(page, content=None, **more):
    return page.post(LIST, {"file": SimpleUploadedFile("客户.csv", (content or csv(line())).encode()), **more})


def test_the_form_asks_for_a_dry_run_first(page):
    text = text_of(page, LIST)
    (box,) = re.findall(r'<input [^>]*name="dry_run"[^>]*>', text)
    assert " checked" in box
    assert "还没有提交过客户文件" in text


def test_a_file_is_sent_and_watched(page):
    answer = send(page, dry_run="on")
    run = CustomerImport.objects.get()
    assert (answer.status_code, answer["Location"], run.dry_run) == (302, f"{LIST}{run.pk}/", True)
    text = text_of(page, f"{LIST}{run.pk}/")
    assert f'hx-get="{LIST}{run.pk}/" hx-trigger="every 1s"' in text
    assert "等待后台执行" in text
    part = text_of(page, f"{LIST}{run.pk}/", HX_Request="true")
    assert part.lstrip().startswith('<div class="stack" id="import-state"')
    assert "客户.csv" in text_of(page, LIST)


@pytest.mark.parametrize(
    ("data", "message"),
    [({}, "请选择文件。"), ({"file": SimpleUploadedFile("a.csv", b"")}, "文件是空的。")],
)
def test_what_is_no_file_is_said_at_the_field(page, data, message):
    answer = page.post(LIST, data)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert CustomerImport.objects.count() == 0


def test_a_good_dry_run_is_imported_with_one_button(page, by):
    dry = imported(csv(line()), by=by, dry_run=True)
    text = text_of(page, f"{LIST}{dry.pk}/")
    assert f'action="{LIST}{dry.pk}/now/"' in text
    assert "hx-trigger" not in text
    answer = page.post(f"{LIST}{dry.pk}/now/")
    run = CustomerImport.objects.latest("pk")
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{run.pk}/")
    run_import(run.pk)
    assert Customer.objects.count() == 1
    assert f'action="{LIST}{dry.pk}/now/"' not in text_of(page, f"{LIST}{dry.pk}/")
    assert page.post(f"{LIST}{dry.pk}/now/").status_code == 409


def test_rejects_stand_by_code_and_line_without_what_was_in_them(page, by):
    number, name, mobile = make_resident_number(), "欧阳端木", "13911112222"
    lines = [line(number, name=name, mobile=mobile, branch="777"), line(number[:-1], name=name, mobile="1391111")]
    run = imported(csv(*lines), by=by)
    text = text_of(page, f"{LIST}{run.pk}/")
    assert ("没有这个代码的网点" in text, "长度不正确" in text, "unknown_branch" in text) == (True, True, False)
    assert [secret in text for secret in (number, number[:-1], name, mobile, "1391111")] == [False] * 5
    download = b"".join(page.get(f"{LIST}{run.pk}/rejects/").streaming_content).decode()
    assert (number in download, name in download) == (True, True)


def test_warnings_name_their_lines(page, by):
    run = imported(csv(line(), line(name="王?")), by=by)
    assert "姓名中有原系统无法写出的字（生僻字）。<small>第3行</small>" in text_of(page, f"{LIST}{run.pk}/")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("\n\n", "文件是空的。"),
        ("顾青禾,女\n", "没有找到"),
        ("姓名,name,证件类型,证件号码\n", "两次"),
        ("PK\x03\x04", "工作簿"),
    ],
)
def test_every_reason_to_refuse_a_file_has_its_page(page, by, content, said):
    run = imported(content, by=by)
    assert said in text_of(page, f"{LIST}{run.pk}/")


def test_a_file_refused_as_a_whole(page, by):
    run = imported("姓名\n顾青禾\n", by=by)
    text = text_of(page, f"{LIST}{run.pk}/")
    assert "缺少列“document_type 证件类型”。" in text
    assert f'href="{LIST}{run.pk}/rejects/"' in text


def test_an_import_nobody_speaks_of_is_taken_up_again(page, by):
    run = sent(csv(line()), by=by)
    CustomerImport.objects.filter(pk=run.pk).update(
        status="running", heartbeat_at=timezone.now() - timedelta(minutes=9)
    )
    assert f'action="{LIST}{run.pk}/again/"' in text_of(page, f"{LIST}{run.pk}/")
    assert page.post(f"{LIST}{run.pk}/again/").status_code == 302
    run_import(run.pk)
    assert Customer.objects.count() == 1
    assert page.post(f"{LIST}{run.pk}/again/").status_code == 409


def test_without_its_upload_it_is_not_offered_to_be_taken_up_again(page, by):
    run = sent(csv(line()), by=by)
    CustomerImport.objects.filter(pk=run.pk).update(status="failed", error_code="interrupted", stored="")
    text = text_of(page, f"{LIST}{run.pk}/")
    gone = gettext("The file is not kept any more. Send it again: what is in stays, and nobody goes in twice.")
    assert (f'action="{LIST}{run.pk}/again/"' in text, gone in text) == (False, True)
    assert page.post(f"{LIST}{run.pk}/again/").status_code == 409


def test_one_that_waits_in_vain_is_taken_up_again(page, by):
    run = sent(csv(line()), by=by)
    assert "again/" not in text_of(page, f"{LIST}{run.pk}/")
    CustomerImport.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - SILENT_AFTER * 1.1)
    assert f'action="{LIST}{run.pk}/again/"' in text_of(page, f"{LIST}{run.pk}/")
    assert page.post(f"{LIST}{run.pk}/again/").status_code == 302


def test_a_file_above_the_limit_is_said_at_the_field(page, monkeypatch):
    """Read to its end, or, far above the limit, not at all."""
    for largest in (600, 300):
        monkeypatch.setattr("tellerdesk.files.uploads.LARGEST", largest)
        answer = send(page, "x" * 1000)
        assert (answer.status_code, "文件超过" in answer.content.decode()) == (200, True)
    assert CustomerImport.objects.count() == 0


def test_the_template_is_a_file_the_import_reads(page):
    answer = page.get(f"{LIST}template/")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="customers-template.csv"'
    assert Table.open(of(content), FILE_COLUMNS).names == [column.name for column in FILE_COLUMNS]


def test_a_page_of_another_login_cannot_send(by):
    strict = sign_in(by, Client(enforce_csrf_checks=True))
    assert send(strict).status_code == 403
    assert CustomerImport.objects.count() == 0


def test_the_list_asks_a_fixed_number_of_questions(page, by, django_assert_num_queries):
    address = reverse("customers:import_list")
    imported(csv(line()), by=by)
    page.get(address)
    for _ in range(3):
        with django_assert_num_queries(8):
            page.get(address)
        sent(csv(line()), by=by)
