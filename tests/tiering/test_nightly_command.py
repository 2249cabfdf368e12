"""The night from the command line."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tellerdesk.audit.models import AuditEvent
from tellerdesk.files.runs import SILENT_AFTER
from tests.factories import make_entity
from tests.tiering.nights import aums_of, make_customers
from tiering.enums import NightStep
from tiering.jobs.night_progress import WAITING
from tiering.management.terminal_bar import TerminalBar
from tiering.models import NightlyRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

DAY = date(2026, 11, 20)
A = "100001"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 23)


@pytest.fixture
def entity():
    entity = make_entity()
    make_customers(A)
    return entity


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "快照.csv"
    path.write_text(f"customer_number,aum\n{A},250000\n999999,1\n", encoding="utf-8")
    return path


def nightly(file, *words, as_of="2026-11-20", entity="HZ"):
    out = io.StringIO()
    call_command("nightly", file, "--as-of", as_of, "--legal-entity", entity, *words, stdout=out)
    return out.getvalue()


def test_a_file_is_loaded_and_the_report_is_one_line(entity, file, capsys):
    out = nightly(file)
    assert out.splitlines() == [
        "2026-11-20: rows 2, accepted 1, rejected 1, changed 1, missing 0, moved_up 1, moved_down 0, assigned 0, "
        "unowned 1 (unknown_customer 1)"
    ]
    assert aums_of(entity, DAY) == {A: 25_000_000}
    assert capsys.readouterr().err.splitlines() == [str(step.label) for step in NightStep if step != NightStep.DONE]
    run = NightlyRun.objects.get()
    assert (run.started_by, run.file_name, run.file_size, len(run.file_sha256)) == (None, "快照.csv", 43, 64)


def test_rejects_are_written_in_clear(entity, file, tmp_path):
    nightly(file, "--rejects", tmp_path / "rejects.csv")
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("999999,1,3,unknown_customer,")


def test_rejects_are_for_the_owner_of_the_file_alone_and_an_event(entity, file, tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_text("of yesterday", encoding="utf-8")
    path.chmod(0o644)
    nightly(file, "--rejects", path)
    assert path.stat().st_mode & 0o777 == 0o600
    event = AuditEvent.objects.get(action="tiering.rejects_read")
    assert (event.actor, event.subject_id, event.detail) == (
        "system",
        str(NightlyRun.objects.get().pk),
        {"rejected": 1},
    )


def test_rejects_that_cannot_be_written_are_said_after_the_night(entity, file, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        nightly(file, "--rejects", tmp_path / "nowhere" / "rejects.csv")
    assert NightlyRun.objects.get().status == "succeeded"


def test_what_was_killed_while_it_waited_ends_with_the_next_start(entity, file):
    """Whoever waits speaks twice a second; whoever is in the queue of the worker has its file stored."""
    about = {"legal_entity": entity, "as_of": DAY, "file_name": "a.csv"}
    long_ago = timezone.now() - SILENT_AFTER * 1.1
    killed = NightlyRun.objects.create(**about, queued_at=long_ago, heartbeat_at=long_ago)
    at_once = NightlyRun.objects.create(**about, queued_at=long_ago)
    waiting = NightlyRun.objects.create(**about, queued_at=long_ago, heartbeat_at=timezone.now())
    queued = NightlyRun.objects.create(**about, queued_at=long_ago, stored="0" * 32)
    other = make_entity("LX", "临溪农村信用社")
    elsewhere = NightlyRun.objects.create(**about | {"legal_entity": other}, queued_at=long_ago)
    nightly(file)
    states = dict(NightlyRun.objects.values_list("pk", "status"))
    assert [states[run.pk] for run in (killed, at_once, waiting, queued, elsewhere)] == [
        "failed", "failed", "queued", "queued", "queued"
    ]  # fmt: skip
    assert NightlyRun.objects.get(pk=killed.pk).error_code == "broken_off"
    failed = AuditEvent.objects.filter(action="tiering.night_failed").values_list("subject_id", flat=True)
    assert set(failed) == {str(killed.pk), str(at_once.pk)}


def test_a_dry_run_keeps_nothing(entity, file):
    assert nightly(file, "--dry-run").endswith(" (dry run)\n")
    assert aums_of(entity, DAY) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [({"as_of": "2026-11-24"}, "尚未到来"), ({"entity": "XX"}, "XX")],
)
def test_what_cannot_be_is_refused_before_it_begins(entity, file, words, said):
    with pytest.raises(CommandError, match=said) as refusal:
        nightly(file, **words)
    assert (refusal.value.returncode, NightlyRun.objects.count()) == (1, 0)


def test_a_file_that_is_not_there_is_named(entity, tmp_path):
    with pytest.raises(CommandError, match="nowhere.csv"):
        nightly(tmp_path / "nowhere.csv")


def test_a_refused_file_ends_the_command_with_its_reason(entity, file):
    file.write_text("customer_number,balance\n1,1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="missing_column") as refusal:
        nightly(file)
    assert (refusal.value.returncode, NightlyRun.objects.get().status) == (1, "failed")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_on_a_terminal_a_bar_is_drawn_over_itself():
    out = Terminal()
    with TerminalBar(out) as bar:
        bar.show(WAITING, 0)
        bar.show(NightStep.READ, 0)
        bar.show(NightStep.READ, 100)
    waiting, read = out.getvalue().split("\n")[:2]
    assert waiting.startswith("\r")
    assert [line[:36] for line in read.split("\r")[1:]] == ["░" * 30 + "   0 %", "█" * 30 + " 100 %"]


def test_elsewhere_each_step_is_one_line():
    out = io.StringIO()
    with TerminalBar(out) as bar:
        for percent in range(0, 101, 10):
            bar.show(NightStep.READ, percent)
    assert out.getvalue() == f"{NightStep.READ.label}\n"
