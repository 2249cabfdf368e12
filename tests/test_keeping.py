"""What the worker clears away at its start: a real worker, in the data folder of the tests."""

import os
import sys
import time
from subprocess import run

import pytest
from django.conf import settings
from django.utils import timezone

from tellerdesk.core import local_postgres, task_worker
from tellerdesk.core.task_worker import Daily
from tellerdesk.files.retention import KEPT_REJECTS, KEPT_UNKNOWN
from tellerdesk.files.storage import folder as uploads
from tellerdesk.files.storage import keep
from tellerdesk.files.workplaces import folder as exports
from tellerdesk.keeping import keep_house
from tests.core.processes import environment
from tests.core.test_task_worker import url_of_the_test_database
from tests.factories import make_entity
from tiering.models import NightlyRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_the_worker_begins_with_it():
    orphan = uploads() / keep([b"an upload that nobody knows any more"]).name
    long_ago = time.time() - 1.1 * KEPT_UNKNOWN.total_seconds()
    os.utime(orphan, (long_ago, long_ago))
    left = exports() / "of-one-who-was-killed"
    left.mkdir()
    run(
        [sys.executable, "manage.py", "worker", "--batch"],
        cwd=settings.BASE_DIR,
        env=environment(local_postgres.data_folder(), DATABASE_URL=url_of_the_test_database()),
        check=True,
        timeout=60,
    )
    assert (orphan.exists(), left.exists()) == (False, False)


def test_files_that_had_their_time_go_without_another_run(settings, tmp_path):
    settings.DATA_FOLDER = tmp_path
    ended = timezone.now() - KEPT_REJECTS * 1.1
    about = {"legal_entity": make_entity(), "as_of": ended.date(), "file_name": "a.csv"}
    night = NightlyRun.objects.create(**about, finished_at=ended, rejects_stored=keep([b"rejected"]).name)
    keep_house()
    night.refresh_from_db()
    assert (night.rejects_stored, list(uploads().iterdir())) == ("", [])


def test_a_day_that_failed_is_followed_by_the_next(monkeypatch):
    monkeypatch.setattr(task_worker, "DAY", 0)
    days = []

    def act():
        days.append(len(days))
        if len(days) == 3:
            keeping.ended.set()
        if len(days) < 3:
            raise RuntimeError("a fault of ours")

    keeping = Daily(act)
    keeping.start()
    keeping.join(timeout=30)
    assert days == [0, 1, 2]
