"""Files of runs go by their age, and what no run names is swept: the same for customer files and nights."""

import os
import time
from datetime import date, timedelta

import pytest
from django.utils import timezone

from customers.models import CustomerImport
from tellerdesk.files.retention import KEPT_REJECTS, KEPT_UNKNOWN, KEPT_UPLOADS, forget_old_files, sweep
from tellerdesk.files.storage import StoredWriter, keep
from tests.factories import make_branch, make_entity, make_staff
from tiering.models import NightlyRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def made(kind, **columns):
    """A run that keeps both files."""
    about = {"legal_entity": make_entity(), "file_name": "a.csv", "started_by": make_staff()}
    about |= {"as_of": date(2026, 11, 23)} if kind is NightlyRun else {"branch": make_branch()}
    files = {"stored": keep([b"sent"]).name, "rejects_stored": keep([b"rejected"]).name}
    return kind.objects.create(**about, **files, **columns)


@pytest.fixture(params=[CustomerImport, NightlyRun])
def kind(request):
    return request.param


@pytest.mark.parametrize(
    ("age", "left"),
    [(None, [True, True]), (KEPT_UPLOADS * 0.9, [True, True]), (KEPT_UPLOADS * 1.1, [False, True]),
     (KEPT_REJECTS * 1.1, [False, False])],
    ids=["not over", "fresh", "a week", "a month"],
)  # fmt: skip
def test_files_go_by_the_age_of_their_run(kind, uploads, age, left):
    run = made(kind, finished_at=age and timezone.now() - age)
    forget_old_files(kind)
    assert [(uploads / name).exists() for name in (run.stored, run.rejects_stored)] == left
    now = kind.objects.get(pk=run.pk)
    assert [bool(now.stored), bool(now.rejects_stored)] == left


def aged(path, age: timedelta) -> None:
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))


def test_what_a_run_names_stays_however_old(kind, uploads):
    run = made(kind)
    for path in uploads.iterdir():
        aged(path, timedelta(days=400))
    assert sweep() == 0
    assert {path.name for path in uploads.iterdir()} == {run.stored, run.rejects_stored}


def test_what_no_run_names_goes_after_a_day(uploads):
    old, young = keep([b"an upload whose sender was killed"]), keep([b"its row comes in a moment"])
    aged(uploads / old.name, KEPT_UNKNOWN * 1.01)
    aged(uploads / young.name, KEPT_UNKNOWN * 0.99)
    assert sweep() == 1
    assert [path.name for path in uploads.iterdir()] == [young.name]


def test_what_our_keys_do_not_open_is_anothers_and_stays(uploads):
    ours = keep([b"abc"])
    content = (uploads / ours.name).read_bytes()
    foreign = {"0" * 32: content[:-1] + bytes([content[-1] ^ 1]), "1" * 32: content[:4] + bytes(8) + content[12:]}
    for name, text in foreign.items():
        (uploads / name).write_bytes(text)
    (uploads / "readme").write_text("no name of ours", encoding="utf-8")
    for path in uploads.iterdir():
        aged(path, timedelta(days=400))
    assert sweep() == 1
    assert {path.name for path in uploads.iterdir()} == {*foreign, "readme"}


def test_drafts_of_the_killed_go_with_it(uploads):
    killed = StoredWriter()
    killed.file.close()
    aged(killed.draft, timedelta(days=2))
    sweep()
    assert list(uploads.iterdir()) == []
