"""The worker is a real process here, and is really killed while it imports."""

import sys
from subprocess import DEVNULL, Popen

import pytest
from django.conf import settings as django_settings

from customers.models import Customer, CustomerImport
from tellerdesk.audit.verification import verify
from tellerdesk.core import local_postgres
from tellerdesk.files.rejects import read_rejects
from tests.core.processes import environment, runs, wait_until
from tests.core.test_task_worker import url_of_the_test_database
from tests.customers.import_files import counts, csv, head_office, line, sent

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LINES, BAD = 24_000, 40


@pytest.fixture
def start_worker():
    started = []

    def start():
        worker = Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.1", "--batch"],
            cwd=django_settings.BASE_DIR,
            env=environment(local_postgres.data_folder(), DATABASE_URL=url_of_the_test_database()),
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def file_of_people() -> str:
    """Whoever is refused has no name; the last line is the first one's person once more."""
    people = [line(name="" if place % (LINES // BAD) == 7 else "顾青禾") for place in range(LINES)]
    return csv(*people, people[0])


def test_killed_again_and_again_no_line_is_lost_or_doubled(start_worker, business_date):
    run = sent(file_of_people(), by=head_office())

    def reached(lines):
        return lambda: CustomerImport.objects.values_list("last_line", flat=True).get(pk=run.pk) >= lines

    for checkpoint in (1, 5_000, 15_000):
        worker = start_worker()
        wait_until(reached(checkpoint))
        worker.kill()
        worker.wait()
    start_worker().wait(timeout=120)
    run.refresh_from_db()
    assert counts(run) == ("succeeded", LINES + 1, LINES - BAD, BAD + 1)
    assert Customer.objects.count() == LINES - BAD
    assert run.rejects_by_code == {"required": BAD, "duplicate_line": 1}
    assert b"".join(read_rejects(run.rejects_stored)).count(b"\r\n") == BAD + 2
    assert verify().faults == []


def test_a_killed_worker_leaves_no_process_behind(start_worker, business_date):
    sent(file_of_people(), by=head_office())
    worker = start_worker()
    helpers = wait_until(lambda: children_of(worker.pid))
    worker.kill()
    worker.wait()
    wait_until(lambda: not any(runs(pid) for pid in helpers))


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]
