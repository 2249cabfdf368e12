"""A file is sent by a program, watched, and its rejects fetched."""

import csv
import io

import pytest
from django.utils import timezone

from tellerdesk.audit.models import AuditEvent
from tellerdesk.files.runs import SILENT_AFTER, RunStatus
from tests.factories import make_branch, make_customer, make_entity, make_staff, sign_in
from tests.tiering.sending import DAY, URL, loaded, send, upload, work
from tiering.models import NightlyRun, SnapshotDay, TierAssignment

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

RUNS = "/api/v1/tiering/runs/"
HEADER = "customer_number,aum"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = DAY


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_entity().branch_set.get(code="000"))


@pytest.fixture
def program(head):
    return sign_in(head)


def test_a_file_goes_in_and_its_run_tells_everything(program):
    rich, poor = make_customer(), make_customer()
    answer = send(program, HEADER, f"{rich.customer_number},250000.00", f"{poor.customer_number},12.50", "123456,1")
    queued = answer.json()
    assert (answer.status_code, queued["status"], queued["progress"]) == (202, "queued", 0)
    work()
    run = program.get(f"{RUNS}{queued['id']}/").json()
    counts = {name: run[name] for name in ("status", "progress", "step", "rows", "accepted", "rejected", "changed")}
    assert counts == {
        "status": "succeeded", "progress": 100, "step": "done", "rows": 3, "accepted": 2, "rejected": 1, "changed": 2,
    }  # fmt: skip
    assert run["tiers"]["wealth_management"] == 1
    assert (run["moved_up"], run["moved_down"], run["missing"], run["error"]) == (1, 0, 0, None)
    assert (run["unowned"], run["assigned"]) == (1, 0)
    assert run["rejects_by_code"] == {"unknown_customer": 1}
    assert run["rejects_url"] == f"{RUNS}{run['id']}/rejects/"
    assert run["as_of"] == "2026-11-23"
    assert run["policy_version"] == 1
    assert run["started_by"] == "head"
    assert [each["state"] for each in run["steps"]] == ["done"] * 5


def test_rejects_come_back_with_line_code_and_sentence_and_are_audited(program):
    run = loaded(program, HEADER, "123456,1", "654321,NaN")
    answer = program.get(run["rejects_url"])
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == f'attachment; filename="rejects-20261123-{run["id"]}.csv"'
    assert rows[0] == ["customer_number", "aum", "line 行号", "code 错误码", "message 说明"]
    assert [row[:4] for row in rows[1:]] == [
        ["123456", "1", "2", "unknown_customer"],
        ["654321", "NaN", "3", "not_a_number"],
    ]
    event = AuditEvent.objects.get(action="tiering.rejects_read")
    assert (event.subject_id, event.detail) == (str(run["id"]), {"rejected": 2})


def test_what_was_rejected_can_be_corrected_and_sent_again(program):
    customer = make_customer()
    run = loaded(program, HEADER, f"{customer.customer_number},oops")
    text = b"".join(program.get(run["rejects_url"]).streaming_content).decode("utf-8-sig").replace("oops", "60000")
    again = loaded(program, *text.split("\r\n")[:-1])
    assert (again["accepted"], again["rejected"]) == (1, 0)
    assert TierAssignment.objects.get(customer=customer).aum == 6_000_000


def test_without_rejects_there_is_no_download(program):
    run = loaded(program, HEADER, f"{make_customer().customer_number},1")
    assert run["rejects_url"] is None
    assert program.get(f"{RUNS}{run['id']}/rejects/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"as_of": "2026-11-24"}, "as_of", "future"),
        ({"as_of": "2026-02-30"}, "as_of", "invalid"),
        ({"as_of": "yesterday"}, "as_of", "invalid"),
        ({"as_of": ""}, "as_of", "invalid"),
        ({"as_of": "\0"}, "as_of", "invalid"),
        ({"file": "no file"}, "file", "invalid"),
        ({"file": upload()}, "file", "empty_file"),
        ({"dry_run": "perhaps"}, "dry_run", "invalid"),
    ],
)
def test_what_is_wrong_is_said_by_field(program, fields, field, code):
    sent = {"file": upload(HEADER, "123456,1"), "as_of": "2026-11-23"} | fields
    answer = program.post(URL, sent)
    assert answer.status_code == 400
    assert {name: [each["code"] for each in found] for name, found in answer.json()["errors"].items()} == {
        field: [code]
    }
    assert NightlyRun.objects.count() == 0


@pytest.mark.parametrize("missing", ["file", "as_of"])
def test_file_and_day_are_obligatory(program, missing):
    sent = {"file": upload(HEADER), "as_of": "2026-11-23"}
    del sent[missing]
    errors = program.post(URL, sent).json()["errors"]
    assert {name: [each["code"] for each in found] for name, found in errors.items()} == {missing: ["required"]}


def test_a_body_that_is_no_form_is_refused_by_field(program):
    answer = program.post(URL, {"as_of": "2026-11-23"}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])


def test_a_file_above_the_limit_is_refused_by_field(program, monkeypatch):
    monkeypatch.setattr("tellerdesk.files.uploads.LARGEST", 1000)
    answer = send(program, HEADER, *["123456,1"] * 120)
    assert (answer.status_code, answer.json()["errors"]["file"][0]["code"]) == (400, "too_large")
    assert NightlyRun.objects.count() == 0


