"""A background worker whose unfinished tasks are taken up when it dies: django-tasks-db itself leaves them running.

A worker holds a lock of a database session, so the server knows when it is dead, however it died. What a dead worker
was at goes back to the queue: our tasks may run twice. A task whose workers keep dying ends as failed.
"""

import logging
import threading
from collections.abc import Callable

from django.db import Error, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from tellerdesk.core.database_roles import OWNER

logger = logging.getLogger("tellerdesk.worker")

EVERY = 30  # seconds between two looks for the tasks of dead workers
DAY = 24 * 3600
MOST_ATTEMPTS = 5

# The key space of the workers' locks; pg_locks shows a lock of 64 bits as two halves.
SPACE = 7_310_002
HELD = """
SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
TABLE = DBTaskResult._meta.db_table
ABANDONED = f"status = 'RUNNING' AND hashtextextended(worker_ids ->> -1, {SPACE}) NOT IN ({HELD})"
GIVE_UP = f"""
UPDATE {TABLE}
SET status = 'FAILED', finished_at = now(), exception_class_path = 'tellerdesk.core.task_worker.WorkerDied'
WHERE {ABANDONED} AND jsonb_array_length(worker_ids) >= {MOST_ATTEMPTS}
"""
TAKE_UP = f"UPDATE {TABLE} SET status = 'READY', started_at = NULL WHERE {ABANDONED}"


class WorkerDied(Exception):
    """Stands in the result of a task that took its worker along too often."""


class WithoutArguments(logging.Filter):
    """Tracebacks quote values; the class of an exception does not."""

    def filter(self, record):
        if record.exc_info and record.exc_info[0]:
            record.msg = f"{record.msg} ({record.exc_info[0].__name__})"
            record.exc_info = None
        return True


class Presence(threading.Thread):
    """Holds the lock of one worker and takes up what dead ones left, on a connection that nobody else closes."""

    def __init__(self, worker_id: str, *, every: float = EVERY):
        super().__init__(name="presence", daemon=True)
        self.worker_id = worker_id
        self.every = every
        self.known = threading.Event()
        self.ended = threading.Event()
        self.connection = None

    def run(self):
        while not self.ended.is_set():
            try:
                self.look()
                self.known.set()
            except Error as error:
                logger.warning("The database is away (%s); trying again.", type(error).__name__)
                self.leave()
            self.ended.wait(self.every if self.connection else 1)
        self.leave()

    def look(self):
        if self.connection is None:
            self.connection = connections[OWNER].copy()
            announce(self.connection, self.worker_id)
        taken_up, given_up = take_up_abandoned(self.connection)
        if taken_up or given_up:
            logger.warning("Tasks of dead workers: %s taken up, %s given up.", taken_up, given_up)

    def leave(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Daily(threading.Thread):
    """Does its act at once and then every day, on connections of its own; one that failed is tried again tomorrow."""

    def __init__(self, act: Callable[[], None]):
        super().__init__(name="daily", daemon=True)
        self.act = act
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            try:
                self.act()
            except Exception as error:
                logger.warning("The daily keeping failed (%s).", type(error).__name__)
            finally:
                connections.close_all()
            self.ended.wait(DAY)


def announce(connection, worker_id: str) -> None:
    """Holds the worker's lock for as long as this connection lives."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock(hashtextextended(%s, {SPACE}))", [worker_id])


def take_up_abandoned(connection) -> tuple[int, int]:
    """How many tasks went back to the queue, and how many were given up."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP)
        given_up = cursor.rowcount
        cursor.execute(TAKE_UP)
        return cursor.rowcount, given_up


def work(*, interval: float = 1, batch: bool = False, daily: Callable[[], None]) -> None:
    """Until SIGTERM, which lets the running task finish; with `batch` until the queue is empty."""
    quiet_logs()
    worker = make_worker(get_random_string(32), interval=interval, batch=batch)
    presence, keeping = Presence(worker.worker_id), Daily(daily)
    presence.start()
    keeping.start()
    presence.known.wait()
    try:
        worker.run()
    finally:
        for thread in (presence, keeping):
            thread.ended.set()
            thread.join(timeout=5)


def make_worker(worker_id: str, *, interval: float, batch: bool) -> Worker:
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
    )
    worker.configure_signals()
    return worker


def quiet_logs() -> None:
    for name in ("django_tasks", "django_tasks_db"):
        logging.getLogger(name).addFilter(WithoutArguments())
