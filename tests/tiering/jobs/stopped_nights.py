"""Nights that are real processes on the test database, held up where they first need a table, and killed there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from psycopg2.sql import SQL, Identifier

from tellerdesk.core import local_postgres
from tests.core.processes import environment, wait_until
from tests.core.test_task_worker import url_of_the_test_database

WAITING = """
SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE NOT l.granted AND c.relname = %s AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def start(*words) -> subprocess.Popen:
    """manage.py with these words."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=settings.BASE_DIR,
        env=environment(
            local_postgres.data_folder(),
            DATABASE_URL=url_of_the_test_database(),
            TELLERDESK_BUSINESS_DATE="2026-11-24",
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_night(file: Path, *words, as_of: str = "2026-11-20", entity: str = "HZ") -> subprocess.Popen:
    return start("nightly", file, "--as-of", as_of, "--legal-entity", entity, *words)


@contextmanager
def held(table: str) -> Iterator[None]:
    """Nobody gets at the table, not even to read; whoever asks waits."""
    connection = connections["owner"].copy()
    connection.connect()
    try:
        connection.connection.autocommit = False
        with connection.connection.cursor() as cursor:
            cursor.execute(SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(Identifier(table)))
        yield
    finally:
        connection.close()


def somebody_waits_for(table: str) -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute(WAITING, [table])
        return cursor.fetchone()[0] > 0


def kill_where_it_needs(table: str, night: subprocess.Popen) -> None:
    """`held` around it."""
    wait_until(lambda: somebody_waits_for(table) or night.poll() is not None)
    assert night.poll() is None, night.communicate()
    night.kill()
    night.communicate()
