"""Workers are real processes on the test database here, and are really killed."""

import logging
import sys
from subprocess import PIPE, STDOUT, Popen
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connections
from django.utils.crypto import get_random_string
from django_tasks_db.models import DBTaskResult

from tellerdesk.core import local_postgres
from tellerdesk.core.task_worker import MOST_ATTEMPTS, WithoutArguments, announce, take_up_abandoned
from tests.core.processes import environment, wait_until
from tests.core.slow_task import fail_with, wait_for_file

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def presence():
    """The connection by which a worker is known."""
    connection = connections["owner"].copy()
    yield connection
    connection.close()


@pytest.fixture
def start_worker():
    started = []

    def start(*words):
        worker = Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.1", *words],
            cwd=settings.BASE_DIR,
            env=environment(local_postgres.data_folder(), DATABASE_URL=url_of_the_test_database()),
            stdout=PIPE,
            stderr=STDOUT,
            text=True,
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


def url_of_the_test_database():
    where = connections["owner"].settings_dict
    login = f"{quote(where['USER'])}:{quote(where['PASSWORD'])}"
    if where["HOST"].startswith("/"):
        return f"postgresql://{login}@:{where['PORT']}/{quote(where['HOST'])}/{where['NAME']}"
    return f"postgresql://{login}@{where['HOST']}:{where['PORT'] or 5432}/{where['NAME']}"


def state(result):
    return DBTaskResult.objects.values_list("status", flat=True).get(pk=result.id)


def run_by(worker_ids, *, path="/nowhere"):
    result = wait_for_file.enqueue(path)
    DBTaskResult.objects.filter(pk=result.id).update(status="RUNNING", worker_ids=worker_ids)
    return result


def test_what_a_killed_worker_was_at_is_done_by_the_next(start_worker, tmp_path):
    result = wait_for_file.enqueue(str(tmp_path / "ready"))
    first = start_worker()
    wait_until(lambda: state(result) == "RUNNING")
    first.kill()
    first.wait()
    (tmp_path / "ready").touch()
    second = start_worker("--batch")
    output, _ = second.communicate(timeout=60)
    assert (second.returncode, state(result)) == (0, "SUCCESSFUL")
    assert len(DBTaskResult.objects.get(pk=result.id).worker_ids) == 2
    assert str(tmp_path) not in output


def test_a_worker_that_is_told_to_stop_finishes_its_task(start_worker, tmp_path):
    result = wait_for_file.enqueue(str(tmp_path / "ready"))
    worker = start_worker()
    wait_until(lambda: state(result) == "RUNNING")
    worker.terminate()
    (tmp_path / "ready").touch()
    worker.communicate(timeout=60)
    assert (worker.returncode, state(result)) == (0, "SUCCESSFUL")


def test_the_log_of_a_failure_names_it_and_no_value(start_worker):
    result = fail_with.enqueue("110105194912310025")
    output, _ = start_worker("--batch").communicate(timeout=60)
    assert state(result) == "FAILED"
    assert "ValueError" in output
    assert "110105194912310025" not in output


def test_a_task_of_a_living_worker_is_left_to_it(presence):
    name = get_random_string(32)
    announce(presence, name)
    result = run_by([name])
    assert take_up_abandoned(presence) == (0, 0)
    assert state(result) == "RUNNING"


def test_only_the_last_worker_of_a_task_counts(presence):
    alive, dead = get_random_string(32), get_random_string(32)
    announce(presence, alive)
    result = run_by([alive, dead])
    assert take_up_abandoned(presence) == (1, 0)
    assert state(result) == "READY"


def test_a_task_that_takes_its_workers_along_is_given_up(presence):
    result = run_by([get_random_string(32) for _ in range(MOST_ATTEMPTS)])
    assert take_up_abandoned(presence) == (0, 1)
    assert state(result) == "FAILED"
    assert DBTaskResult.objects.get(pk=result.id).task_result.errors[0].exception_class.__name__ == "WorkerDied"


def test_an_exception_is_logged_by_its_class_alone():
    try:
        raise ValueError("110105194912310025")
    except ValueError:
        record = logging.LogRecord("django_tasks", logging.ERROR, __file__, 1, "Task id=%s", ("7",), sys.exc_info())
    assert WithoutArguments().filter(record)
    assert logging.Formatter().format(record) == "Task id=7 (ValueError)"