def test_a_file_far_above_the_limit_is_refused_by_field_though_nothing_of_it_is_read(program, monkeypatch):
    """What follows the file in the request is not read either."""
    monkeypatch.setattr("tellerdesk.files.uploads.LARGEST", 400)
    day, lines = {"as_of": "2026-11-23"}, ["123456,1"] * 120
    orders = (day | {"file": upload(HEADER, *lines)}, {"file": upload(HEADER, *lines)} | day)
    answers = [program.post(URL, fields) for fields in orders]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert [answer.json()["errors"]["file"][0]["code"] for answer in answers] == ["too_large", "too_large"]
    assert [list(answer.json()["errors"]) for answer in answers] == [["file"], ["file", "as_of"]]
    assert NightlyRun.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\r\n \r\n", "empty_file"),
        (b"name,amount\r\na,1\r\n", "not_a_table"),
        ("客户号,余额\r\n1,1\r\n".encode(), "missing_column"),
        ("customer_number,aum,个人金融资产\r\n1,1,1\r\n".encode(), "duplicate_column"),
        ("customer_number,aum\r\n1,1\r\n".encode("utf-16"), "wrong_encoding"),
        (b"PK\x03\x04 cut off", "broken_workbook"),
    ],
)
def test_a_file_that_is_no_table_fails_as_a_whole_with_its_reason(program, data, code):
    file = upload(name="a.csv")
    file.file = io.BytesIO(data)
    file.size = len(data)
    sent = program.post(URL, {"file": file, "as_of": "2026-11-23"})
    work()
    run = program.get(f"{RUNS}{sent.json()['id']}/").json()
    assert (run["status"], run["error"]["code"]) == ("failed", code)
    assert run["error"]["message"]
    assert SnapshotDay.objects.count() == 0


@pytest.mark.parametrize("name", ["快照\0.csv", "../../etc/passwd", "a" * 300 + ".csv", "=cmd|.csv", "<b>.csv"])
def test_no_file_name_does_harm(program, name):
    answer = program.post(URL, {"file": upload(HEADER, "123456,1", name=name), "as_of": "2026-11-23"})
    assert answer.status_code in (202, 400)
    assert all("/" not in run.file_name and len(run.file_name) <= 255 for run in NightlyRun.objects.all())


def test_a_dry_run_changes_nothing(program):
    customer = make_customer()
    run = loaded(program, HEADER, f"{customer.customer_number},250000", dry_run="true")
    assert (run["status"], run["dry_run"], run["accepted"]) == ("succeeded", True, 1)
    assert (SnapshotDay.objects.count(), TierAssignment.objects.count()) == (0, 0)


def test_the_list_goes_on_by_key(program):
    made = [send(program, HEADER, f"{number},1").json()["id"] for number in range(100000, 100052)]
    first = program.get(RUNS).json()
    rest = program.get(first["next"]).json()
    assert [run["id"] for run in first["results"] + rest["results"]] == made[::-1]
    assert (len(first["results"]), rest["next"]) == (50, None)


@pytest.mark.parametrize("after", ["x", "-1", "1" * 30, "\0"])
def test_a_key_that_is_none_is_refused(program, after):
    assert program.get(RUNS, {"after": after}).status_code == 400


def test_another_legal_entitys_runs_are_not_there(program):
    run = loaded(program, HEADER, "123456,1")
    second = make_entity("LX", "临溪农村信用社")
    stranger = sign_in(make_staff(position="head_office", branch=second.branch_set.get(code="000")))
    assert stranger.get(f"{RUNS}{run['id']}/").status_code == 404
    assert stranger.get(run["rejects_url"]).status_code == 404
    assert stranger.get(RUNS).json() == {"results": [], "next": None}


def test_another_entitys_customers_are_unknown(program):
    far = make_branch("101", entity=make_entity("LX", "临溪农村信用社"))
    customer = make_customer(by=make_staff(branch=far))
    run = loaded(program, HEADER, f"{customer.customer_number},250000")
    assert run["rejects_by_code"] == {"unknown_customer": 1}
    assert TierAssignment.objects.count() == 0


@pytest.mark.parametrize("position", ["teller", "branch_manager", "deputy_president", "auditor"])
def test_only_head_office_loads(position):
    client = sign_in(make_staff(position=position))
    answer = send(client, HEADER, "123456,1")
    assert (answer.status_code, answer.json()["permission"]) == (403, "tiering.load_snapshots")
    assert NightlyRun.objects.count() == 0


def test_nothing_of_a_run_is_deleted(program):
    run = loaded(program, HEADER, "123456,1")
    for address in (RUNS, f"{RUNS}{run['id']}/", f"{RUNS}{run['id']}/rejects/", URL):
        assert program.delete(address).status_code == 405


def test_a_run_that_nobody_heard_of_for_minutes_is_said_to_be_silent(program):
    run = NightlyRun.objects.get(pk=send(program, HEADER, "123456,1").json()["id"])
    run.queued_at -= SILENT_AFTER * 0.9
    assert not run.is_silent
    run.queued_at -= SILENT_AFTER * 0.2
    assert run.is_silent
    run.heartbeat_at = timezone.now()
    assert not run.is_silent
    run.heartbeat_at -= SILENT_AFTER * 1.1
    assert run.is_silent
    run.status = RunStatus.FAILED
    assert not run.is_silent
