import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from tellerdesk.core.embedded import places, process
from tests.core.processes import data_folder, environment, run_code, wait_until

HOLD = "local_postgres.ensure_running(); print('up', flush=True); input(); local_postgres.stop()"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


@pytest.fixture(scope="module")
def folder():
    with data_folder() as folder:
        yield folder


@pytest.fixture
def server(folder):
    """A process that uses the server of the folder until the end of the test."""
    with user_of(folder):
        yield folder


class user_of:  # noqa: N801 - reads as a word
    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        code = f"from tellerdesk.core import local_postgres\n{HOLD}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=settings.BASE_DIR,
            env=environment(self.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "up\n"
        return self.process

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.communicate("\n", timeout=60)
        self.process.stdin.close()
        self.process.stdout.close()


def connect(folder):
    link = psycopg2.connect(
        host=places.socket_folder(folder), port=places.PORT, user="tellerdesk_owner", dbname="tellerdesk"
    )
    link.autocommit = True
    return link


def ask(folder, statement):
    link = connect(folder)
    with link.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    link.close()
    return rows


def text_of(log):
    return "".join(file.read_text() for file in log.iterdir())


def server_number(folder):
    return int((places.home(folder) / "cluster" / "postmaster.pid").read_text().splitlines()[0])


def test_the_address_is_the_same_before_and_after_the_first_start(tmp_path):
    with data_folder() as folder:
        say = "print(local_postgres.address())"
        assert run_code(folder, say) == run_code(
            folder, f"local_postgres.ensure_running(); {say}; local_postgres.stop()"
        )


def test_rows_are_kept_between_starts(folder):
    with user_of(folder):
        ask(folder, "CREATE TABLE kept AS SELECT 1 AS number")
    assert not process.is_alive(places.home(folder) / "cluster")
    with user_of(folder):
        assert ask(folder, "SELECT number FROM kept") == [(1,)]


def test_chinese_has_trigrams(server):
    ask(server, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert ask(server, "SELECT show_trgm('张三丰') <> '{}'") == [(True,)]


def test_the_last_to_leave_stops_the_server(folder):
    with user_of(folder):
        with user_of(folder):
            pass
        assert ask(folder, "SELECT 1") == [(1,)]
    assert not process.is_alive(places.home(folder) / "cluster")


def test_several_first_starts_at_once_make_one_server():
    with data_folder() as folder:
        code = "print(local_postgres.ensure_running()); input(); local_postgres.stop()"
        starters = [user_of(folder) for _ in range(3)]
        for starter in starters:
            starter.__enter__()
        assert run_code(folder, code.replace("input(); ", "")) == "False"
        for starter in starters:
            starter.__exit__()
        assert not process.is_alive(places.home(folder) / "cluster")


def test_after_the_server_is_killed_nothing_committed_is_lost(folder):
    """A backend deep in a statement outlives its server and is in the way of the next one."""
    with user_of(folder) as holder:
        ask(folder, "CREATE TABLE survives AS SELECT generate_series(1, 1000) AS number")
        busy = subprocess.Popen(
            [sys.executable, "-c", BUSY, str(places.socket_folder(folder))], stderr=subprocess.DEVNULL
        )
        wait_until(
            lambda: ask(
                folder, "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%200000000%' AND pid <> pg_backend_pid()"
            )
        )
        os.kill(server_number(folder), signal.SIGKILL)
        holder.kill()
    wait_until(lambda: not process.is_alive(places.home(folder) / "cluster"))
    with user_of(folder):
        assert ask(folder, "SELECT count(*) FROM survives") == [(1000,)]
    busy.wait(timeout=60)


BUSY = """
import psycopg2, sys
link = psycopg2.connect(host=sys.argv[1], port=5432, user="tellerdesk_owner", dbname="tellerdesk")
link.cursor().execute("SELECT count(*) FROM generate_series(1, 200000000) number")
"""


def test_a_lock_file_with_the_number_of_another_process_is_no_obstacle(folder):
    lock = places.home(folder) / "cluster" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n0\n5432\n\n\n\nready   \n")
    with user_of(folder):
        assert ask(folder, "SELECT 1") == [(1,)]


def test_the_log_keeps_what_was_typed_to_itself(server):
    ask(server, "CREATE TABLE IF NOT EXISTS once (number text UNIQUE)")
    ask(server, "INSERT INTO once VALUES ('110105194912310025') ON CONFLICT DO NOTHING")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        ask(server, "INSERT INTO once VALUES ('110105194912310025')")
    log = places.home(server) / "log"
    wait_until(lambda: "once_number_key" in text_of(log))  # the server hands its lines to a collector
    assert "110105194912310025" not in text_of(log)


def test_only_the_owner_reads_the_data(server):
    home = places.home(server)
    modes = {path.name: path.stat().st_mode & 0o077 for path in (home, home / "cluster", home / "socket", home / "log")}
    assert modes == dict.fromkeys(modes, 0)


@as_root
def test_a_data_folder_that_the_server_cannot_reach_gets_a_neighbour_that_it_can(tmp_path):
    tmp_path.chmod(0o700)
    with data_folder(tmp_path) as folder:
        with user_of(folder):
            assert ask(folder, "SELECT 1") == [(1,)]
        assert Path((folder / "postgres-is-in").read_text().strip()) == places.home(folder)
        assert not places.home(folder).is_relative_to(folder)
        assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_long_path_gets_a_short_socket():
    with data_folder() as short:
        short.chmod(0o711)
        folder = short / ("long" * 25)
        assert len(os.fsencode(places.socket_folder(folder))) < 60
        assert places.home(folder) == folder / "postgres"


def test_data_of_another_version_are_not_touched(folder):
    version = places.home(folder) / "cluster" / "PG_VERSION"
    before = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(AssertionError, match=r"written by PostgreSQL 9; found only .* Set PG_BIN"):
            run_code(folder, "local_postgres.ensure_running()")
    finally:
        version.write_text(before)


def test_binaries_that_are_asked_for_and_missing_are_named(folder):
    with pytest.raises(AssertionError, match="PG_BIN=/nowhere has no initdb and postgres"):
        run_code(folder, "import os; os.environ['PG_BIN'] = '/nowhere'; local_postgres.ensure_running()")
