"""Customer files by the interface: sent, watched, their rejects fetched; by those who may, of their own entity."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.jobs.import_customers import run_import
from customers.models import Customer, CustomerImport
from customers.tasks import import_customers
from tellerdesk.audit.models import AuditEvent
from tests.customers.import_files import csv, head_office, line
from tests.factories import make_staff, sign_in

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LIST = "/api/v1/customers/imports/"


@pytest.fixture(autouse=True)
def _surroundings(business_date, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def caller():
    return sign_in(head_office())


def send(client, content=None, name="客户.csv", **more):
    data = {"file": SimpleUploadedFile(name, (content or csv(line())).encode()), **more}
    return client.post(LIST, data, headers={"Accept-Language": "en"})


def got(client, pk):
    return client.get(f"{LIST}{pk}/").json()


def test_a_file_is_queued_imported_and_told(caller):
    answer = send(caller, csv(line(), line(name="")))
    body = answer.json()
    assert (answer.status_code, body["status"], body["rejects_url"]) == (202, "queued", None)
    import_customers.func(body["id"])
    done = got(caller, body["id"])
    assert {key: done[key] for key in ("status", "rows", "accepted", "rejected", "progress", "error")} == {
        "status": "succeeded",
        "rows": 2,
        "accepted": 1,
        "rejected": 1,
        "progress": 100,
        "error": None,
    }
    assert (done["rejects_by_code"], done["rejects_url"]) == ({"required": 1}, f"{LIST}{body['id']}/rejects/")
    assert (done["file_name"], done["dry_run"], Customer.objects.count()) == ("客户.csv", False, 1)


def test_the_rejects_are_a_recorded_download(caller):
    pk = send(caller, csv(line(name=""))).json()["id"]
    run_import(pk)
    answer = caller.get(f"{LIST}{pk}/rejects/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert answer["Content-Disposition"] == f'attachment; filename="customers-{pk}-rejects.csv"'
    assert text.splitlines()[1].split(",")[-3:-1] == ["2", "required"]
    assert AuditEvent.objects.latest("pk").action == "customers.rejects_read"


def test_no_rejects_no_download(caller):
    pk = send(caller).json()["id"]
    assert caller.get(f"{LIST}{pk}/rejects/").status_code == 404
    run_import(pk)
    assert caller.get(f"{LIST}{pk}/rejects/").status_code == 404


def test_a_dry_run_and_then_the_import(caller):
    pk = send(caller, dry_run="true").json()["id"]
    assert caller.post(f"{LIST}{pk}/import/").status_code == 409
    run_import(pk)
    assert (got(caller, pk)["accepted"], Customer.objects.count()) == (1, 0)
    body = caller.post(f"{LIST}{pk}/import/").json()
    assert (body["dry_run"], body["checked_by"], body["status"]) == (False, pk, "queued")
    run_import(body["id"])
    assert Customer.objects.count() == 1
    assert caller.post(f"{LIST}{pk}/import/").json()["code"] == "import_not_possible"


def test_a_file_refused_as_a_whole_says_why(caller):
    pk = send(caller, "姓名\n顾青禾\n").json()["id"]
    run_import(pk)
    body = got(caller, pk)
    assert (body["status"], body["error"]) == (
        "failed",
        {
            "code": "missing_column",
            "message": "缺少列“document_type 证件类型”。",
            "context": {"column": "document_type 证件类型", "line": 1},
        },
    )
    rejects = b"".join(caller.get(body["rejects_url"]).streaming_content).decode("utf-8-sig")
    assert rejects.splitlines()[1] == "1,missing_column,缺少列“document_type 证件类型”。"


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({}, "file", "required"),
        ({"file": "text"}, "file", "invalid"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "file", "empty_file"),
        ({"file": SimpleUploadedFile("a.csv", b"x"), "dry_run": "perhaps"}, "dry_run", "invalid"),
    ],
)
def test_what_is_no_upload_is_400_by_field(caller, data, field, code):
    answer = caller.post(LIST, data)
    assert (answer.status_code, answer.json()["errors"][field][0]["code"]) == (400, code)
    assert CustomerImport.objects.count() == 0


def test_a_file_above_the_limit_is_400(caller, monkeypatch):
    monkeypatch.setattr("tellerdesk.files.uploads.LARGEST", 2_000)
    answers = [send(caller, "x" * size) for size in (1_900, 2_001, 20_000)]
    assert [answer.status_code for answer in answers] == [202, 400, 400]
    assert [answer.json()["errors"]["file"][0]["code"] for answer in answers[1:]] == ["too_large", "too_large"]


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"\xff\xfe"])
def test_a_body_that_is_no_form_is_400(caller, body):
    answer = caller.generic("POST", LIST, body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, list(answer.json()["errors"])) in [(400, ["file"]), (400, [])]


def test_another_entity_finds_nothing(caller):
    pk = send(caller, csv(line(name=""))).json()["id"]
    run_import(pk)
    stranger = sign_in(head_office("NB"))
    assert [
        stranger.get(f"{LIST}{pk}/").status_code,
        stranger.get(f"{LIST}{pk}/rejects/").status_code,
        stranger.post(f"{LIST}{pk}/import/").status_code,
        stranger.get(reverse("customers:import", args=[pk])).status_code,
        stranger.get(reverse("customers:import_rejects", args=[pk])).status_code,
        stranger.post(reverse("customers:import_now", args=[pk])).status_code,
        stranger.post(reverse("customers:take_up_import", args=[pk])).status_code,
    ] == [404] * 7
    assert stranger.get(LIST).json()["results"] == []


def test_who_may_not_import_leaves_nothing_behind(tmp_path):
    answer = send(sign_in(make_staff(position="branch_manager")))
    assert (answer.status_code, answer.json()["permission"]) == (403, "customers.import_customers")
    assert list((tmp_path / "uploads").iterdir()) if (tmp_path / "uploads").exists() else [] == []


def test_the_list_is_by_keyset(caller):
    sent = [send(caller).json()["id"] for _ in range(3)]
    body = caller.get(LIST).json()
    assert ([each["id"] for each in body["results"]], body["next"]) == (sent[::-1], None)


def test_nothing_is_deleted(caller):
    pk = send(caller).json()["id"]
    assert [caller.delete(LIST).status_code, caller.delete(f"{LIST}{pk}/").status_code] == [405, 405]
